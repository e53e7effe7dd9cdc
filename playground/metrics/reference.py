"""Real digits to measure against, and the floor: what real digits reach themselves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor

from playground.data import load_images
from playground.errors import PlaygroundError
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import JUDGE_SIZE, Verdict, judge


@dataclass(frozen=True)
class Reference:
    """Real digits, their classes and what the judge sees in them.

    Attributes:
        images: uint8 [n, 1, 32, 32].
        labels: int64 [n], the true digits.
        verdict: the judge's features and classes.
    """

    images: UInt8[Tensor, "n 1 32 32"]
    labels: Int64[Tensor, " n"]
    verdict: Verdict


def real_digits(split: Literal["train", "test"], num_images: int, data_dir: Path | None = None) -> Reference:
    """`num_images` of MNIST's `split`, the same ones at every call, in a fixed random order.

    Raises `PlaygroundError` when the data cannot be had or holds fewer.
    """
    mnist = load_images("mnist", split, JUDGE_SIZE, data_dir)
    if num_images > len(mnist):
        raise PlaygroundError(f"MNIST's {split} part has {len(mnist)} images, {num_images} were asked for.")
    chosen = chosen_rows(len(mnist), num_images)
    images, labels = mnist.images[chosen], mnist.labels[chosen]
    return Reference(images, labels, judge(images))


def chosen_rows(num_rows: int, num_chosen: int) -> Int64[Tensor, " num_chosen"]:
    """The first `num_chosen` of a fixed random order of `num_rows` rows."""
    return torch.randperm(num_rows, generator=torch.Generator().manual_seed(0))[:num_chosen]


def distance_to(reference: Reference, images: UInt8[Tensor, "n 1 height width"]) -> float:
    """The Fréchet distance of uint8 digits of 28x28 or 32x32 to a reference: quick, to steer by."""
    return frechet_distance(judge(images).features, reference.verdict.features)
