"""The floor: what real training pictures reach on the same measure, at the same number of them."""

from __future__ import annotations

from pathlib import Path

import torch
from jaxtyping import Int64
from torch import Tensor

from playground.data import load_images
from playground.metrics.judge import Judge, Reference
from playground.metrics.reference import chosen_rows, training_pictures
from playground.metrics.samples import measure_samples


def measure_floor(held_out: Reference, data_dir: Path | None = None) -> dict[str, float]:
    """The figures of `measure_samples` for real training pictures; no model is expected to do better.

    A single set's Fréchet distance varies by a fifth with the few hundred odd
    pictures that fall into it, so the floor of a distance is the mean over all
    disjoint sets of that size: six sets of 10,000 digits, eight of 1,512 faces.
    The other figures are the first set's.
    """
    judge, num_images = held_out.judge, len(held_out)
    training = training_pictures(judge, data_dir)
    starts = range(0, len(training) - num_images + 1, num_images)
    sets = [training.part(start, start + num_images) for start in starts]
    figures = measure_samples(sets[0].images, sets[0].labels, held_out)
    for name, distance in judge.distances.items():
        found = [distance(each.verdict.features, held_out.verdict.features) for each in sets]
        figures[name] = torch.tensor(found, dtype=torch.float64).mean().item()
    return figures | judge.held_out_floor(held_out)


def asked_classes(judge: Judge, num_images: int, data_dir: Path | None = None) -> Int64[Tensor, " num_images"]:
    """The classes that conditional models are asked for: those of the floor's first set.

    So models and floor are measured on the same mix of classes, the one that
    the training data has; ten equal parts would cost a quarter of the digits' floor.
    """
    data = load_images(judge.data, "train", judge.image_size, data_dir)
    return data.labels[chosen_rows(len(data), num_images)]
