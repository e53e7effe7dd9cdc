"""The order in which a run sees the data."""

from __future__ import annotations

import torch
from jaxtyping import Int64
from torch import Tensor


class Order:
    """Every picture once, shuffled, then again in a new order, without end.

    The order follows from the seed alone, so a position, counted in pictures
    from the start of the run, is all that continuing needs.

    Args:
        num_images: in the data set.
        seed: of the run.
    """

    def __init__(self, num_images: int, seed: int) -> None:
        self.num_images = num_images
        self.seed = seed
        self._epochs: dict[int, Tensor] = {}

    def at(self, position: int, count: int) -> Int64[Tensor, " count"]:
        """The indices of `count` pictures from `position` on."""
        parts = []
        while count:
            epoch, offset = divmod(position, self.num_images)
            taken = min(count, self.num_images - offset)
            parts.append(self._shuffled(epoch)[offset : offset + taken])
            position, count = position + taken, count - taken
        return torch.cat(parts)

    def _shuffled(self, epoch: int) -> Int64[Tensor, " num_images"]:
        if epoch not in self._epochs:
            generator = torch.Generator().manual_seed(self.seed * 1_000_003 + epoch)
            self._epochs = {epoch: torch.randperm(self.num_images, generator=generator)}
        return self._epochs[epoch]
