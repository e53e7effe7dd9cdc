"""What a hand on the live canvas feels, against a plain `st.slider` and `st.image` of the same model.

    python -m benchmarks.live [--model digits-cgan] [--keys 60] [--only hand]

Starts the app and the plain page (`benchmarks/plain_page.py`, stock settings),
drives both in headless Chromium on this machine, and prints one table. Servers,
browser and driver share its cores. How each part is measured stands at the top
of its file: `hand` (keys and drags), `cold_start`, `viewers` (eight at once, and
a ninth who floods), `likeness` (browser and server pixels), `troubles`.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Browser, async_playwright

import playground
from benchmarks.live.cold_start import measure_cold_start
from benchmarks.live.hand import measure_app, measure_plain_page
from benchmarks.live.likeness import measure_likeness
from benchmarks.live.line import HEAD, Line
from benchmarks.live.server import app, plain_page
from benchmarks.live.tab import warm_up
from benchmarks.live.troubles import measure_troubles
from benchmarks.live.viewers import measure_viewers

PARTS = ["hand", "cold_start", "viewers", "likeness", "troubles"]
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]


async def measure(part: str, chromium: str, model: str, num_keys: int) -> list[Line]:
    """The lines of one part, in a browser and on servers of its own."""
    async with _browser(chromium) as browser:
        if part == "troubles":
            return await measure_troubles(browser, model)
        plain = None
        if part == "hand":
            with plain_page(model) as server:
                plain = await measure_plain_page(browser, server.address, num_keys)
        with app() as server:
            await warm_up(browser, server.address, model)
            if plain is not None:
                return await measure_app(browser, server.address, model, num_keys, plain)
            if part == "cold_start":
                return await measure_cold_start(browser, server.address, model)
            if part == "viewers":
                return await measure_viewers(server.address, model)
            return await measure_likeness(browser, server.address)


@asynccontextmanager
async def _browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.live", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="digits-cgan", help="whose pictures (default: digits-cgan)")
    parser.add_argument("--keys", type=int, default=60, help="pressed a back end (default: 60)")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="measure these parts alone")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found: install it to measure.")
    playground.load(options.model)  # an unknown name is said before anything starts
    lines = []
    for part in options.only:
        print(f"measuring: {part}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        lines += asyncio.run(measure(part, chromium, options.model, options.keys))
    print(f"{options.model}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n\n{HEAD}")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
