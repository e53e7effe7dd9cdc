"""The WebSocket route behind the live canvas: latent codes in, pixels out.

A viewer opens a model, by text, and may do so again at any time; what it asked
of the former model is dropped then:

    -> {"model": NAME, "fingerprint": FINGERPRINT}
    <- {"ready": NAME} or {"problem": "one sentence"}

Then it asks, in binary, all numbers little-endian, pictures in raw uint8 rows:

    -> uint32 number, uint32 count (1 to 64), float32 z [count, num_layers * latent_dim],
       float32 y [count, num_classes] (nothing for an unconditional model)
    <- uint32 number, count, height, width, channels, uint8 [count, height, width, channels]
       or, by text, {"problem": "one sentence", "number": number}

The latest question wins: one that still waits when the next arrives is never
answered. Whoever sends anything else is closed, with a reason.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from starlette.routing import BaseRoute, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket, WebSocketDisconnect

from playground.errors import PlaygroundError
from playground.live.pace import Pace
from playground.live.pixels import Question, open_model
from playground.live.turns import Place, Turns
from playground.render import LoadedModel

ADDRESS = "/live/socket"
MAX_VIEWERS = 64
MAX_TEXT_LENGTH = 2000
MAX_MESSAGE_BYTES = 2_000_000  # 64 codes and class weights of the largest model that there can be
MIN_MESSAGE_BYTES = 8
STALLED_SECONDS = 30.0
READING_SECONDS = 1 / 250  # what reading a question costs a viewer: twice as often as the fastest hand and screen
OPENING_SECONDS = 1 / 5
CREDIT_SECONDS = 1.0

DEFAULT_PORTS = {"http": 80, "https": 443}

NO_PROTOCOL = 1003
POLICY = 1008
TOO_BIG = 1009
TRY_AGAIN_LATER = 1013


def routes(allowed_origins: Sequence[str] = ()) -> list[BaseRoute]:
    """The address of the live canvas's socket.

    Args:
        allowed_origins: sites beside the app's own that may connect, such as
            `https://example.org`.
    """
    turns = Turns()
    viewers: set[WebSocket] = set()

    async def attend(websocket: WebSocket) -> None:
        if not _is_welcome(websocket, allowed_origins):
            await websocket.close(POLICY)  # before it is accepted: the browser sees a 403
            return
        await websocket.accept()
        if len(viewers) >= MAX_VIEWERS:
            await websocket.close(TRY_AGAIN_LATER, f"{MAX_VIEWERS} viewers are here already: try again later.")
            return
        viewers.add(websocket)
        try:
            await _Viewer(websocket, turns).attend()
        finally:
            viewers.discard(websocket)

    return [WebSocketRoute(ADDRESS, attend)]


class _ProtocolError(Exception):
    """A message that is no protocol: the close code and the reason, which may have 123 bytes."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class _StalledError(Exception):
    """The viewer has read nothing for 30 seconds."""


class _Viewer:
    """One connection: a task that reads and a task that answers, so that neither waits for the other."""

    def __init__(self, websocket: WebSocket, turns: Turns) -> None:
        self._websocket = websocket
        self._turns = turns
        self._place = Place()
        self._pace = Pace(CREDIT_SECONDS)
        self._model: LoadedModel | None = None
        self._waiting: Question | None = None
        self._asked = asyncio.Event()

    async def attend(self) -> None:
        """Serve until either side ends it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._read_all())
                tasks.create_task(self._answer_all())
        except* (WebSocketDisconnect, _StalledError):
            pass  # nobody is left to hear a goodbye
        except* _ProtocolError as violations:
            violation = violations.exceptions[0]
            with suppress(WebSocketDisconnect, _StalledError):
                await self._send({"type": "websocket.close", "code": violation.code, "reason": violation.reason})

    async def _read_all(self) -> None:
        now = asyncio.get_running_loop().time
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message["code"])
            if message.get("text") is not None:
                await self._open(message["text"])
                cost_seconds = OPENING_SECONDS
            else:
                await self._ask(message["bytes"])
                cost_seconds = READING_SECONDS
            await asyncio.sleep(self._pace.seconds_to_wait(now(), cost_seconds))

    async def _open(self, text: str) -> None:
        name, fingerprint = _read_opening(text)
        self._model = None
        try:
            self._model = await asyncio.to_thread(open_model, name, fingerprint)
        except PlaygroundError as problem:
            await self._send_json({"problem": str(problem)})
        else:
            await self._send_json({"ready": name})

    async def _ask(self, message: bytes) -> None:
        if len(message) > MAX_MESSAGE_BYTES:
            raise _ProtocolError(TOO_BIG, f"A question has at most {MAX_MESSAGE_BYTES} bytes.")
        if len(message) < MIN_MESSAGE_BYTES:
            raise _ProtocolError(NO_PROTOCOL, "A question begins with its number and its count.")
        try:
            question = self._question(message)
        except PlaygroundError as problem:
            await self._send_json({"problem": str(problem), "number": int.from_bytes(message[:4], "little")})
            return
        if self._waiting is not None:
            self._turns.charge(self._place, 1)  # asking counts as well as getting, or a flood would pay
        self._waiting = question
        self._asked.set()

    def _question(self, message: bytes) -> Question:
        if self._model is None:
            raise PlaygroundError("No model is open: open one before asking for its pictures.")
        return Question(self._model, message)

    async def _answer_all(self) -> None:
        while True:
            await self._asked.wait()
            async with self._turns.turn(self._place):
                question = self._take()  # the latest, now that its turn has come
                self._turns.charge(self._place, await question.paint_some())
                while not question.is_painted:
                    await self._turns.step_aside(self._place)
                    self._turns.charge(self._place, await question.paint_some())
            if question.model is self._model:
                await self._send({"type": "websocket.send", "bytes": question.answer()})

    def _take(self) -> Question:
        question, self._waiting = self._waiting, None
        self._asked.clear()
        assert question is not None
        return question

    async def _send_json(self, value: dict[str, str | int]) -> None:
        await self._send({"type": "websocket.send", "text": json.dumps(value)})

    async def _send(self, message: Message) -> None:
        """Send as soon as what was sent before has left; raises `_StalledError` after 30 seconds."""
        try:
            async with asyncio.timeout(STALLED_SECONDS):
                await self._websocket.send(message)
        except TimeoutError:
            raise _StalledError from None


def _read_opening(text: str) -> tuple[str, str]:
    """The name and the fingerprint of the model to open."""
    if len(text) > MAX_TEXT_LENGTH:
        raise _ProtocolError(TOO_BIG, f"Opening a model takes at most {MAX_TEXT_LENGTH} characters.")
    try:
        opening = json.loads(text)
    except (ValueError, RecursionError):
        opening = None
    if not isinstance(opening, dict) or not all(isinstance(opening.get(key), str) for key in ("model", "fingerprint")):
        raise _ProtocolError(POLICY, 'Open a model with {"model": NAME, "fingerprint": FINGERPRINT}.')
    return opening["model"], opening["fingerprint"]


def _is_welcome(websocket: WebSocket, allowed_origins: Sequence[str]) -> bool:
    """Whether the page that connects is the app's own.

    Browsers name the page's site in `Origin` and let no page change it. A
    program that is no browser may leave it out, and gains nothing by that: it
    could as well make one up. Behind a proxy that rewrites `Host`, the name
    that the browser sees is in `X-Forwarded-Host`, which no page can set either.
    """
    origin = websocket.headers.get("origin")
    if origin is None or origin in allowed_origins:
        return True
    site = _address(origin)
    if site is None:
        return False
    scheme = origin.partition("://")[0]
    forwarded = websocket.headers.get("x-forwarded-host", "").split(",")[0].strip()
    return site in [_address(f"{scheme}://{host}") for host in (websocket.headers.get("host"), forwarded)]


def _address(url: str) -> tuple[str, int] | None:
    """The host and the port of a web address, None where it has none."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    return (parts.hostname, port) if parts.hostname else None
