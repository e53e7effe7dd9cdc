"""How long the browser's own back end takes to come, for a visitor who was never here.

The server is warm and has the exported network; the browser's profile is
empty. The clock starts when the page begins to fetch the live canvas's first
module and stops when the badge says that the browser draws. The visitor has
chosen so in the badge, since by itself the page leaves drawing to the server
where that is quicker, and presses keys all the while.

What the second visit fetches is read from the page's and the worker's own
resource timings: `transferSize` is 0 for what came from the browser's cache.
The session's move from its worker into the page is held back until the worker
has been asked, and what the move fetches counts as well.
"""

from __future__ import annotations

from playwright.async_api import Browser

from benchmarks.live.line import Line
from benchmarks.live.tab import VIEWPORT, Tab, open_live

FETCHED = """performance.getEntriesByType("resource")
  .filter(({ name }) => /\\/live\\/(web|runtime|models)\\//.test(name))
  .map(({ name, transferSize }) => [name, transferSize])"""
MODULE_START = 'performance.getEntriesByType("resource").find(({ name }) => name.endsWith("/live.js")).startTime'
BROWSER_DRAWS = 'watch.said.find(({ who }) => who === "browser")'
HOLD_IDLE_TASKS = "window.requestIdleCallback = (task) => (watch.held ??= []).push(task)"
MAX_KEYS = 200


async def measure_cold_start(browser: Browser, address: str, model: str) -> list[Line]:
    """A first and a second visit in one fresh profile."""
    context = await browser.new_context(viewport=VIEWPORT)
    await context.add_init_script(HOLD_IDLE_TASKS)
    first = await open_live(context, address, model)
    await _choose_browser(first)
    await first.page.locator(first.handle).first.focus()
    for number in range(MAX_KEYS):
        await first.page.keyboard.press("ArrowRight" if number % 2 == 0 else "ArrowLeft")
        if await first.page.evaluate(f"Boolean({BROWSER_DRAWS})"):
            break
    await first.wait_for(BROWSER_DRAWS)
    start = await first.page.evaluate(MODULE_START)
    ready = (await first.page.evaluate(f"{BROWSER_DRAWS}.time") - start) / 1000
    frames = await first.page.evaluate(f"watch.frames.filter((time) => time < {BROWSER_DRAWS}.time)")
    fetched = await _fetched(first)
    await first.page.close()

    second = await open_live(context, address, model)
    await _choose_browser(second)
    await second.wait_for(BROWSER_DRAWS)
    again = await _fetched(second)
    ready_again = (await second.page.evaluate(f"{BROWSER_DRAWS}.time - {MODULE_START}")) / 1000
    await context.close()
    num_twice = sum(size > 0 for size in again.values())
    return [
        Line("browser back end, cold: ready after", f"{ready:.2f} s", "at most 1.5 s", ready <= 1.5),
        Line(
            "painted by the server before that",
            f"{len(frames)} frames, the first after {(min(frames, default=0) - start) / 1000:.2f} s",
            "at least one",
            bool(frames),
        ),
        Line(
            "fetched by a first visit",
            f"{len(fetched)} files, {sum(fetched.values()) / 1e6:.1f} MB",
        ),
        Line(
            "fetched again by a second visit",
            f"{num_twice} of {len(again)} files, {sum(again.values())} bytes; ready after {ready_again:.2f} s",
            "nothing",
            num_twice == 0 and set(fetched) >= set(again),
        ),
    ]


async def _choose_browser(tab: Tab) -> None:
    await tab.page.locator(".live .badge select").select_option("browser")


async def _fetched(tab: Tab) -> dict[str, int]:
    """Bytes on the wire, by address."""
    entries = []
    for worker in tab.page.workers:
        entries += await worker.evaluate(FETCHED)
    await tab.wait_for("watch.held?.length > 0")
    await tab.page.evaluate("watch.held.forEach((task) => task())")
    await tab.wait_for("!watch.workers.size")
    sizes: dict[str, int] = {}
    for name, size in [*entries, *await tab.page.evaluate(FETCHED)]:
        sizes[name] = sizes.get(name, 0) + size
    return sizes
