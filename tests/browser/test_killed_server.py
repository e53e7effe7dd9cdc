"""Two servers over one store, of which one is killed."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from playground.jobs.lock import WorkerLock
from playground.jobs.queue import Queue
from playground.jobs.runs import Run
from playground.jobs.states import State
from tests.browser.app_server import AppServer
from tests.browser.visitor import Visitor
from tests.jobs.processes import wait_for
from tests.training.small import settings

pytestmark = pytest.mark.browser
EVERY = {"report_every_images": 320, "sample_every_images": 3200, "snapshot_every_images": 320}


@pytest.fixture
def waiting(own_checkpoints: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    """A queue with a long training that nobody has started yet."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    queue = Queue(worker=("true",))
    queue.submit("digits-cgan", settings("digits-cgan", total_images=10**8, **EVERY), "long")
    yield queue
    if worker := WorkerLock(queue.runs, "cpu").holder():
        worker.signal_group(signal.SIGKILL)
    if process := queue.job(1).process:
        process.signal_group(signal.SIGKILL)


@pytest.fixture
def servers(waiting: Queue, tmp_path: Path) -> Iterator[tuple[AppServer, AppServer]]:
    """Two servers over its store."""
    both = AppServer(tmp_path / "one.txt"), AppServer(tmp_path / "other.txt")
    for server in both:
        server.start()
    yield both
    for server in both:
        server.kill()


def test_a_job_outlives_the_server_that_started_it_and_another_pauses_it(waiting, servers, browser):
    one, other = servers
    first, second = (Visitor(browser.new_page(), server.address) for server in servers)
    first.open("train")  # whose server sees that a worker is needed
    wait_for(lambda: waiting.job(1).state is State.RUNNING and Run(waiting.job(1).run_dir).files.state.is_file())
    trainer, worker = waiting.job(1).process, WorkerLock(waiting.runs, "cpu").holder()
    one.kill()
    first.tab.close()

    second.open("train")
    expect(second.tab.locator(".st-key-run_head")).to_contain_text("running")
    num_snapshots = len(Run(waiting.job(1).run_dir).snapshots)
    wait_for(lambda: len(Run(waiting.job(1).run_dir).snapshots) > num_snapshots)
    assert (waiting.job(1).process, trainer.alive()) == (trainer, True)
    assert WorkerLock(waiting.runs, "cpu").holder() == worker  # the other server has started none beside it
    second.tab.get_by_role("button", name="Pause").click()
    expect(second.tab.locator(".st-key-run_head")).to_contain_text("paused")
    assert not trainer.alive()
    second.assert_nothing_went_wrong()
    second.tab.close()
    other.assert_nothing_went_wrong()
