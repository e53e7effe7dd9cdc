"""A queue of a test's own, with real workers that do not outlive the test."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from processes import QUICK_WORKER, wait_for

from playground.jobs.devices import devices
from playground.jobs.lock import WorkerLock
from playground.jobs.process import Process
from playground.jobs.queue import Queue

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def one_device(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.delenv("PLAYGROUND_CLUSTER", raising=False)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    devices.cache_clear()
    yield
    devices.cache_clear()


@pytest.fixture
def runs(tmp_path: Path) -> Iterator[Path]:
    """A runs folder; workers and trainers of its jobs are ended with the test."""
    folder = tmp_path / "runs"
    folder.mkdir()
    yield folder
    queue = Queue(folder)
    for device in devices():
        while worker := WorkerLock(folder, device).holder():
            os.kill(worker.pid, signal.SIGKILL)
            wait_for(lambda: not worker.alive())
    for job in queue.jobs():
        if isinstance(job.process, Process):
            job.process.signal_group(signal.SIGKILL)


@pytest.fixture
def queue(runs: Path) -> Queue:
    """With real workers and real trainings."""
    return Queue(runs)


@pytest.fixture
def quick(runs: Path) -> Queue:
    """With real workers and quick trainers."""
    return Queue(runs, QUICK_WORKER)


@pytest.fixture
def idle(runs: Path) -> Queue:
    """With workers that do nothing: what is queued stays so."""
    return Queue(runs, ("true",))
