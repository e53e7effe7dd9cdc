"""The floor: what real training digits reach on the same measure, at the same number of them."""

from __future__ import annotations

from pathlib import Path

import torch
from jaxtyping import Int64
from torch import Tensor

from playground.data import load_images
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import JUDGE_SIZE, judge
from playground.metrics.reference import Reference, chosen_rows
from playground.metrics.samples import measure_samples


def measure_floor(held_out: Reference, data_dir: Path | None = None) -> dict[str, float]:
    """The figures of `measure_samples` for real training digits; no model is expected to do better.

    A single set's Fréchet distance varies by a fifth with the few hundred odd
    digits that fall into it, so its floor is the mean over all disjoint sets of
    that size: six sets of 10,000. The other figures are the first set's.
    """
    mnist = load_images("mnist", "train", JUDGE_SIZE, data_dir)
    num_images = len(held_out.images)
    sets = chosen_rows(len(mnist), len(mnist)).split(num_images)
    first, whole = sets[0], [rows for rows in sets if len(rows) == num_images]
    distances = [frechet_distance(judge(mnist.images[rows]).features, held_out.verdict.features) for rows in whole]
    figures = measure_samples(mnist.images[first], mnist.labels[first], held_out)
    return figures | {"frechet_distance": torch.tensor(distances, dtype=torch.float64).mean().item()}


def asked_classes(num_images: int, data_dir: Path | None = None) -> Int64[Tensor, " num_images"]:
    """The classes that conditional models are asked for: those of the floor's first set.

    So models and floor are measured on the same mix of classes, the one that
    the training data has; ten equal parts would cost a quarter of the floor.
    """
    mnist = load_images("mnist", "train", JUDGE_SIZE, data_dir)
    return mnist.labels[chosen_rows(len(mnist), num_images)]
