"""Are samples copies of training pictures? Two figures, both from distances to the nearest training picture.

Meehan, Chaudhuri and Dasgupta, "A non-parametric test to detect data-copying in
generative models", 2020, section 3. With d(x) the distance of a picture to its
nearest training picture, a model that copies has smaller d than held-out real
pictures have. In each cell of a partition of the feature space (k-means on the
training pictures) the samples' d and the held-out pictures' are compared by
the Mann-Whitney statistic, as a z-score; the mean over the cells, weighted by
the held-out pictures in each, is C_T. Far below 0 is copying, around 0 is
right, far above 0 means that samples lie away from where real pictures are.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, Int64
from sklearn.cluster import KMeans
from torch import Tensor

from playground.errors import PlaygroundError
from playground.metrics.nearest import nearest

NUM_CELLS = 8
FEWEST = 20  # samples, and held-out pictures, for a cell to count: below it a z-score says little
QUANTILE = 0.01


def near_copies(held_out: Float[Tensor, " n"], samples: Float[Tensor, " m"]) -> float:
    """The share of samples nearer to a training picture than all but 1 % of held-out pictures are, 0 to 1.

    0.01 is what real pictures have. Arguments: distances to the nearest training picture.
    """
    if not len(held_out) or not len(samples):
        raise PlaygroundError("The share of near copies needs pictures on either side.")
    return (samples < held_out.quantile(QUANTILE)).double().mean().item()


def mann_whitney_z(held_out: Float[Tensor, " n"], samples: Float[Tensor, " m"]) -> float:
    """The z-score of how often a sample's distance exceeds a held-out picture's; below 0 where samples are nearer.

    With U the number of such pairs, an equal one counting half, it is
    (U - nm/2) / sqrt(nm (n + m + 1) / 12).
    """
    n, m = len(held_out), len(samples)
    order = held_out.sort().values
    below = torch.searchsorted(order, samples.contiguous(), right=False)
    up_to = torch.searchsorted(order, samples.contiguous(), right=True)
    pairs = (below + up_to).double().sum().item() / 2
    return (pairs - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)


def copying_score(
    held_out: tuple[Float[Tensor, " n"], Int64[Tensor, " n"]],
    samples: tuple[Float[Tensor, " m"], Int64[Tensor, " m"]],
) -> float:
    """C_T. Each side: distances to the nearest training picture, and the cell that each picture lies in.

    Raises `PlaygroundError` where no cell has enough pictures on both sides.
    """
    total, weight = 0.0, 0
    for cell in held_out[1].unique().tolist():
        real, drawn = held_out[0][held_out[1] == cell], samples[0][samples[1] == cell]
        if min(len(real), len(drawn)) >= FEWEST:
            total += len(real) * mann_whitney_z(real, drawn)
            weight += len(real)
    if not weight:
        raise PlaygroundError(f"The copying score needs at least {FEWEST} pictures on either side in some cell.")
    return total / weight


def cell_centres(training: Float[Tensor, "m features"]) -> Float[Tensor, "cells features"]:
    """The centres of a partition of the training pictures, always the same."""
    found = KMeans(NUM_CELLS, n_init=1, random_state=0).fit(training.numpy())
    return torch.from_numpy(found.cluster_centers_).to(training.dtype)


def cells_of(points: Float[Tensor, "n features"], centres: Float[Tensor, "cells features"]) -> Int64[Tensor, " n"]:
    """The cell that each point lies in: that of the nearest centre."""
    return nearest(points, centres)[1][:, 0]
