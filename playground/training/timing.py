"""Timing a few real steps of a training, on the device that it would run on."""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from lightning_fabric import Fabric

from playground.data import ImageSet
from playground.jobs.disposal import num_bytes
from playground.models.multiply_adds import num_multiply_adds
from playground.training.averaging import AveragedWeights
from playground.training.build import build_model, build_step, launched
from playground.training.config import TrainingConfig
from playground.training.estimate import Estimate, Stretch
from playground.training.loop import Reader, move_to_device, run_phase
from playground.training.resume import Progress
from playground.training.run_card import machine
from playground.training.run_folder import RunFolder
from playground.training.sheets import write_sheet
from playground.training.snapshot import write_snapshot
from playground.training.steps import Step

NUM_PICTURES = 8192  # that the steps are timed with; getting more ready takes that much longer, a step no longer
NUM_WARM_UP = 3  # steps: the first ones find memory and choose kernels
MIN_STEPS, MAX_STEPS = 5, 50
ENOUGH_SECONDS = 2.0  # for the timed steps of one stretch


def measure(config: TrainingConfig, load: Callable[[int], ImageSet]) -> Estimate:
    """Builds the model, trains it for a moment, writes what a run writes into a folder of its own, and forgets it.

    Args:
        config: of the training.
        load: gives the data at an image size.

    Raises `PlaygroundError` as the training itself would.
    """
    clock = Clock()
    whole = 0

    def part(image_size: int) -> ImageSet:
        nonlocal whole
        data = load(image_size)
        whole = len(data)
        clock.lap("read")
        return ImageSet(data.images[:NUM_PICTURES], data.labels[:NUM_PICTURES], data.class_names)

    model, data = build_model(config, part)
    clock.lap("get ready")
    step = build_step(model, config)
    multiply_adds = num_multiply_adds(model)
    with launched(config) as fabric, tempfile.TemporaryDirectory() as folder:
        move_to_device(fabric, step)
        averaged = AveragedWeights(step.model, config.average_images)
        stretches = tuple(
            Stretch(starts=starts, seconds_a_step=_seconds_a_step(fabric, config, data, step, averaged, starts))
            for starts in sorted({0.0, *(phase.starts for phase in step.phases)})
        )
        run = RunFolder.create(Path(folder) / "run", config)
        progress = Progress(images_seen=1)
        clock.lap()
        write_sheet(run, averaged.model, data, progress.images_seen)
        clock.lap("sheet")
        write_snapshot(run, step, averaged, config, progress)
        clock.lap("snapshot")
        a_snapshot = num_bytes(run.snapshots)
        return Estimate(
            device=str(fabric.device),
            machine=machine(),
            num_parameters=_num_parameters(averaged.model),
            num_trained=_num_parameters(step.model) + _num_parameters(step.extra),
            num_multiply_adds=multiply_adds,
            stretches=stretches,
            seconds_before=clock.seconds["read"] + clock.seconds["get ready"] * whole / len(data),
            seconds_a_sheet=clock.seconds["sheet"],
            seconds_a_snapshot=clock.seconds["snapshot"],
            bytes_a_sheet=num_bytes(run.samples),
            bytes_a_snapshot=a_snapshot,
            bytes_once=a_snapshot,  # the run's last state and its checkpoint are as large as a snapshot's
            peak_bytes=_peak_bytes(),
        )


class Clock:
    """Tells how long each thing took since the one before. `seconds` holds it by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str = "") -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now


def _seconds_a_step(
    fabric: Fabric, config: TrainingConfig, data: ImageSet, step: Step, averaged: AveragedWeights, starts: float
) -> float:
    """The median over steps like those right after the share `starts` of the run, warm."""
    reader = Reader(fabric, config, data)
    position = min(config.total_images - 1, int(starts * config.total_images) + 1)
    taken: list[float] = []
    while len(taken) < NUM_WARM_UP + MIN_STEPS or (sum(taken) < ENOUGH_SECONDS and len(taken) < MAX_STEPS):
        start = time.perf_counter()
        batch = reader.read(position)
        for phase in [phase for phase in step.phases if phase.starts <= batch.progress]:
            run_phase(fabric, step, phase, batch, config.learning_rate_at(position))
        averaged.update(step.model, config.batch_size, position + config.batch_size)
        if fabric.device.type == "cuda":
            torch.cuda.synchronize(fabric.device)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken[NUM_WARM_UP:])


def _num_parameters(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _peak_bytes() -> int:
    if torch.cuda.is_available():
        return torch.cuda.max_memory_reserved()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak  # macOS counts bytes, Linux kilobytes
