"""A Ray cluster as a place where trainings run, through its job API.

Everything that a training reads and writes lies on storage which the cluster's
machines and this one see under the same paths: the repository, its Python, the
data and the runs folder. So the cluster is given the very same command.
"""

from __future__ import annotations

import os
import re
import secrets
import shlex
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from playground.jobs.cluster import Cluster
from playground.jobs.job import Job
from playground.jobs.launch import ROOT
from playground.jobs.place import RUNS, Standing
from playground.jobs.submission import Submission
from playground.jobs.trainer import own_environment

if TYPE_CHECKING:
    from ray.job_submission import JobDetails, JobSubmissionClient

# Ray itself waits 3 seconds before it kills what it has asked to stop: too few for a large state to be saved.
STOP_SECONDS = 30
LOG_SECONDS = 3.0  # Ray tells all of a log or nothing, so it is asked for less often than the state


class RayCluster:
    """Hands trainings to a cluster.

    Args:
        cluster: which.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def ready(self) -> bool:
        return not self.cluster.problem()

    def prepare(self, job: Job, devices: Sequence[str], command: Sequence[str], log: Path) -> SubmittedTrainer:
        """A submission with an id of its own, which the cluster has not heard of yet."""
        log.parent.mkdir(parents=True, exist_ok=True)
        log.touch()
        submission = Submission(
            cluster=self.cluster.address,
            submission=f"playground-{job.name}-{secrets.token_hex(4)}",
            log_offset=log.stat().st_size,
        )
        num_processes = job.processes.num_processes
        return SubmittedTrainer(
            submission,
            log,
            entrypoint=f"cd {shlex.quote(str(ROOT))} && exec {shlex.join(command)}",
            env_vars=cluster_environment(job),
            num_cpus=num_processes,
            num_gpus=num_processes * self.cluster.num_gpus,
        )


def cluster_environment(job: Job) -> dict[str, str]:
    """The playground's own settings, and how long Ray waits for the training to save itself."""
    ours = {name: value for name, value in os.environ.items() if name.startswith("PLAYGROUND_")}
    return {**ours, **own_environment(job), "RAY_JOB_STOP_WAIT_TIME_S": str(STOP_SECONDS)}


class RayTrainer:
    """A training on a cluster, started by this worker or a former one.

    Args:
        submission: which.
        log: where what it says is copied to.
    """

    poll_seconds = 0.5

    def __init__(self, submission: Submission, log: Path) -> None:
        self.process = submission
        self._log = log
        self._log_read = 0.0  # when
        self._client: JobSubmissionClient | None = None
        self._unknown = "The cluster does not know this training"

    def look(self) -> Standing:
        """As the cluster says; while that does not answer, the training is taken to be running."""
        try:
            stands = standing(self._connected().get_job_info(self.process.submission))
        except (OSError, RuntimeError) as error:
            if "status code 404" in str(error):
                return Standing(ended=True, sentence=self._unknown)
            return Standing(ended=False, sentence=f"{self.process.cluster} cannot be asked ({first_line(error)}).")
        if stands.ended or time.monotonic() - self._log_read > LOG_SECONDS:
            problem = self._read_log()
            if stands.ended and not stands.sentence:
                return replace(stands, sentence=problem)
        return stands

    def stop(self) -> bool:
        try:
            self._connected().stop_job(self.process.submission)
        except (OSError, RuntimeError):
            return False  # `look` says why
        return True

    def kill(self) -> None:
        """Ray kills by itself what does not end when stopped."""
        self.stop()

    def _connected(self) -> JobSubmissionClient:
        """The job API. Ray is imported here, so by nobody who has not chosen it."""
        if self._client is None:
            try:
                from ray.job_submission import JobSubmissionClient
            except ImportError:
                raise RuntimeError("Ray is not installed") from None
            self._client = JobSubmissionClient(self.process.cluster)
        return self._client

    def _read_log(self) -> str:
        """Appends what is new to the job's log, which holds what its former trainings said, too.

        Returns why that cannot be done, such as a machine of the cluster that is gone with its logs.
        """
        self._log_read = time.monotonic()
        try:
            said = self._connected().get_job_logs(self.process.submission).encode()
            with self._log.open("ab") as log:
                log.write(said[max(0, log.tell() - self.process.log_offset) :])
        except (OSError, RuntimeError) as error:
            return f"The training has ended, and what it said cannot be read ({first_line(error)})"
        return ""


class SubmittedTrainer(RayTrainer):
    """A training that this worker hands to the cluster."""

    def __init__(
        self,
        submission: Submission,
        log: Path,
        entrypoint: str,
        env_vars: dict[str, str],
        num_cpus: int,
        num_gpus: int,
    ) -> None:
        super().__init__(submission, log)
        self._entrypoint = entrypoint
        self._env_vars = env_vars
        self._num_cpus = num_cpus
        self._num_gpus = num_gpus

    def begin(self) -> None:
        """Submits it. Where that fails, `look` finds out whether the cluster has heard of it, and says why."""
        try:
            self._connected().submit_job(
                entrypoint=self._entrypoint,
                submission_id=self.process.submission,
                runtime_env={"env_vars": self._env_vars},
                entrypoint_num_cpus=self._num_cpus,
                entrypoint_num_gpus=self._num_gpus or None,
            )
        except (OSError, RuntimeError) as error:
            self._unknown = f"{self.process.cluster} did not take the training ({first_line(error)})"

    def withdraw(self) -> None:
        """The cluster has never heard of it."""


def first_line(error: Exception) -> str:
    """Why, in a line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def standing(details: JobDetails) -> Standing:
    """What Ray's word for a job's status means here."""
    match details.status.value:
        case "PENDING":
            return Standing(ended=False, sentence="The cluster has no room for it yet.")
        case "RUNNING":
            return RUNS
        case "SUCCEEDED":
            return Standing(ended=True, exit_code=0)
        case "STOPPED":
            return Standing(ended=True, sentence="The training was stopped on the cluster")
        case _:
            message = re.sub(r"\s+", " ", details.message or "it gave no reason")[:300].rstrip(".")
            sentence = "" if details.driver_exit_code is not None else f"The cluster gave the training up ({message})"
            return Standing(ended=True, exit_code=details.driver_exit_code, sentence=sentence)
