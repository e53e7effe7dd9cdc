"""From a finished run to a checkpoint with its card and preview."""

from __future__ import annotations

from pathlib import Path

import torch

from playground import checkpoints, images
from playground.checkpoints import Card
from playground.models import GenerativeModel
from playground.training.about import card_text, data_line, licence_line
from playground.training.config import TrainingConfig
from playground.training.footprint import processor_name
from playground.training.resume import Progress
from playground.training.sheets import NUM_COLUMNS, draw_sheet


def publish(folder: Path, model: GenerativeModel, config: TrainingConfig, progress: Progress, command: str) -> Path:
    """Writes the checkpoint of a finished run and returns its folder.

    Args:
        folder: of the checkpoint; its name is the checkpoint's.
        model: the averaged model, with its prior fitted where it has one.
        config: what it was trained with.
        progress: how far, and how long that took.
        command: the whole command line.
    """
    text = card_text(config)
    card = Card(
        title=text.title or config.preset,
        summary=text.summary,
        data=f"{data_line(config)}, at {model.config.image_size} pixels",
        licence=licence_line(config),
        preset=config.preset,
        command=command,
        images_seen=progress.images_seen,
        training_seconds=round(progress.seconds, 1),
        cpu_seconds=round(progress.cpu_seconds, 1),
        machine=machine(),
        weaknesses=list(text.weaknesses),
    )
    preview = images.to_webp(images.grid(images.to_uint8(draw_sheet(model)), NUM_COLUMNS))
    return checkpoints.save(folder, model, card, preview)


def machine() -> str:
    """What the training ran on, in words."""
    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__.partition('+')[0]}"
    return f"{processor_name()}, {torch.get_num_threads()} thread(s), PyTorch {torch.__version__.partition('+')[0]}"
