"""The real app in a real browser: one server and one browser for all tests, a fresh visitor for each."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Browser, Page, sync_playwright

from playground import checkpoints
from playground.card import Card
from playground.jobs.devices import devices
from playground.jobs.lock import WorkerLock
from playground.jobs.queue import Queue
from playground.jobs.states import State
from playground.models import family
from playground.training.fit import settle
from tests.browser.app_server import AppServer
from tests.browser.visitor import Visitor

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DIGITS = tuple("0123456789")
STYLE = {"latent_dim": 32, "image_size": 32, "generator_channels": (64, 48, 32, 16), "discriminator_channels": (8, 8)}
CONFIGS = {  # untrained models: what they draw is noise, but each seed and class its own
    "test-cgan": ("cgan", {"class_names": DIGITS}),
    "test-gan": ("gan", {}),
    "test-cvae": ("cvae", {"class_names": DIGITS, "mixture_components": 4}),
    "test-style": ("style-gan", STYLE),
}


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's path. Without one the tests are skipped, but never in CI."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None and os.environ.get("CI") == "true":
        pytest.fail("CI has no Chromium: install it, for instance with apt-get install chromium.")
    if found is None:
        pytest.skip("No Chromium found: install it to run the browser tests.")
    return found


@pytest.fixture(scope="session")
def own_checkpoints(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of untrained checkpoints and a damaged one, and one of runs, for the server and the tests."""
    place = tmp_path_factory.mktemp("checkpoints")
    torch.manual_seed(0)
    for name, (kind, config) in CONFIGS.items():
        model = family(kind).build(config).eval()
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.data *= 1.6  # fresh networks draw nearly the same for every code
        settle(model)
        model.take_principal(torch.eye(model.latent_dim)[:4], torch.full((4,), 2.0))
        if kind == "style-gan":
            model.take_labelled(("smile",), torch.eye(model.latent_dim)[4:5], torch.ones(1))
        checkpoints.save(place / name, model, Card(title=f"Untrained {kind}"))
    (place / "test-broken").mkdir()
    (place / "test-broken" / checkpoints.WEIGHTS).write_bytes(b"no weights")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_CHECKPOINTS", str(place))
        patch.setenv("PLAYGROUND_RUNS", str(tmp_path_factory.mktemp("runs")))
        yield place


@pytest.fixture(scope="session")
def address(own_checkpoints: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running app."""
    server = AppServer(tmp_path_factory.mktemp("server") / "log.txt")
    server.start()
    yield server.address
    server.stop()
    server.assert_nothing_went_wrong()


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A tab of a visitor who was never here."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield context.new_page()
    context.close()


@pytest.fixture
def visitor(tab: Page, address: str) -> Iterator[Visitor]:
    """A person at the app, who notices every error box, console error and request to another machine."""
    visitor = Visitor(tab, address)
    yield visitor
    visitor.assert_nothing_went_wrong()


@pytest.fixture
def queue(own_checkpoints: Path, address: str) -> Iterator[Queue]:
    """The queue of the server; nothing of it is left behind."""
    queue = Queue()
    yield queue
    for job in queue.jobs():
        if job.state in (State.QUEUED, State.RUNNING):
            queue.cancel(job.id)
    deadline = time.monotonic() + 20
    while any(job.state is State.RUNNING for job in queue.jobs()):
        assert time.monotonic() < deadline, "the trainer does not stop"
        time.sleep(0.1)
    for device in devices():
        if worker := WorkerLock(queue.runs, device).holder():
            worker.signal_group(signal.SIGTERM)
    for job in queue.jobs():
        queue.delete(job.id)
    shutil.rmtree(queue.runs / ".uploads", ignore_errors=True)
