"""A few pictures of every class on one sheet."""

from __future__ import annotations

import numpy as np
import torch
from jaxtyping import Int64, UInt8
from torch import Tensor

from playground.data.image_set import ImageSet

NUM_COLUMNS = 10
NUM_ROWS = 6  # where there are no classes
MAX_CLASSES = 20


def contact_rows(data: ImageSet, num_columns: int) -> list[Int64[Tensor, " count"]]:
    """Which pictures stand on the sheet: a row a class, up to 20 classes; six rows where there are no classes.

    They are spread evenly over the order of the files.
    """
    if not data.class_names:
        return list(_spread(torch.arange(len(data)), num_columns * NUM_ROWS).split(num_columns))
    classes = range(min(len(data.class_names), MAX_CLASSES))
    return [_spread((data.labels == label).nonzero().squeeze(1), num_columns) for label in classes]


def contact_sheet(data: ImageSet, gap: int = 2) -> UInt8[np.ndarray, "height width channels"]:
    """The sheet, dark where a row is short."""
    size = data.images.shape[-1]
    rows = contact_rows(data, NUM_COLUMNS)
    shape = (len(rows) * (size + gap) - gap, NUM_COLUMNS * (size + gap) - gap, data.images.shape[1])
    sheet = np.full(shape, 32, np.uint8)
    for row, chosen in enumerate(rows):
        for column, index in enumerate(chosen.tolist()):
            top, left = row * (size + gap), column * (size + gap)
            sheet[top : top + size, left : left + size] = data.images[index].permute(1, 2, 0).numpy()
    return sheet


def _spread(indices: Int64[Tensor, " all"], count: int) -> Int64[Tensor, " count"]:
    """At most so many of them, evenly spread."""
    if len(indices) <= count:
        return indices
    return indices[torch.linspace(0, len(indices) - 1, count).long()]
