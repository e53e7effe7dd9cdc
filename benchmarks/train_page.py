"""What watching a long run costs: opening the Train page, and each of its updates.

    python -m benchmarks.train_page [--lines 100000] [--snapshots 200] [--updates 10]

A run folder is written with so many measurements, sample sheets and snapshots,
and goes on growing while a fresh Chromium looks at it. `opened` is a new
browser at a server that has shown the page before, until the curves are drawn
and the newest sheet is decoded. An update is timed twice: `processor` is the
server's CPU time between two updates, everything it does meanwhile included;
`page busy` is how long the browser saw the page run.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.opening import FLAGS, TIMEOUT_MS, _wait_for_port
from playground.jobs.lock import WorkerLock
from playground.jobs.process import Process
from playground.jobs.queue import Queue
from playground.jobs.run_files import RunFiles
from playground.jobs.states import State
from playground.training.config import resolve

ROOT = Path(__file__).resolve().parent.parent
NAME, PRESET, EVERY = "long", "digits-cgan", 64
UPDATE_SECONDS = 2.0  # as the page has it
LIMITS = {"opened, s": 2.0, "update: processor, ms": 150.0}
WATCH = """() => {
  const app = document.querySelector('[data-testid=stApp]');
  window.busy = [];
  let since = null;
  new MutationObserver(() => {
    const running = app.dataset.testScriptState === 'running';
    if (running && since === null) since = performance.now();
    if (!running && since !== null) { window.busy.push(performance.now() - since); since = null; }
  }).observe(app, { attributes: true, attributeFilter: ['data-test-script-state'] });
}"""


class LongRun:
    """A run folder that a trainer might have written, and that goes on growing until it is left."""

    def __init__(self, runs: Path, num_lines: int, num_snapshots: int) -> None:
        self.num_lines = num_lines
        queue = Queue(runs, ("true",))
        job = queue.submit(PRESET, [f"total_images={2 * num_lines * EVERY}"], NAME)
        self.files = RunFiles(job.run_dir)
        for folder in (self.files.samples, self.files.snapshots, self.files.state.parent):
            folder.mkdir(parents=True)
        self.files.config.write_text(resolve(job.preset, list(job.changes)).model_dump_json())
        with self.files.metrics.open("w") as file:
            file.writelines(self.line(number) for number in range(1, num_lines + 1))
        weights = next((ROOT / "checkpoints" / PRESET).glob("*.safetensors"))
        for number in range(1, num_snapshots + 1):
            images_seen = number * num_lines * EVERY // num_snapshots
            self.add_sheet(images_seen)
            folder = self.files.snapshots / f"{images_seen:09d}"
            folder.mkdir()
            os.link(weights, folder / weights.name) if _same_disk(weights, folder) else shutil.copy(weights, folder)
        with queue.store.changing() as book:  # this process plays the trainer
            own = Process.of(os.getpid())
            book.put(job.to(State.RUNNING, device="cpu", process=own, started_at=datetime.now(UTC)))
        self._left = threading.Event()
        self._thread = threading.Thread(target=self._grow)

    def __enter__(self) -> LongRun:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._left.set()
        self._thread.join()

    def line(self, number: int) -> str:
        share = number / self.num_lines
        names = ("generator/loss", "generator/saturation", "discriminator/loss", "discriminator/r1", "discriminator/r2")
        values = {name: math.exp(-share) + random.gauss(0, 0.1) for name in names}
        return (
            json.dumps({"images_seen": number * EVERY, "images_per_second": 300.0, "learning_rate": 1e-3, **values})
            + "\n"
        )

    def add_sheet(self, images_seen: int) -> None:
        pixels = np.random.default_rng(images_seen).integers(0, 255, (200, 338), dtype=np.uint8)
        content = io.BytesIO()
        Image.fromarray(pixels).save(content, "PNG")
        (self.files.samples / f"{images_seen:09d}.png").write_bytes(content.getvalue())

    def _grow(self) -> None:
        number = self.num_lines
        while not self._left.wait(0.5):
            number += 1
            with self.files.metrics.open("a") as file:
                file.write(self.line(number))
            if number % 10 == 0:
                self.add_sheet(number * EVERY)


def _same_disk(file: Path, folder: Path) -> bool:
    return file.stat().st_dev == folder.stat().st_dev


def measure(chromium: str, runs: Path, num_updates: int) -> dict[str, float]:
    """Figures by what they say."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        "app.py",
        "--server.headless",
        "true",
        "--server.port",
        str(port),
    ]
    environment = {**os.environ, "PLAYGROUND_RUNS": str(runs)}
    with sync_playwright() as playwright:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        try:
            _wait_for_port(address)
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            first, _ = open_page(browser, address)
            first.wait_for_timeout(3000 * UPDATE_SECONDS)
            first.context.close()
            tab, opened = open_page(browser, address)
            tab.wait_for_timeout(2000 * UPDATE_SECONDS)
            tab.evaluate(WATCH)
            before = processor_seconds(server.pid)
            tab.wait_for_timeout(1000 * num_updates * UPDATE_SECONDS)
            processor = processor_seconds(server.pid) - before
            busy = tab.evaluate("() => window.busy")
            browser.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
    return {
        **opened,
        "update: processor, ms": 1000 * processor / num_updates,
        "update: page busy, ms": statistics.median(busy),
        "updates seen": len(busy),
    }


def open_page(browser: Browser, address: str) -> tuple[Page, dict[str, float]]:
    """A visitor who was never here, and the seconds until each part was drawn."""
    tab = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    tab.set_default_timeout(TIMEOUT_MS)
    start = time.perf_counter()
    tab.goto(f"{address}/train?run={NAME}")
    parts = {"name": ".st-key-run_head", "sheet": ".history img[data-images-seen]", "curves": ".scatterlayer path"}
    seconds = {}
    for part, selector in parts.items():
        tab.locator(selector).first.wait_for(state="attached")
        seconds[f"opened: {part}, s"] = time.perf_counter() - start
    return tab, {**seconds, "opened, s": max(seconds.values())}


def processor_seconds(pid: int) -> float:
    """CPU time of a process until now, by Linux's own count."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=100_000, help="measurements that the run has written")
    parser.add_argument("--snapshots", type=int, default=200, help="snapshots, and as many sample sheets")
    parser.add_argument("--updates", type=int, default=10, help="updates that are watched")
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("No Chromium found: install it to measure.")
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder)
        worker = WorkerLock(runs, "cpu")  # so that the app starts none
        worker.take()
        with LongRun(runs, options.lines, options.snapshots):
            figures = measure(chromium, runs, options.updates)
        worker.leave()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| | measured | at most |\n| --- | --- | --- |")
    for name, value in figures.items():
        print(f"| {name} | {value:.2f} | {LIMITS.get(name, '')} |")


if __name__ == "__main__":
    main()
