"""The runs that pages look at, kept between looks so that each line of a run is read once."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from playground.jobs.job import Job
from playground.jobs.log import last_lines
from playground.jobs.run_files import RunFiles
from playground.jobs.runs import Run
from playground.jobs.states import State

T = TypeVar("T")
MAX_KEPT = 64
NUM_LAST_LINES = 5  # of the measurements, among which one is whole
_kept: dict[Path, Run] = {}
_shares: dict[Path, tuple[tuple[int, ...], float | None]] = {}  # with the state of the files they were read from
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


def look_again(job: Job, at: Callable[[Run], T]) -> T:
    """What `at` says of a run that was looked at just now, without a look at its folder."""
    with _lock:
        run = _kept.get(job.run_dir)
        if run is not None:
            return at(run)
    return look(job, at)


def share_done(job: Job) -> float | None:
    """How much of a training is behind it, 0 to 1; None before it has begun."""
    if job.state is State.FINISHED:
        return 1.0
    if job.started_at is None and job.branched_from is None:
        return None
    files = RunFiles(job.run_dir)
    state = (*_state_of(files.config), *_state_of(files.metrics))
    if _shares.get(job.run_dir, ((), None))[0] != state:
        _shares[job.run_dir] = (state, _share_of(files))
    return _shares[job.run_dir][1]


def _share_of(files: RunFiles) -> float | None:
    """From the last measurement alone: a list of many runs has no time to read them all."""
    try:
        total = json.loads(files.config.read_bytes())["total_images"]
        for line in reversed(last_lines(files.metrics, NUM_LAST_LINES)):
            with suppress(ValueError, KeyError, TypeError):  # a damaged line: the run's own page says so
                return min(1.0, max(0.0, json.loads(line)["images_seen"] / total))
    except (OSError, ValueError, KeyError, TypeError):
        return None  # no run folder yet, or a damaged one, which its own page says
    return 0.0


def _state_of(file: Path) -> tuple[int, int]:
    try:
        state = file.stat()
    except OSError:
        return (0, 0)
    return (state.st_size, state.st_mtime_ns)
