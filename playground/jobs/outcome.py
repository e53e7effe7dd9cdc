"""What a job is once its trainer has ended."""

from __future__ import annotations

import signal
from pathlib import Path

from playground.jobs.job import Job
from playground.jobs.log import last_lines
from playground.jobs.place import Standing
from playground.jobs.run_files import RunFiles
from playground.jobs.states import Request, State


def outcome(job: Job, ended: Standing, log: Path) -> tuple[State, str]:
    """The state that follows, and a sentence where a person needs one.

    It follows from how the trainer ended, what was asked of it and whether the
    checkpoint is there; words of the log are only ever repeated.

    Args:
        job: as it was when its trainer ended.
        ended: how it did.
        log: what the trainer said.
    """
    exit_code = ended.exit_code
    if not exit_code and RunFiles(job.run_dir).checkpoint_there():
        return State.FINISHED, ""
    if job.asked is Request.CANCEL:
        return State.CANCELLED, ""
    if exit_code is not None and exit_code > 0:
        return State.FAILED, _last_words(
            log
        ) or ended.sentence or f"The training ended with exit code {exit_code} and said nothing."
    if job.asked is Request.PAUSE:
        return State.PAUSED, ""
    return State.INTERRUPTED, f"{ended.sentence or _ending(exit_code)}: resume it, and it goes on from its saved state."


def _ending(exit_code: int | None) -> str:
    if exit_code is None:
        return "The training ended after its worker had died"
    if exit_code == 0:
        return "The training was stopped from outside the queue"
    try:
        return f"The training was ended by {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"The training was ended by signal {-exit_code}"


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in last_lines(log, 20) if line.strip()]
    return lines[-1] if lines else ""
