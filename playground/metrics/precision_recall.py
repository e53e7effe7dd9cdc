"""Improved precision and recall.

Kynkäänniemi et al., "Improved precision and recall metric for assessing
generative models", 2019, equations 1 and 2. A set's manifold is the union of
the balls around its points, each reaching to the point's k-th nearest
neighbour. Precision is the share of generated points inside the real manifold
(are the pictures right?), recall the share of real points inside the generated
manifold (is everything there that should be?).
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from playground.errors import PlaygroundError

NUM_NEIGHBOURS = 3
CHUNK = 1000


def precision_recall(
    real: Float[Tensor, "n features"], generated: Float[Tensor, "m features"], num_neighbours: int = NUM_NEIGHBOURS
) -> tuple[float, float]:
    """Precision and recall, each 0 to 1. Raises `PlaygroundError` when a set has no k-th neighbour."""
    if min(len(real), len(generated)) <= num_neighbours:
        raise PlaygroundError(f"Precision and recall need more than {num_neighbours} images on either side.")
    real, generated = real.double(), generated.double()
    precision = _share_inside(generated, real, _radii(real, num_neighbours))
    recall = _share_inside(real, generated, _radii(generated, num_neighbours))
    return precision, recall


def _radii(points: Float[Tensor, "n features"], num_neighbours: int) -> Float[Tensor, " n"]:
    """Each point's distance to its k-th nearest neighbour among the others."""
    # One more than k, since the nearest of all is the point itself.
    chunks = [
        torch.cdist(chunk, points).topk(num_neighbours + 1, largest=False).values[:, -1]
        for chunk in points.split(CHUNK)
    ]
    return torch.cat(chunks)


def _share_inside(
    points: Float[Tensor, "n features"], centres: Float[Tensor, "m features"], radii: Float[Tensor, " m"]
) -> float:
    """The share of points within at least one centre's radius."""
    inside = [(torch.cdist(chunk, centres) <= radii).any(1) for chunk in points.split(CHUNK)]
    return torch.cat(inside).double().mean().item()
