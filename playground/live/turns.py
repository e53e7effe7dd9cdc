"""Who may use the inference thread next: fair turns between viewers."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MAX_PICTURES_AHEAD = 64


class Place:
    """One viewer's place among all: how many pictures it was charged for, counted from the least served viewer."""

    def __init__(self) -> None:
        self.num_pictures = 0


class Turns:
    """One turn at a time; the next goes to whoever waits and was charged for the fewest pictures.

    With one picture a turn that is a round robin. Whoever asks for many at once,
    or asks more than it can get, waits until the others have had as much; whoever
    was away finds a place beside the least served, not a right to what it missed.
    For one event loop, not for several threads.
    """

    def __init__(self) -> None:
        self._waiting: list[tuple[int, int, asyncio.Future[None], Place]] = []
        self._arrivals = itertools.count()
        self._holder: Place | None = None
        self._least_served = 0  # the place of whoever had the last turn

    @asynccontextmanager
    async def turn(self, place: Place) -> AsyncIterator[None]:
        """Wait for a turn, and hold it inside the `with`. A viewer waits for one turn at a time."""
        place.num_pictures = max(place.num_pictures, self._least_served)
        called = self._queue(place)
        if self._holder is None:
            self._call_next()
        await self._wait(place, called)
        try:
            yield
        finally:
            self._pass_on(place)

    async def step_aside(self, place: Place) -> None:
        """Inside a turn that goes on: let those go first who were charged for less."""
        called = self._queue(place)
        self._call_next()
        await self._wait(place, called)

    def charge(self, place: Place, num_pictures: int) -> None:
        """Move a viewer back behind as many pictures, at most 64 behind the least served."""
        farthest = self._least_served + MAX_PICTURES_AHEAD
        place.num_pictures = min(place.num_pictures + num_pictures, farthest)

    def _queue(self, place: Place) -> asyncio.Future[None]:
        called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (place.num_pictures, next(self._arrivals), called, place))
        return called

    async def _wait(self, place: Place, called: asyncio.Future[None]) -> None:
        try:
            await called
        except asyncio.CancelledError:
            self._pass_on(place)  # it may have been called in the same moment
            raise

    def _pass_on(self, place: Place) -> None:
        if self._holder is place:  # not when it left while it stood aside
            self._call_next()

    def _call_next(self) -> None:
        self._holder = None
        while self._waiting and self._holder is None:
            num_pictures, _, called, place = heapq.heappop(self._waiting)
            if not called.done():
                self._holder = place
                self._least_served = num_pictures
                called.set_result(None)
