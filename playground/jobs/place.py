"""Where a job's training runs: what a worker asks of this machine and of a cluster alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from playground.jobs.job import Job
from playground.jobs.process import Process
from playground.jobs.submission import Submission


@dataclass(frozen=True)
class Standing:
    """How a training stands.

    Attributes:
        ended: whether nothing of it runs any more.
        exit_code: of its command, negative for a signal; None while it runs, and where nobody saw it.
        sentence: what keeps it, or ended it, where neither its log nor the exit code says so.
    """

    ended: bool
    exit_code: int | None = None
    sentence: str = ""


RUNS = Standing(ended=False)


@runtime_checkable
class Trainer(Protocol):
    """A training that runs, or has ended.

    Attributes:
        process: by which any worker finds it again.
        poll_seconds: how often to look.
    """

    process: Process | Submission
    poll_seconds: float

    def look(self) -> Standing:
        """How it stands now. What it has said until then is in its log."""

    def stop(self) -> bool:
        """Asks it to save and end. False where it could not be asked, and must be once more."""

    def kill(self) -> None:
        """Ends it and whatever it has started, whether or not it has saved."""


@runtime_checkable
class PreparedTrainer(Trainer, Protocol):
    """A training that does not run before it is told to: first its process is written into the book."""

    def begin(self) -> None:
        """Lets it run. Where that fails, `look` says so."""

    def withdraw(self) -> None:
        """It never runs."""


@runtime_checkable
class Place(Protocol):
    """Where one worker's trainings run."""

    def ready(self) -> bool:
        """Whether one could begin now."""

    def prepare(self, job: Job, devices: Sequence[str], command: Sequence[str], log: Path) -> PreparedTrainer:
        """A training of a job.

        Args:
            job: whose it is.
            devices: what it runs on, of which it sees no more.
            command: the training's, from the repository's root.
            log: what it says is appended here.
        """
