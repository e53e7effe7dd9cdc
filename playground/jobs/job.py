"""A run's place in the queue, as one frozen value."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from playground.errors import PlaygroundError
from playground.jobs.process import Process
from playground.jobs.processes import Processes
from playground.jobs.states import Request, State, may_follow
from playground.jobs.submission import Submission


class Job(BaseModel):
    """One training from the queue to its end.

    Attributes:
        id: never used twice.
        name: of the run, of its folder and of its checkpoint; unique among all jobs.
        preset, changes: what is trained: a preset's name and `key=value` settings changed from it.
        processes: over how many processes and machines it is spread.
        run_dir: the run folder, which lies beside the book and has the run's name.
        branched_from: the name of the run whose saved state this one continued with other settings.
        branched_at: of which snapshot that state was, in images seen; None for the newest.
        state: where the job stands.
        asked: what was asked of a running job and has not happened yet; None otherwise.
        position: the queued job with the smallest starts next.
        device: what it runs on, or ran on last, such as `cpu`, `cuda:0` or `ray:0`; its worker's.
        more_devices: the GPUs of its further processes, while the job is running.
        process: the trainer, while the job is running: a process of this machine, or what a cluster was given.
        exit_code: of the last trainer; negative is the signal that ended it; None where nobody saw.
        sentence: why the job is failed or interrupted, or what keeps a running one.
        submitted_at, started_at, ended_at: in UTC; the last two of the last trainer.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: int
    name: str
    preset: str
    changes: tuple[str, ...] = ()
    processes: Processes = Processes()
    run_dir: Path
    branched_from: str | None = None
    branched_at: int | None = None
    state: State = State.QUEUED
    asked: Request | None = None
    position: int
    device: str | None = None
    more_devices: tuple[str, ...] = ()
    process: Process | Submission | None = None
    exit_code: int | None = None
    sentence: str = ""
    submitted_at: datetime
    started_at: datetime | None = None
    ended_at: datetime | None = None

    def to(self, state: State, **changes: Any) -> Job:
        """The job in another state. Raises `PlaygroundError` where that state may not follow."""
        if not may_follow(self.state, state):
            raise PlaygroundError(f"{self.name} is {self.state}: it cannot be {state} next.")
        return self.model_copy(update={"state": state, **changes})
