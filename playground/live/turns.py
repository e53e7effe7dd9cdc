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
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._arrivals = itertools.count()
        self._is_taken = False
        self._least_served = 0  # the place of whoever had the last turn

    @asynccontextmanager
    async def turn(self, place: Place) -> AsyncIterator[None]:
        """Wait for a turn, and hold it inside the `with`."""
        place.num_pictures = max(place.num_pictures, self._least_served)
        if self._is_taken:
            await self._wait(place.num_pictures)
        else:
            self._is_taken = True
            self._least_served = place.num_pictures
        try:
            yield
        finally:
            self._pass_on()

    def charge(self, place: Place, num_pictures: int) -> None:
        """Move a viewer back behind as many pictures, at most 64 behind the least served."""
        farthest = self._least_served + MAX_PICTURES_AHEAD
        place.num_pictures = min(place.num_pictures + num_pictures, farthest)

    async def _wait(self, num_pictures: int) -> None:
        called = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (num_pictures, next(self._arrivals), called))
        try:
            await called
        except asyncio.CancelledError:
            if not called.cancelled():  # called and cancelled at once: the turn must not be lost
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            num_pictures, _, called = heapq.heappop(self._waiting)
            if not called.done():
                self._least_served = num_pictures
                called.set_result(None)
                return
        self._is_taken = False
