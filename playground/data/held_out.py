"""Which of a person's own pictures are kept back from training, to measure with."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Int64
from torch import Tensor

ONE_IN = 10
ENOUGH = 1_000  # pictures of a class: of fewer none can be spared, and a tenth would measure nothing


def held_out(
    checksums: Int64[Tensor, " num_images"], labels: Int64[Tensor, " num_images"]
) -> Bool[Tensor, " num_images"]:
    """Whether each picture is kept back: about a tenth of each class of at least 1,000.

    Args:
        checksums: of the files' content, 0 or more. A picture's part follows from it alone, so
            that copies of a picture never lie in both parts, and adding pictures moves no other.
        labels: the classes, 0 where there are none.
    """
    counts = torch.bincount(labels)
    return (checksums % ONE_IN == 0) & (counts[labels] >= ENOUGH)
