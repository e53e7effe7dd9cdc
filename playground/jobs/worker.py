"""`python -m playground.jobs.worker --runs runs --device cpu`: runs one device's jobs, one after the other.

A worker may die at any line. Whoever comes next finds every job in the book,
and a trainer, which lives in a session of its own, by its process.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from playground.jobs.devices import devices, num_needed
from playground.jobs.job import Job
from playground.jobs.lock import WorkerLock
from playground.jobs.outcome import outcome
from playground.jobs.place import Standing, Trainer
from playground.jobs.places import found, place_of
from playground.jobs.queue import STORE, in_order, log_file
from playground.jobs.states import Request, State
from playground.jobs.store import Store
from playground.jobs.trainer import clear_false_start, trainer_command

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
        self.place = place_of(device)
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
        """The queued job that comes next, once there are devices enough for it.

        One that asks for more than there are at all keeps nobody else waiting.
        """
        with self.store.reading() as book:
            jobs = book.jobs()
        for job in in_order(jobs):
            num_devices = self._num_devices(job)
            if num_devices <= len(devices()):
                return job if len(self._free(jobs)) >= num_devices and self.place.ready() else None
        return None

    def _num_devices(self, job: Job) -> int:
        return num_needed(self.device, job.processes.num_processes)

    def _free(self, jobs: list[Job]) -> tuple[str, ...]:
        """The devices that no running job holds, this worker's own first; none where that one is held."""
        running = [job for job in jobs if job.state is State.RUNNING]
        held = {device for job in running for device in (job.device, *job.more_devices)}
        others = tuple(device for device in devices() if device not in held and device != self.device)
        return () if self.device in held else (self.device, *others)

    def _take_over(self, job: Job) -> None:
        self._watch(job.id, found(job, log_file(self.runs, job)))

    def _start(self, job: Job) -> None:
        with self.store.reading() as book:
            taken = self._free(book.jobs())[: self._num_devices(job)]
        if not taken:
            return
        trainer = self.place.prepare(job, taken, self.command(job), log_file(self.runs, job))
        if not self._claim(job.id, trainer, taken):
            trainer.withdraw()
            return
        clear_false_start(job.run_dir)
        trainer.begin()
        self._watch(job.id, trainer)

    def _claim(self, job_id: int, trainer: Trainer, taken: tuple[str, ...]) -> bool:
        """Writes the trainer into the book. False where the job is no longer waiting for one, or a device is gone."""
        with self.store.changing() as book:
            jobs = book.jobs()
            job = next((job for job in jobs if job.id == job_id), None)
            if job is None or job.state is not State.QUEUED:
                return False
            if len(taken) < self._num_devices(job) or not set(taken) <= set(self._free(jobs)):
                return False
            book.put(
                job.to(
                    State.RUNNING,
                    device=self.device,
                    more_devices=taken[1:],
                    process=trainer.process,
                    started_at=datetime.now(UTC),
                    ended_at=None,
                )
            )
        return True

    def _watch(self, job_id: int, trainer: Trainer) -> None:
        """Waits for the trainer's end, stops it when asked to, and writes the job's new state."""
        stop = Stop(trainer)
        while not (standing := trainer.look()).ended:
            with self.store.reading() as book:
                job = book.job(job_id)
            if job.sentence != standing.sentence:
                self._say(job_id, standing.sentence)
            stop.follow(job.asked)
            time.sleep(trainer.poll_seconds)
        self._settle(job_id, standing)

    def _say(self, job_id: int, sentence: str) -> None:
        """Writes what keeps a running job, or that nothing does any more."""
        with self.store.changing() as book:
            book.put(book.job(job_id).model_copy(update={"sentence": sentence}))

    def _settle(self, job_id: int, ended: Standing) -> None:
        with self.store.changing() as book:
            job = book.job(job_id)
            state, sentence = outcome(job, ended, log_file(self.runs, job))
            book.put(
                job.to(
                    state,
                    asked=None,
                    more_devices=(),
                    process=None,
                    exit_code=ended.exit_code,
                    sentence=sentence,
                    ended_at=datetime.now(UTC),
                )
            )


class Stop:
    """Stops a trainer as it was asked: politely once, by force when the grace is over."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.since: float | None = None

    def follow(self, asked: Request | None) -> None:
        """To be called again and again until the trainer has ended."""
        if asked is None:
            return
        if self.since is None:
            self.since = time.monotonic() if self.trainer.stop() else None
        elif time.monotonic() - self.since > GRACE_SECONDS[asked]:
            self.trainer.kill()


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
