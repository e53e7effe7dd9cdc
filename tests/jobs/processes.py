"""Quick workers, and waiting for what must happen, however slow the machine."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from playground.jobs.job import Job
from playground.jobs.lock import WorkerLock
from playground.jobs.process import Process
from playground.jobs.queue import Queue
from playground.jobs.states import State

QUICK_WORKER = (sys.executable, str(Path(__file__).with_name("quick_worker.py")))
T = TypeVar("T")


def wait_for(happened: Callable[[], T], seconds: float = 120) -> T:
    """What `happened` gives once that is true; fails the test when it never is."""
    end = time.monotonic() + seconds
    while not (value := happened()):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)
    return value


def starts(queue: Queue) -> Counter[str]:
    """How often each run's trainer was started."""
    file = queue.runs / "starts.txt"
    return Counter(file.read_text().split()) if file.is_file() else Counter()


def reach(queue: Queue, job: Job, *states: State) -> Job:
    """The job once it is in one of these states."""
    wait_for(lambda: queue.job(job.id).state in states)
    return queue.job(job.id)


def trainer_at_work(queue: Queue, job: Job) -> Process:
    """The job's trainer, once it has begun."""
    wait_for(lambda: starts(queue)[job.name] and queue.job(job.id).process)
    return queue.job(job.id).process


def worker(queue: Queue) -> Process:
    return wait_for(WorkerLock(queue.runs, "cpu").holder)
