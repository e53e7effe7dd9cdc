"""The command that is a job's training, and its environment."""

from __future__ import annotations

import shutil
from pathlib import Path

from playground.jobs.job import Job
from playground.jobs.run_files import RunFiles


def trainer_command(job: Job) -> list[str]:
    """Starts the training anew, or goes on where a saved state is there.

    A folder with snapshots and no state was not left so by a trainer: it gets
    `--resume`, too, which refuses it in one sentence rather than overwrite them.
    """
    training = ["--run-dir", str(job.run_dir), "--name", job.name]
    if RunFiles(job.run_dir).state.is_file() or _holds_work(job.run_dir):
        return job.processes.command(job.name, [*training, "--resume"])
    training += ["--preset", job.preset]
    for change in job.changes:
        training += ["--set", change]
    return job.processes.command(job.name, training)


def own_environment(job: Job) -> dict[str, str]:
    """The finished checkpoint goes to the run's own folder: keeping it elsewhere is a person's choice."""
    return {"PLAYGROUND_CHECKPOINTS": str(RunFiles(job.run_dir).checkpoints)}


def clear_false_start(run_dir: Path) -> None:
    """Removes what a trainer leaves that was stopped before it saved anything, so that it may start anew."""
    files = RunFiles(run_dir)
    if files.state.is_file() or _holds_work(run_dir):
        return
    for file in (files.config, files.metrics):
        file.unlink(missing_ok=True)
    for folder in (files.samples, files.snapshots, files.state.parent):
        if folder.is_dir():
            shutil.rmtree(folder)


def _holds_work(run_dir: Path) -> bool:
    """Whether there is more than the first snapshot, which is written just before the first state."""
    return len(RunFiles(run_dir).snapshots_there()) > 1
