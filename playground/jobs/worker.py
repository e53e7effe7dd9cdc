"""`python -m playground.jobs.worker --runs runs --device cpu`: runs one device's jobs, one after the other.

A worker may die at any line. Whoever comes next finds every job in the book,
and a trainer, which lives in a session of its own, by its process.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from playground.jobs.devices import devices
from playground.jobs.job import Job
from playground.jobs.launch import GatedProcess
from playground.jobs.lock import WorkerLock
from playground.jobs.outcome import outcome
from playground.jobs.process import Process
from playground.jobs.queue import STORE, in_order, log_file
from playground.jobs.states import Request, State
from playground.jobs.store import Store
from playground.jobs.trainer import clear_false_start, trainer_command, trainer_environment

POLL_SECONDS = 0.1
IDLE_SECONDS = 10.0
# After so long a trainer that was asked to stop is killed. One that is paused may need a while to save its state.
GRACE_SECONDS = {Request.CANCEL: 3.0, Request.PAUSE: 60.0}


class Worker:
    """Takes jobs off the queue and sees each of them to its end.

    Args:
        runs: the runs folder.
        device: what the jobs run on, a name of `devices`.
        command: of a job's trainer.
        idle_seconds: after so long without a job it ends.
    """

    def __init__(
        self,
        runs: Path,
        device: str,
        command: Callable[[Job], list[str]] = trainer_command,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self.runs = runs
        self.device = device
        self.command = command
        self.idle_seconds = idle_seconds
        self.store = Store(runs / STORE)
        self.lock = WorkerLock(runs, device)

    def run(self) -> None:
        """Works until nothing has been queued for a while; returns at once where the device has a worker."""
        while self.lock.take():
            self._work()
            self.lock.leave()
            # Who queued a job while the lock was held started no worker: such a job is seen here.
            if self._next() is None:
                return

    def _work(self) -> None:
        last_busy = time.monotonic()
        while time.monotonic() - last_busy < self.idle_seconds:
            job = self._left_behind() or self._next()
            if job is None:
                time.sleep(POLL_SECONDS)
                continue
            if job.state is State.RUNNING:
                self._take_over(job)
            else:
                self._start(job)
            last_busy = time.monotonic()

    def _left_behind(self) -> Job | None:
        """A job that this device's former worker saw to until it died."""
        with self.store.reading() as book:
            running = [job for job in book.jobs() if job.state is State.RUNNING and job.device == self.device]
        return running[0] if running else None

    def _next(self) -> Job | None:
        """The queued job that comes next; none for a device that is no longer there."""
        if self.device not in devices():
            return None
        with self.store.reading() as book:
            return next(iter(in_order(book.jobs())), None)

    def _take_over(self, job: Job) -> None:
        assert job.process is not None, "a running job has a process"
        process = job.process
        # Only a parent learns an exit code.
        self._watch(job.id, process, lambda: (not process.alive(), None))

    def _start(self, job: Job) -> None:
        # Politely: on a small machine the app shares the processor with it.
        trainer = GatedProcess(
            ["nice", "-n", "10", *self.command(job)], trainer_environment(job, self.device), log_file(self.runs, job)
        )
        if not self._claim(job.id, trainer.process):
            trainer.shut_gate()
            return
        clear_false_start(job.run_dir)
        trainer.open_gate()
        self._watch(job.id, trainer.process, lambda: ((code := trainer.exit_code()) is not None, code))

    def _claim(self, job_id: int, process: Process) -> bool:
        """Writes the trainer into the book. False where the job is no longer waiting for one."""
        with self.store.changing() as book:
            job = next((job for job in book.jobs() if job.id == job_id), None)
            if job is None or job.state is not State.QUEUED:
                return False
            now = datetime.now(UTC)
            book.put(job.to(State.RUNNING, device=self.device, process=process, started_at=now, ended_at=None))
        return True

    def _watch(self, job_id: int, process: Process, ended: Callable[[], tuple[bool, int | None]]) -> None:
        """Waits for the trainer's end, stops it when asked to, and writes the job's new state."""
        stop = Stop(process)
        while not (end := ended())[0]:
            with self.store.reading() as book:
                stop.follow(book.job(job_id).asked)
            time.sleep(POLL_SECONDS)
        with self.store.changing() as book:
            job = book.job(job_id)
            state, sentence = outcome(job, end[1], log_file(self.runs, job))
            book.put(
                job.to(
                    state,
                    asked=None,
                    process=None,
                    exit_code=end[1],
                    sentence=sentence,
                    ended_at=datetime.now(UTC),
                )
            )


class Stop:
    """Stops a process as it was asked: politely once, by force when the grace is over."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.since: float | None = None

    def follow(self, asked: Request | None) -> None:
        """To be called again and again until the process has ended."""
        if asked is None:
            return
        if self.since is None:
            self.since = time.monotonic()
            self.process.signal_group(signal.SIGTERM)
        elif time.monotonic() - self.since > GRACE_SECONDS[asked]:
            self.process.signal_group(signal.SIGKILL)


def main(arguments: list[str] | None = None) -> int:
    """Works on one device's jobs until there are none."""
    parser = argparse.ArgumentParser(prog="python -m playground.jobs.worker", description="Run queued trainings.")
    parser.add_argument("--runs", type=Path, required=True, help="the runs folder")
    parser.add_argument("--device", required=True, help="what they run on, such as cpu or cuda:0")
    options = parser.parse_args(arguments)
    Worker(options.runs, options.device).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
