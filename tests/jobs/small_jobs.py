"""Real trainings that take a second or two, and how far they are."""

from __future__ import annotations

from pathlib import Path

import torch
from processes import wait_for

from playground.jobs.job import Job
from playground.jobs.process import Process
from playground.jobs.queue import Queue
from playground.jobs.runs import Run
from playground.jobs.states import State

SETTINGS = [
    *("data=digits8", "model.image_size=8", "batch_size=16", "average_images=100"),
    *("model.generator_channels=[12, 8]", "model.discriminator_channels=[8, 8]"),
    *("model.latent_dim=6", "report_every_images=64", "sample_every_images=1600", "snapshot_every_images=320"),
]


def reach(queue: Queue, job: Job, state: State) -> Job:
    """The job once it is in a state; any other end is a failure."""
    wait_for(lambda: queue.job(job.id).state not in (State.QUEUED, State.RUNNING) or queue.job(job.id).state is state)
    job = queue.job(job.id)
    assert job.state is state, job.sentence
    return job


def trainer_past(queue: Queue, job: Job, num_snapshots: int) -> Process:
    """The job's trainer, once it has written so many snapshots with the state behind them."""

    def there() -> bool:
        assert queue.job(job.id).state in (State.QUEUED, State.RUNNING), queue.job(job.id).sentence
        return len(Run(job.run_dir).snapshots) >= num_snapshots and Run(job.run_dir).files.state.is_file()

    wait_for(there)
    return queue.job(job.id).process


def saved(run_dir: Path) -> dict:
    return torch.load(run_dir / "state" / "resume.pt", weights_only=True)
