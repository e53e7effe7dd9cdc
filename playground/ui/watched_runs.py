"""The runs that pages look at, kept between looks so that each line of a run is read once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from playground.jobs.job import Job
from playground.jobs.runs import Run
from playground.jobs.states import State

T = TypeVar("T")
MAX_KEPT = 64
_kept: dict[Path, Run] = {}
_lock = threading.Lock()  # visitors' scripts run in threads of their own, and share these runs


def look(job: Job, at: Callable[[Run], T]) -> T:
    """What `at` says of a job's run, with what it has written until now."""
    with _lock:
        run = _kept.pop(job.run_dir, None)
        if run is None:
            run = Run(job.run_dir)
        else:
            run.update()
        _kept[job.run_dir] = run  # the one looked at last is given up last
        while len(_kept) > MAX_KEPT:
            del _kept[next(iter(_kept))]
        return at(run)


def share_done(job: Job) -> float | None:
    """How much of a training is behind it, 0 to 1; None before it has begun."""
    if job.state is State.FINISHED:
        return 1.0
    if job.started_at is None and job.branched_from is None:
        return None
    progress = look(job, Run.progress)
    return min(1.0, progress.images_seen / progress.total_images) if progress.total_images else None
