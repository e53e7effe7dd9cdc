"""What the live page does where something is in the way: a path before it, a blocked socket, a server that goes."""

from __future__ import annotations

from playwright.async_api import Browser, Page
from playwright.async_api import TimeoutError as TooLateError

from benchmarks.live.line import Line
from benchmarks.live.server import Server, app
from benchmarks.live.tab import VIEWPORT, Tab, open_live

BASE = "/play/ground"
NUM_SWITCHES = 10
OTHER_PAGE = "Classes"
MAX_GROWTH_MEGABYTES = 5
BLOCK_SOCKET = """window.WebSocket = class extends WebSocket {
  constructor(where, ...more) {
    super(String(where).includes("/live/socket") ? "ws://127.0.0.1:1/" : where, ...more);
  }
};"""
OPEN_NOW = "[watch.sockets.filter(({ readyState }) => readyState <= 1).length, watch.workers.size]"


async def measure_troubles(browser: Browser, model: str) -> list[Line]:
    """One line for each trouble, on servers of their own."""
    lines = []
    with app(BASE) as server:
        lines.append(await _below_a_path(browser, server, model))
    with app() as server:
        lines.append(await _page_switches(browser, server, model))
        lines.append(await _without_socket(browser, server, model))
        lines.append(await _restart(browser, server, model))
    return lines


async def _below_a_path(browser: Browser, server: Server, model: str) -> Line:
    context = await browser.new_context(viewport=VIEWPORT)
    tab = await open_live(context, server.address, model)
    painted = []
    for backend in ("server", "browser"):
        await tab.draw_by(backend)
        painted.append(await _paints_on(tab))
    await context.close()
    words = ", ".join(
        f"{name} {'paints' if paints else 'fails'}" for name, paints in zip(("server", "browser"), painted, strict=True)
    )
    return Line(f"below server.baseUrlPath={BASE}", words, "both back ends paint", all(painted))


async def _page_switches(browser: Browser, server: Server, model: str) -> Line:
    """Ten times to another page and back, after two to warm up."""
    context = await browser.new_context(viewport=VIEWPORT)
    tab = await open_live(context, server.address, model)
    await tab.draw_by("browser")
    megabytes = []
    for num_switches in (2, NUM_SWITCHES):
        for _ in range(num_switches):
            await _follow_link(tab.page, OTHER_PAGE)
            await _follow_link(tab.page, "Live")
            await tab.page.locator(tab.handle).first.wait_for()
        paints = await _paints_on(tab)
        megabytes.append(await _heap_megabytes(tab.page))
    num_sockets, num_workers = await tab.page.evaluate(OPEN_NOW)
    await context.close()
    growth = megabytes[1] - megabytes[0]
    return Line(
        f"after switching pages {NUM_SWITCHES} times",
        f"{num_sockets} socket, {num_workers} worker, {'paints' if paints else 'does not paint'}; "
        f"JavaScript heap {megabytes[0]:.1f} -> {megabytes[1]:.1f} MB",
        f"one socket, at most one worker, paints, heap grows by less than {MAX_GROWTH_MEGABYTES} MB",
        num_sockets == 1 and num_workers <= 1 and paints and growth < MAX_GROWTH_MEGABYTES,
    )


async def _without_socket(browser: Browser, server: Server, model: str) -> Line:
    context = await browser.new_context(viewport=VIEWPORT)
    await context.add_init_script(BLOCK_SOCKET)
    tab = await open_live(context, server.address, model)
    await tab.wait_for('watch.said.at(-1)?.who === "browser"')
    says, paints = await tab.says(), await _paints_on(tab)
    await context.close()
    measured = f"“{says}” {'The browser paints.' if paints else 'Nothing is painted.'}"
    return Line(
        "with the WebSocket blocked", measured, "says so, the browser paints", "cannot be reached" in says and paints
    )


async def _restart(browser: Browser, server: Server, model: str) -> Line:
    """The server goes and comes back while the server back end draws."""
    context = await browser.new_context(viewport=VIEWPORT)
    tab = await open_live(context, server.address, model)
    await tab.draw_by("server")
    server.stop()
    says = []
    try:
        await tab.wait_for('watch.said.at(-1)?.says.includes("cannot be reached")')
        says.append(await tab.says())
        server.start()
        await tab.wait_for('watch.said.at(-1)?.says.includes("back")')
        says.append(await tab.says())
        await tab.draw_by("server")
        paints = await _paints_on(tab)
    except TooLateError:
        says.append("and nothing more")
        paints = False
    await context.close()
    words = " ".join(f"“{words}”" for words in says)
    return Line("the server restarts under an open tab", words, "reconnects by itself and says so", paints)


async def _paints_on(tab: Tab) -> bool:
    """Whether a key paints another picture."""
    num_frames = await tab.page.evaluate("watch.frames.length")
    await tab.page.locator(tab.handle).first.focus()
    for _ in range(3):
        await tab.page.keyboard.press("ArrowRight")
    try:
        await tab.wait_for(f"watch.frames.length > {num_frames}", timeout_seconds=20)
    except TooLateError:
        return False
    return True


async def _follow_link(page: Page, title: str) -> None:
    await page.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
    await page.get_by_role("heading", name=title, level=1).wait_for()
    await page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


async def _heap_megabytes(page: Page) -> float:
    """What is left of the page's JavaScript heap after a full collection."""
    debugger = await page.context.new_cdp_session(page)
    await debugger.send("HeapProfiler.enable")
    await debugger.send("HeapProfiler.collectGarbage")
    usage = await debugger.send("Runtime.getHeapUsage")
    await debugger.detach()
    return usage["usedSize"] / 1e6
