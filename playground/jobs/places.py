"""Which place a worker's trainings run in, and where one that runs already is found again."""

from __future__ import annotations

from pathlib import Path

from playground.jobs.cluster import Cluster
from playground.jobs.job import Job
from playground.jobs.local import FoundTrainer, ThisMachine
from playground.jobs.place import Place, Trainer
from playground.jobs.ray_place import RayCluster, RayTrainer
from playground.jobs.submission import Submission


def place_of(device: str) -> Place:
    """Where a device's jobs run. One that is no longer there, such as a place on a former cluster, is never ready."""
    cluster = Cluster.chosen()
    return RayCluster(cluster) if cluster and device in cluster.devices() else ThisMachine(device)


def found(job: Job, log: Path) -> Trainer:
    """The trainer of a running job, wherever a former worker has started it."""
    assert job.process is not None, "a running job has a process"
    if isinstance(job.process, Submission):
        return RayTrainer(job.process, log)
    return FoundTrainer(job.process)
