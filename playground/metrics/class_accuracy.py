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


def balanced_accuracy(seen: Int64[Tensor, " n"], asked: Int64[Tensor, " n"]) -> float:
    """The mean over the classes asked for of the share of pictures in which that class is seen, 0 to 1.

    Chance gives 1 over the number of classes, however many pictures each has
    (Brodersen et al., "The balanced accuracy and its posterior distribution",
    2010, equation 1).
    """
    if not len(seen):
        raise PlaygroundError("Class accuracy needs at least one picture.")
    hits = torch.eq(seen, asked).double()
    return torch.stack([hits[asked == label].mean() for label in asked.unique()]).mean().item()
