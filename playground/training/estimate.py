"""What a training costs on this machine, as a value; `timing.py` measures it."""

from __future__ import annotations

import hashlib
import json
import platform

from pydantic import BaseModel, ConfigDict

from playground.training.config import TrainingConfig

# What a step's time and a file's size do not depend on: a change of these asks for no new measurement.
FREE = {
    "preset",
    "changes",
    "card",
    "seed",
    "optimizer",
    "total_images",
    "average_images",
    "report_every_images",
    "sample_every_images",
    "snapshot_every_images",
}


class Stretch(BaseModel):
    """A part of a run in which every step costs the same.

    Attributes:
        starts: the share of the run after which it begins.
        seconds_a_step: the median of the timed steps.
    """

    model_config = ConfigDict(frozen=True)

    starts: float
    seconds_a_step: float


class Estimate(BaseModel):
    """What was measured of a training.

    Attributes:
        device: what it ran on, such as `cpu` or `cuda:0`, and `machine` that in words.
        num_parameters: of the model, which the checkpoint holds.
        num_trained: of all networks that are trained, those that no checkpoint holds too.
        num_multiply_adds: of drawing one picture.
        stretches: the first starts at 0.
        seconds_before: until the first step: reading the data and getting it ready.
        seconds_a_sheet, seconds_a_snapshot: of drawing and writing one.
        bytes_a_sheet, bytes_a_snapshot: on the disk.
        bytes_once: of what is written once, or over itself: the saved state, the checkpoint.
        peak_bytes: of memory while it steps; of the GPU's where there is one.
    """

    model_config = ConfigDict(frozen=True)

    device: str
    machine: str
    num_parameters: int
    num_trained: int
    num_multiply_adds: int
    stretches: tuple[Stretch, ...]
    seconds_before: float
    seconds_a_sheet: float
    seconds_a_snapshot: float
    bytes_a_sheet: int
    bytes_a_snapshot: int
    bytes_once: int
    peak_bytes: int

    def seconds(self, config: TrainingConfig) -> float:
        """The whole run, from its start to its last step."""
        num_steps = -(-config.total_images // config.batch_size)
        ends = [*(stretch.starts for stretch in self.stretches[1:]), 1.0]
        a_step = sum(
            (end - stretch.starts) * stretch.seconds_a_step for stretch, end in zip(self.stretches, ends, strict=True)
        )
        sheets = num_sheets(config) * self.seconds_a_sheet
        return self.seconds_before + num_steps * a_step + sheets + num_snapshots(config) * self.seconds_a_snapshot

    def images_per_second(self, config: TrainingConfig) -> float:
        """Over the whole run, without what comes before the first step."""
        return config.total_images / (self.seconds(config) - self.seconds_before)

    def bytes(self, config: TrainingConfig) -> int:
        """What the run folder takes when the run is over."""
        return self.bytes_once + num_sheets(config) * self.bytes_a_sheet + num_snapshots(config) * self.bytes_a_snapshot


def num_sheets(config: TrainingConfig) -> int:
    """How many sample sheets a run draws."""
    return config.total_images // config.sample_every_images


def num_snapshots(config: TrainingConfig) -> int:
    """How many snapshots a run writes."""
    return config.total_images // config.snapshot_every_images


def fingerprint(config: TrainingConfig, device: str) -> str:
    """16 hex digits that are the same where a measurement holds: for these networks, this data, device and machine."""
    told = config.model_dump(mode="json", exclude=FREE) | {"device": device, "machine": platform.node()}
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]
