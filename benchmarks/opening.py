"""How long a visitor waits: from the app's start to the first picture, and from page to page.

    python -m benchmarks.opening [--runs 3]

Each run starts a fresh server and a fresh Chromium with an empty profile, side
by side, and opens the gallery as soon as the port answers. `first picture` ends
when the browser has decoded the first generated picture; `page` ends when a
click on its link in the sidebar has led to a decoded picture (or to the square
to draw on) and the server has finished. `page again` is the second visit.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
TITLES = ["Sample", "Classes", "Interpolate", "Vectors", "Reconstruct", "Gallery"]
MODEL = "digits-cvae"  # can do what every page asks for
TIMEOUT_MS = 120_000
DECODED = "images => images.every((image) => image.complete && image.naturalWidth > 0)"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]


def measure_once(chromium: str) -> dict[str, float]:
    """Seconds by what was waited for."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    with sync_playwright() as playwright:
        start = time.perf_counter()
        server = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            tab = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
            tab.set_default_timeout(TIMEOUT_MS)
            _wait_for_port(address)
            seconds = {"server answers": time.perf_counter() - start}
            tab.goto(f"{address}/gallery")
            _wait_for_pictures(tab)
            seconds["first picture"] = time.perf_counter() - start
            _settle(tab)
            seconds["whole gallery"] = time.perf_counter() - start
            tab.goto(f"{address}/gallery?model={MODEL}")
            _settle(tab)
            for visit in ("page", "page again"):
                for title in TITLES:
                    seconds[f"{visit}: {title}"] = _visit(tab, title)
            browser.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
    return seconds


def _visit(tab: Page, title: str) -> float:
    start = time.perf_counter()
    tab.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
    expect(tab.get_by_role("heading", name=title, level=1)).to_be_visible(timeout=TIMEOUT_MS)
    _settle(tab)
    return time.perf_counter() - start


def _settle(tab: Page) -> None:
    _wait_for_pictures(tab)
    finished = re.compile("notRunning|stopped")
    expect(tab.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", finished, timeout=TIMEOUT_MS)


def _wait_for_pictures(tab: Page) -> None:
    """Until there is a picture (a square to draw on, a sentence why there is none) and each is decoded."""
    tab.locator(".pictures img, .drawing canvas, [data-testid=stAlert]").first.wait_for()
    while not tab.locator(".pictures img").evaluate_all(DECODED):
        tab.wait_for_timeout(5)


def _wait_for_port(address: str) -> None:
    deadline = time.monotonic() + TIMEOUT_MS / 1000
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.02)
    sys.exit("The app did not start.")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="how often the app is started")
    arguments = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found: install it to measure.")
    runs = [measure_once(chromium) for _ in range(arguments.runs)]
    load = os.getloadavg()[0]
    print(f"{os.cpu_count()} cores, load {load:.1f}, {len(runs)} runs; seconds\n")
    print("| waited for | median | worst |\n| --- | --- | --- |")
    for name in runs[0]:
        values = [run[name] for run in runs]
        print(f"| {name} | {statistics.median(values):.2f} | {max(values):.2f} |")


if __name__ == "__main__":
    main()
