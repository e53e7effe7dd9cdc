"""The card of what a run has made, at its end or on the way."""

from __future__ import annotations

import shlex

import torch

from playground.card import Card
from playground.training.about import card_text, command_words, data_line, licence_line
from playground.training.config import TrainingConfig
from playground.training.footprint import processor_name
from playground.training.resume import Progress


def card_of(config: TrainingConfig, progress: Progress, image_size: int) -> Card:
    """What is known of a model that was trained so far.

    Args:
        config: what it is trained with.
        progress: how far, and how long that took.
        image_size: pixels that the data was scaled to.
    """
    text = card_text(config)
    return Card(
        title=text.title or config.preset,
        summary=text.summary,
        data=f"{data_line(config)}, at {image_size} pixels",
        licence=licence_line(config),
        preset=config.preset,
        command=shlex.join(command_words(config)),
        images_seen=progress.images_seen,
        training_seconds=round(progress.seconds, 1),
        cpu_seconds=round(progress.cpu_seconds, 1),
        machine=machine(),
        weaknesses=list(text.weaknesses),
    )


def machine() -> str:
    """What the training runs on, in words."""
    if torch.cuda.is_available():
        return f"{torch.cuda.get_device_name()}, PyTorch {torch.__version__.partition('+')[0]}"
    return f"{processor_name()}, {torch.get_num_threads()} thread(s), PyTorch {torch.__version__.partition('+')[0]}"
