"""The verbs: what pages and the command line do with jobs."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from playground.errors import PlaygroundError
from playground.jobs import disposal
from playground.jobs.branching import copy_run
from playground.jobs.devices import devices, num_needed
from playground.jobs.job import Job
from playground.jobs.launch import start_detached
from playground.jobs.lock import WorkerLock
from playground.jobs.processes import Processes
from playground.jobs.run_files import RESERVED, opened_from, runs_folder
from playground.jobs.states import Request, State
from playground.jobs.store import Book, Store

STORE = "jobs.sqlite3"
WORKER = (sys.executable, "-m", "playground.jobs.worker")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


class Queue:
    """All jobs of one runs folder. Cheap to make, keeps nothing open, safe in any thread and process.

    Every verb returns once its change is written; what a running trainer has to
    do for it (stop, say) is its worker's work, and shows in the job's state. Every
    verb raises `PlaygroundError` for an unknown job and for what its state forbids.

    Args:
        runs: the runs folder; `runs_folder()` where it is left out.
        worker: the command of a worker, which gets `--runs FOLDER --device NAME`.
    """

    def __init__(self, runs: Path | None = None, worker: Sequence[str] = WORKER) -> None:
        self.runs = runs_folder() if runs is None else runs.absolute()
        self.store = Store(self.runs / STORE)
        self._worker = tuple(worker)

    # What is there

    def jobs(self) -> list[Job]:
        """All jobs, the oldest first."""
        with self.store.reading() as book:
            return book.jobs()

    def waiting(self) -> list[Job]:
        """The queued jobs, the next first."""
        return in_order(self.jobs())

    def job(self, job_id: int) -> Job:
        """One job."""
        with self.store.reading() as book:
            return book.job(job_id)

    def log_file(self, job: Job) -> Path:
        """What the job's trainers said, all in one file; there is none before the first start."""
        return log_file(self.runs, job)

    # What makes a job

    def submit(
        self,
        preset: str,
        changes: Sequence[str] = (),
        name: str | None = None,
        processes: Processes = Processes(),  # noqa: B008 - frozen
    ) -> Job:
        """Queues a new training at the end.

        Args:
            preset: a training preset's name.
            changes: `key=value` settings, as `--set` of the training takes them.
            name: of the run: letters, digits, dots, dashes and underscores, at most
                80; the preset's with a number where it is left out.
            processes: over how many it is spread; one where it is left out.

        Raises `PlaygroundError` where the name is taken or impossible, or the
        processes ask for more GPUs than there are. A wrong
        preset or setting is the trainer's to refuse: the job fails with its sentence.
        """
        check_fits(processes)
        with self.store.changing() as book:
            job = self._add(book, preset, tuple(changes), name, processes)
        self.tend()
        return job

    def rerun(self, job_id: int) -> Job:
        """Queues the same training once more, from nothing, as a new run."""
        job = self.job(job_id)
        return self.submit(job.preset, job.changes, processes=job.processes)

    def branch(self, job_id: int, changes: Sequence[str] = (), name: str | None = None, at: int | None = None) -> Job:
        """Queues a new run that goes on from a saved state of another, with other settings.

        The other run keeps its folder and may even be running.

        Args:
            job_id: the run to go on from.
            changes: `key=value` settings, applied over those of that run; they
                must leave the shape of the networks as it is.
            name: of the new run, as in `submit`.
            at: the images seen at the snapshot to go on from; the newest saved state where it is left out.

        Raises `PlaygroundError` where there is no such state, or a setting is wrong or cannot change on the way.
        """
        origin = self.job(job_id)
        with self.store.changing() as book:
            job = self._add(book, origin.preset, (*origin.changes, *changes), name, origin.processes)
            job = job.model_copy(update={"branched_from": origin.name, "branched_at": at, "state": State.PAUSED})
            book.put(job)
        try:
            copy_run(origin.run_dir, job.run_dir, job.preset, job.changes, at)
        except PlaygroundError:
            self.delete(job.id)
            raise
        return self.resume(job.id)

    # What changes a job

    def pause(self, job_id: int) -> Job:
        """Takes a job out of the queue, or has its trainer save, exit and so free all memory."""
        return self._stop(job_id, Request.PAUSE, State.PAUSED)

    def cancel(self, job_id: int) -> Job:
        """Gives a job up. Its run folder stays, and `resume` takes it up again."""
        return self._stop(job_id, Request.CANCEL, State.CANCELLED)

    def resume(self, job_id: int) -> Job:
        """Queues a paused, interrupted, failed or cancelled job at the end; it goes on from its saved state."""
        with self.store.changing() as book:
            last = max((job.position for job in book.jobs()), default=0)
            job = book.job(job_id).to(State.QUEUED, position=last + 1, sentence="", exit_code=None)
            book.put(job)
        self.tend()
        return job

    def move(self, job_id: int, place: int) -> Job:
        """Puts a queued job at a place among the queued ones: 0 is next, a place beyond the end is the end."""
        with self.store.changing() as book:
            job = book.job(job_id)
            if job.state is not State.QUEUED:
                raise PlaygroundError(f"{job.name} is {job.state}: only a queued job has a place to move to.")
            queued = in_order(book.jobs())
            positions = [other.position for other in queued]
            others = [other for other in queued if other.id != job_id]
            others.insert(max(0, place), job)
            for other, position in zip(others, positions, strict=True):
                book.put(other.model_copy(update={"position": position}))
            return book.job(job_id)

    def frees(self, job_id: int) -> int:
        """How many bytes `delete` would free."""
        return sum(disposal.num_bytes(path) for path in self._belongings(self.job(job_id)))

    def delete(self, job_id: int) -> int:
        """Removes a job with its run folder and log, for ever. Returns the number of bytes freed.

        Raises `PlaygroundError` for a running job, and where the system keeps the folder from being removed.
        """
        with self.store.changing() as book:
            job = book.job(job_id)
            if job.state is State.RUNNING:
                raise PlaygroundError(f"{job.name} is running: cancel it first, then delete it.")
            belongings = self._belongings(job)
            freed = sum(disposal.num_bytes(path) for path in belongings)
            doomed = disposal.set_aside(self.runs, *belongings)
            book.remove(job)
        disposal.remove(doomed)
        return freed

    # What keeps it going

    def tend(self) -> None:
        """Starts a worker for each device that needs one and has none living.

        Every verb does so itself. A page calls it whenever it looks, so that
        jobs go on after a worker was killed or the machine restarted.
        """
        jobs = self.jobs()
        needed = {job.device for job in jobs if job.state is State.RUNNING and job.device}
        if any(job.state is State.QUEUED for job in jobs):
            needed |= set(devices())
        for device in sorted(needed):
            lock = WorkerLock(self.runs, device)
            if lock.holder() is None:
                command = [*self._worker, "--runs", str(self.runs), "--device", device]
                start_detached(command, lock.file.with_suffix(".log"))

    def _add(self, book: Book, preset: str, changes: tuple[str, ...], name: str | None, processes: Processes) -> Job:
        """A new queued job with a run folder of its own."""
        jobs = book.jobs()
        name = self._free_name(preset, jobs) if name is None else name
        if not _NAME.fullmatch(name) or name in RESERVED:
            raise PlaygroundError(
                f"{name[:100]!r} cannot be a run's name: use letters, digits, dots, dashes and underscores, "
                f"and none of {', '.join(sorted(RESERVED))}."
            )
        if self._taken(name, jobs):
            raise PlaygroundError(f"There is a run named {name!r} already: choose another name, or delete that one.")
        return book.add(
            lambda job_id: Job(
                id=job_id,
                name=name,
                preset=preset,
                changes=changes,
                processes=processes,
                run_dir=self.runs / name,
                position=max((job.position for job in jobs), default=0) + 1,
                submitted_at=datetime.now(UTC),
            )
        )

    def _belongings(self, job: Job) -> list[Path]:
        """What goes with a job."""
        return [job.run_dir, self.log_file(job), *opened_from(self.runs, job.name)]

    def _free_name(self, preset: str, jobs: list[Job]) -> str:
        number = 1
        while self._taken(f"{preset}-{number}", jobs):
            number += 1
        return f"{preset}-{number}"

    def _taken(self, name: str, jobs: list[Job]) -> bool:
        return any(job.name == name for job in jobs) or (self.runs / name).exists()

    def _stop(self, job_id: int, request: Request, state: State) -> Job:
        with self.store.changing() as book:
            job = book.job(job_id)
            running = job.state is State.RUNNING
            job = job.model_copy(update={"asked": request}) if running else job.to(state)
            book.put(job)
        self.tend()
        return job


def in_order(jobs: Sequence[Job]) -> list[Job]:
    """The queued ones of these jobs, the next first."""
    return sorted((job for job in jobs if job.state is State.QUEUED), key=lambda job: job.position)


def check_fits(processes: Processes) -> None:
    """Raises `PlaygroundError` where there are fewer GPUs than processes, each of which needs its own."""
    found = devices()
    if num_needed(found[0], processes.num_processes) > len(found):
        there = "there is one" if len(found) == 1 else f"there are {len(found)}"
        raise PlaygroundError(f"{processes.num_processes} processes need a GPU each, and {there}: ask for fewer.")


def log_file(runs: Path, job: Job) -> Path:
    """Where a job's trainers write what they say."""
    return runs / "logs" / f"{job.name}.log"
