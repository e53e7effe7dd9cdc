"""A visitor's tab at the live page or at the plain one, with what a hand does there."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, Page

WATCH = (Path(__file__).parent / "watch.js").read_text(encoding="utf-8")
TIMEOUT_SECONDS = 60
VIEWPORT = {"width": 1440, "height": 1000}
LIVE_SLIDER = '.live input[aria-label^="Direction 1,"]'
PLAIN_SLIDER = "[data-testid=stSlider] input[type=range]"
PLAIN_TRACK = "[data-testid=stSlider] [role=group] > [data-orientation]"


class Tab:
    """One tab, watched by `watch.js`. `slider` finds what a hand drags, `handle` what takes the keys."""

    def __init__(self, page: Page, handle: str, slider: str) -> None:
        self.page = page
        self.handle = handle
        self.slider = slider

    async def wait_for(self, condition: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Wait until a JavaScript expression holds. Raises `TimeoutError`."""
        await self.page.wait_for_function(condition, timeout=1000 * timeout_seconds)

    async def who(self) -> str:
        """Who draws, as the badge says."""
        return await self.page.locator(".live .badge .who").inner_text()

    async def draw_by(self, backend: str) -> None:
        """Choose who draws, and wait until it does."""
        await self.page.locator(".live .badge select").select_option(backend)
        deadline = time.monotonic() + TIMEOUT_SECONDS
        while await self.who() != backend:
            if time.monotonic() > deadline:
                raise TimeoutError(f"The {backend} back end did not come: {await self.says()}")
            await asyncio.sleep(0.1)

    async def says(self) -> str:
        """What the stage says below the picture."""
        return await self.page.locator(".live .say").inner_text()


async def open_live(context: BrowserContext, address: str, model: str) -> Tab:
    """The live page, as soon as it shows a picture."""
    tab = Tab(await _watched(context), LIVE_SLIDER, LIVE_SLIDER)
    await tab.page.goto(f"{address}/?model={model}")
    await tab.wait_for("watch.frames.length > 0")
    return tab


async def open_plain(context: BrowserContext, address: str) -> Tab:
    """The plain page, as soon as it shows a picture."""
    tab = Tab(await _watched(context), PLAIN_SLIDER, PLAIN_TRACK)
    await tab.page.goto(address)
    await tab.wait_for("watch.frames.length > 0")
    return tab


async def warm_up(browser: Browser, address: str, model: str) -> None:
    """A first visitor, whom the server makes wait for its imports and for the exported network."""
    context = await browser.new_context(viewport=VIEWPORT)
    tab = await open_live(context, address, model)
    await tab.draw_by("browser")
    await context.close()


async def _watched(context: BrowserContext) -> Page:
    page = await context.new_page()
    await page.add_init_script(WATCH)
    return page
