"""How soon a picture follows a key, and how many follow a dragging mouse.

The clock is the page's own, the same for all pages. It starts with the
`timeStamp` of the key's event: when the browser took the key, before any
script. It stops when the first frame with other pixels has been painted: a
change (pixels put on the canvas that differ from those before; a page's image
decoded from another source) asks for an animation frame, and a message posted
from that frame's callback is read right after the page has been laid out and
painted. What the screen adds after that is the same for all. Keys follow each
other at irregular moments, so that none falls in step with the screen: from
20 to 2 a second, as a hand does it that waits for no page, but for the picture
of each. Pauses are often long enough for the page to commit what was released,
so what a commit delays counts.

The mouse is moved through the browser's debugging protocol without waiting for
answers, 125 moves a second as an ordinary mouse sends them. Frames are counted
as the keys' are: those with other pixels, each once, from press to release.
"""

from __future__ import annotations

import asyncio
import random
import statistics
from dataclasses import dataclass, replace

from playwright.async_api import Browser
from playwright.async_api import TimeoutError as TooLateError

import playground
from benchmarks.live.line import Line
from benchmarks.live.tab import VIEWPORT, Tab, open_live, open_plain

NUM_WARM_UP_KEYS = 5
RANGE_KEYS = 40  # so many steps one way, then back
PAUSE_SECONDS = (0.05, 0.6)
KEY_TIMEOUT_SECONDS = 10
DRAG_SECONDS = 3.0
MOVES_A_SECOND = 125
SWEEPS_A_SECOND = 1.0
MARGIN = 0.1  # of the slider, kept free at both ends
MAX_KEY_MS = {"browser": 16, "server": 30}  # and how many times sooner than the plain page: asked of digits
MIN_TIMES_BETTER = 10
DIGIT_SIZE = 32  # pixels at most
MIN_FRAMES_A_SECOND = {DIGIT_SIZE: 55, 64: 45, 128: 30}  # asked of pictures of at most so many pixels
MIN_MOVES_A_SECOND = 100


@dataclass(frozen=True)
class Delays:
    """Milliseconds from key to picture, and after how many keys the picture stayed as it was."""

    p50: float
    p95: float
    num_unchanged: int

    def __str__(self) -> str:
        unchanged = f", {self.num_unchanged} keys changed no pixel" if self.num_unchanged else ""
        return f"p50 {self.p50:.1f} ms, p95 {self.p95:.1f} ms{unchanged}"


@dataclass(frozen=True)
class Drag:
    frames_a_second: float
    moves_a_second: float

    def __str__(self) -> str:
        return f"{self.frames_a_second:.1f} fps at {self.moves_a_second:.0f} moves a second"


async def measure_plain_page(browser: Browser, address: str, num_keys: int) -> tuple[Delays, Drag]:
    """What the plain page does under the same hand."""
    context = await browser.new_context(viewport=VIEWPORT)
    tab = await open_plain(context, address)
    found = await press_keys(tab, num_keys), await drag(tab)
    await context.close()
    return found


async def measure_app(
    browser: Browser, address: str, model: str, num_keys: int, plain: tuple[Delays, Drag]
) -> list[Line]:
    """Keys and drags on both back ends, beside what the plain page did."""
    plain_delays, plain_drag = plain
    image_size = playground.load(model).checkpoint.model.image_shape[1]
    asked_frames = (frames for size, frames in MIN_FRAMES_A_SECOND.items() if image_size <= size)
    min_frames = next(asked_frames, min(MIN_FRAMES_A_SECOND.values()))
    context = await browser.new_context(viewport=VIEWPORT)
    tab = await open_live(context, address, model)
    keys, drags, times_better = [], [], {}
    for backend, asked_ms in MAX_KEY_MS.items():
        await tab.draw_by(backend)
        delays, dragged = await press_keys(tab, num_keys), await drag(tab)
        assert await tab.who() == backend
        line = Line(f"key to painted frame, {backend}", str(delays))
        if image_size <= DIGIT_SIZE:
            line = replace(line, asked=f"p50 at most {asked_ms} ms", is_met=delays.p50 <= asked_ms)
        keys.append(line)
        times_better[backend] = plain_delays.p50 / delays.p50
        is_met = dragged.frames_a_second >= min_frames and dragged.moves_a_second >= MIN_MOVES_A_SECOND
        drags.append(Line(f"while dragging, {backend}", str(dragged), f"at least {min_frames} fps", is_met))
    await context.close()
    keys.append(Line("key to painted frame, plain page", str(plain_delays)))
    drags.append(Line("while dragging, plain page", str(plain_drag)))
    measured = ", ".join(f"{backend} {times:.1f}" for backend, times in times_better.items())
    sooner = Line("times sooner than the plain page", measured)
    if image_size <= DIGIT_SIZE:
        is_met = times_better["browser"] >= MIN_TIMES_BETTER  # which a visitor gets, as soon as it is ready
        sooner = replace(sooner, asked=f"at least {MIN_TIMES_BETTER}", is_met=is_met)
    return [*keys, sooner, *drags]


async def press_keys(tab: Tab, num_keys: int) -> Delays:
    """Press arrow keys on a slider and wait for the picture after each."""
    await tab.page.locator(tab.handle).first.focus()
    pause = random.Random(0)
    clock = asyncio.get_running_loop().time
    milliseconds: list[float] = []
    num_unchanged = 0
    next_key = clock()
    for number in range(num_keys + NUM_WARM_UP_KEYS):
        await asyncio.sleep(max(0.0, next_key - clock()))
        next_key = clock() + pause.uniform(*PAUSE_SECONDS)
        num_frames = await tab.page.evaluate("watch.frames.length")
        await tab.page.keyboard.press("ArrowRight" if number // RANGE_KEYS % 2 == 0 else "ArrowLeft")
        try:
            await tab.wait_for(f"watch.frames.length > {num_frames}", KEY_TIMEOUT_SECONDS)
        except TooLateError:
            num_unchanged += 1
            continue
        if number >= NUM_WARM_UP_KEYS:
            milliseconds.append(await tab.page.evaluate(f"watch.frames[{num_frames}] - watch.keydown"))
    return Delays(statistics.median(milliseconds), statistics.quantiles(milliseconds, n=20)[-1], num_unchanged)


async def drag(tab: Tab) -> Drag:
    """Drag a slider to and fro, with the mouse held down all the time."""
    box = await tab.page.locator(tab.slider).first.bounding_box()
    assert box is not None
    debugger = await tab.page.context.new_cdp_session(tab.page)
    sent: list[asyncio.Task] = []

    def send(kind: str, share: float, pressed: int) -> None:
        x = box["x"] + box["width"] * (MARGIN + (1 - 2 * MARGIN) * share)
        y = box["y"] + box["height"] / 2
        event = {"type": kind, "x": x, "y": y, "button": "left", "buttons": pressed, "clickCount": 1}
        sent.append(asyncio.ensure_future(debugger.send("Input.dispatchMouseEvent", event)))

    send("mouseMoved", 0.5, 0)
    send("mousePressed", 0.5, 1)
    clock = asyncio.get_running_loop().time
    start = clock()
    for number in range(int(DRAG_SECONDS * MOVES_A_SECOND)):
        seconds = number / MOVES_A_SECOND
        await asyncio.sleep(max(0.0, start + seconds - clock()))
        phase = (0.5 + seconds * SWEEPS_A_SECOND) % 2
        send("mouseMoved", 1 - abs(1 - phase), 1)
    send("mouseReleased", 0.5, 0)
    await asyncio.gather(*sent)
    await debugger.detach()
    frames, moves, seconds = await tab.page.evaluate(
        """({ from, to, moves }) => {
          const during = watch.frames.filter((time) => time > from && time <= to);
          return [during.length, moves, (to - from) / 1000];
        }""",
        await tab.page.evaluate_handle("watch.dragging"),
    )
    return Drag(frames / seconds, moves / seconds)
