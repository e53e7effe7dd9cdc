"""Where the training of a tutorial stands, so that hours of it can be done in several sittings."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.optim import Optimizer

from playground.files import write_whole


def write_standing(file: Path, model: Any, epoch: int, cpu_seconds: float) -> None:
    """Keeps a tutorial's networks, optimizers and losses, and its place in torch's random numbers."""
    standing = {"epoch": epoch, "cpu_seconds": cpu_seconds, "random": torch.get_rng_state(), "losses": model.losses}
    content = io.BytesIO()
    torch.save(standing | {name: part.state_dict() for name, part in parts(model).items()}, content)
    write_whole(file, content.getvalue())


def read_standing(file: Path, model: Any) -> tuple[int, float]:
    """Brings `model` and torch's random numbers to where `write_standing` found them.

    Returns:
        How many epochs are behind, and how many CPU-seconds: none where no file is.
    """
    if not file.is_file():
        return 0, 0.0
    standing = torch.load(file, weights_only=True)
    for name, part in parts(model).items():
        part.load_state_dict(standing[name])
    model.losses = standing["losses"]
    torch.set_rng_state(standing["random"])
    return standing["epoch"], standing["cpu_seconds"]


def parts(model: Any) -> dict[str, nn.Module | Optimizer]:
    """The networks and optimizers among a tutorial's attributes."""
    return {name: part for name, part in vars(model).items() if isinstance(part, nn.Module | Optimizer)}
