"""Snapshots: what playing needs, and all that continuing needs, at one moment of a run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import torch

from playground import checkpoints
from playground.jobs.run_files import STATE
from playground.models import family
from playground.training.averaging import AveragedWeights
from playground.training.build import build_step
from playground.training.config import TrainingConfig
from playground.training.estimate import num_snapshots
from playground.training.fit import settle
from playground.training.resume import Progress, save_state
from playground.training.run_card import card_of
from playground.training.run_folder import RunFolder
from playground.training.saving import replacing
from playground.training.steps import Step

BYTES_OF_A_NUMBER = 4


def write_snapshot(
    run: RunFolder, step: Step, averaged: AveragedWeights, config: TrainingConfig, progress: Progress
) -> None:
    """The averaged model as a checkpoint under snapshots/IMAGES_SEEN, and beside it the state to continue from.

    The newest state of the run is that of its newest snapshot: one file under two names.
    """
    folder = run.snapshots / f"{progress.images_seen:09d}"
    card = card_of(config, progress, averaged.model.config.image_size)
    card = card.model_copy(update={"title": f"{card.title} after {progress.images_seen:,} images"})
    settle(averaged.model)
    checkpoints.save(folder, averaged.model, card, None)
    save_state(folder / STATE, step, averaged, progress)
    _make_newest(folder / STATE, run.state)


def _make_newest(state: Path, newest: Path) -> None:
    with replacing(newest) as beside:
        try:
            os.link(state, beside)
        except OSError:  # a file system without links
            shutil.copyfile(state, beside)


def snapshots_in_words(config: TrainingConfig) -> str:
    """How many snapshots there will be, and what they cost."""
    number, each = num_snapshots(config), snapshot_bytes(config) / 1e6
    return (
        f"{number} snapshot{'s' * (number != 1)}, each to be played with and continued from, about {each:,.1f} MB "
        f"on the disk: {number * each:,.0f} MB in all."
    )


def snapshot_bytes(config: TrainingConfig) -> int:
    """About how much one snapshot of a training takes on the disk.

    The weights in half precision to play with; to continue, all of them, their
    averages, and Adam's two for each that is trained. Nothing is built: the
    networks are measured without memory for their weights.
    """
    values = {"class_names": [str(index) for index in range(10)]} | config.model
    found = family(config.family)
    if not found.config_class.model_fields["class_names"].is_required():
        del values["class_names"]
    with torch.device("meta"):
        step = build_step(found.build(values), config)
    num_model = sum(tensor.numel() for tensor in step.model.state_dict().values())
    num_extra = sum(tensor.numel() for tensor in step.extra.state_dict().values())
    num_trained = sum(weight.numel() for phase in step.phases for weight in phase.trains.parameters())
    return BYTES_OF_A_NUMBER * (2 * num_model + num_extra + 2 * num_trained) + BYTES_OF_A_NUMBER // 2 * num_model
