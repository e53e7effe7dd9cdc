"""Real pictures to measure against."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Literal

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor

from playground.data import load_images
from playground.data.cache_folder import data_folder
from playground.errors import PlaygroundError
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import Judge, Reference


def real_pictures(
    judge: Judge, split: Literal["train", "test"], num_images: int | None = None, data_dir: Path | None = None
) -> Reference:
    """So many of a judge's real pictures (all where None), the same ones at every call, in a fixed random order.

    Raises `PlaygroundError` when the data cannot be had or holds fewer.
    """
    data = load_images(judge.data, split, judge.image_size, data_dir)
    if num_images is not None and num_images > len(data):
        raise PlaygroundError(f"The {split} part of {judge.data} has {len(data)} images, {num_images} were asked for.")
    chosen = chosen_rows(len(data), len(data) if num_images is None else num_images)
    images = data.images[chosen]
    return Reference(judge, images, data.labels[chosen], judge(images))


def training_pictures(judge: Judge, data_dir: Path | None = None) -> Reference:
    """All of a judge's training pictures, in that order; judged once, and then remembered."""
    return _training_pictures(judge, data_folder(data_dir))


@lru_cache(maxsize=1)
def _training_pictures(judge: Judge, data_dir: Path | None) -> Reference:
    return real_pictures(judge, "train", None, data_dir)


def chosen_rows(num_rows: int, num_chosen: int) -> Int64[Tensor, " num_chosen"]:
    """The first `num_chosen` of a fixed random order of `num_rows` rows."""
    return torch.randperm(num_rows, generator=torch.Generator().manual_seed(0))[:num_chosen]


def distance_to(reference: Reference, images: UInt8[Tensor, "n channels height width"]) -> float:
    """The Fréchet distance of uint8 pictures to a reference: quick, to steer by."""
    return frechet_distance(reference.judge(images).features, reference.verdict.features)
