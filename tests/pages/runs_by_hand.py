"""Jobs in any state, with run folders that were written by hand."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from playground.files import write_whole
from playground.images import to_png
from playground.jobs.job import Job
from playground.jobs.queue import Queue
from playground.jobs.states import State
from playground.training.config import resolve

PRESET = "digits-cgan"
TOTAL = 4000
CHANGES = (f"total_images={TOTAL}",)


def place(queue: Queue, name: str, state: State = State.RUNNING, seen: int = 2000, **more: object) -> Job:
    """A job in a state, with a run folder that has come so far, a line and a sheet every 500 images."""
    job = queue.submit(PRESET, CHANGES, name)
    write_run(job.run_dir, seen)
    return put(queue, job, state, **more)


def put(queue: Queue, job: Job, state: State, **more: object) -> Job:
    now = datetime.now(UTC)
    with queue.store.changing() as book:
        if state is not State.QUEUED:
            job = job.to(State.RUNNING, device="cpu", started_at=now)
        if state not in (State.QUEUED, State.RUNNING):
            job = job.to(state, ended_at=now)
        job = job.model_copy(update=more)
        book.put(job)
    return job


def write_run(folder: Path, seen: int) -> None:
    for part in ("samples", "snapshots", "state"):
        (folder / part).mkdir(parents=True)
    (folder / "config.json").write_text(resolve(PRESET, list(CHANGES)).model_dump_json())
    for images_seen in range(500, seen + 1, 500):
        go_on(folder, images_seen)


def go_on(folder: Path, images_seen: int) -> None:
    """The next line and the next sheet of a run."""
    losses = {"generator/loss": math.exp(-images_seen / TOTAL), "discriminator/loss": 0.5}
    with (folder / "metrics.jsonl").open("a") as file:
        file.write(json.dumps({"images_seen": images_seen, "images_per_second": 100.0, **losses}) + "\n")
    grey = np.full((60, 100, 1), images_seen // 50 % 256, np.uint8)
    write_whole(folder / "samples" / f"{images_seen:09d}.png", to_png(grey))
