"""Class accuracy: how often the judge sees the class that was asked for.

The generated counterpart of a classifier's test accuracy; in conditional
generation known as GAN-test (Shmelkov et al., "How good is my GAN?", 2018,
section 3).
"""

from __future__ import annotations

import torch
from jaxtyping import Int64
from torch import Tensor

from playground.errors import PlaygroundError


def class_accuracy(seen: Int64[Tensor, " n"], asked: Int64[Tensor, " n"]) -> float:
    """Share of pictures, 0 to 1, in which the class seen is the class asked for."""
    if not len(seen):
        raise PlaygroundError("Class accuracy needs at least one picture.")
    return torch.eq(seen, asked).double().mean().item()
