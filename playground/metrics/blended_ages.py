"""What a blend of classes draws, on the way from the first class to the last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from playground.images import to_uint8
from playground.models import GenerativeModel

NUM_STEPS = 7
NUM_SEEDS = 500
BATCH_SIZE = 50


@torch.inference_mode()
def blended_ages(
    model: GenerativeModel,
    years_of: Callable[[UInt8[Tensor, "n channels height width"]], Float[Tensor, " n"]],
    num_seeds: int = NUM_SEEDS,
) -> dict[float, float]:
    """The mean age that pictures look, by the share of the last class in the blend, 0 to 1 in seven steps.

    The same seeds at every step, 0 to n-1, drawn from the model's own prior.

    Args:
        model: that takes classes, the first the youngest and the last the oldest.
        years_of: guesses ages from uint8 pictures.
    """
    codes = torch.stack([model.prior.draw(seed) for seed in range(num_seeds)])
    found = {}
    for share in torch.linspace(0, 1, NUM_STEPS).tolist():
        y = torch.zeros(len(model.class_names))
        y[0], y[-1] = 1 - share, share
        years = []
        for z in codes.split(BATCH_SIZE):
            images = torch.from_numpy(to_uint8(model.decode(z, y.expand(len(z), -1)))).permute(0, 3, 1, 2)
            years.append(years_of(images).double())
        found[round(share, 2)] = torch.cat(years).mean().item()
    return found


def rises(ages: Sequence[float]) -> bool:
    """Whether each is above the one before."""
    return all(before < after for before, after in pairwise(ages))
