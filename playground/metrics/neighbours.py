"""A sheet of samples with the training pictures nearest to each: to see that they are not copies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8

from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.images import grid, to_png
from playground.metrics.judge import Judge
from playground.metrics.measure import draw
from playground.metrics.nearest import nearest
from playground.metrics.reference import training_pictures
from playground.models import GenerativeModel

NUM_ROWS = 12
NUM_NEIGHBOURS = 5


def neighbour_sheet(
    model: GenerativeModel, judge: Judge, data_dir: Path | None = None
) -> UInt8[np.ndarray, "height width channels"]:
    """Twelve rows: the picture of a seed, 0 to 11, then the five nearest training pictures, nearest first.

    Near is meant in the judge's features. The classes, where a model takes any, go round.
    """
    training = training_pictures(judge, data_dir)
    labels = torch.arange(NUM_ROWS) % max(1, len(model.class_names))
    samples = judge.at_own_size(draw(model, model.prior, labels))
    _, chosen = nearest(judge(samples).features, training.verdict.features, NUM_NEIGHBOURS)
    rows = torch.cat([samples[:, None], training.images[chosen]], 1).flatten(0, 1)
    return grid(rows.permute(0, 2, 3, 1).numpy(), NUM_NEIGHBOURS + 1)


def write_neighbours(model: GenerativeModel, judge: Judge, file: Path, data_dir: Path | None = None) -> None:
    """Writes the sheet as a PNG. It shows training pictures: mind their licence before it goes anywhere."""
    if file.suffix.lower() != ".png":
        raise PlaygroundError(f"The sheet of neighbours is a PNG: call it {file.stem}.png, not {file.name}.")
    sheet = to_png(neighbour_sheet(model, judge, data_dir))
    try:
        write_whole(file, sheet)
    except OSError as error:
        raise PlaygroundError(f"{file} cannot be written ({error.strerror}): choose another folder.") from None
