"""Pictures sorted into clusters of equal size, for models that are told no class."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from playground.data import ImageSet

NUM_PRINCIPAL = 50
NUM_ROUNDS = 40


def by_cluster(data: ImageSet, num_clusters: int, seed: int) -> ImageSet:
    """The same pictures, with the cluster of each in place of its label."""
    pixels = data.images.cpu().flatten(1).float() / 127.5 - 1
    labels = equal_clusters(principal_components(pixels), num_clusters, seed)
    return ImageSet(data.images, labels, tuple(str(index) for index in range(num_clusters)))


def principal_components(rows: Float[Tensor, "num_rows num_columns"]) -> Float[Tensor, "num_rows num_principal"]:
    """The rows' coordinates along the directions of their largest variance."""
    centred = rows - rows.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    return centred @ vectors[:, -NUM_PRINCIPAL:]


def equal_clusters(
    points: Float[Tensor, "num_points num_dims"], num_clusters: int, seed: int
) -> Int64[Tensor, " num_points"]:
    """k-means (Lloyd, "Least squares quantization in PCM", 1982) whose clusters get equally many points.

    Each centre asks a price, and a point goes where squared distance and price
    together are least; prices rise where too many points go and fall where too
    few do. That is gradient ascent on the dual of optimal transport from the
    points to the centres (Aurenhammer et al., "Minkowski-type theorems and
    least-squares clustering", 1998). Sizes come out equal to a few per cent. Own
    code, because the k-means of the libraries leaves the sizes free.
    """
    generator = torch.Generator().manual_seed(seed)
    centres = points[torch.randperm(len(points), generator=generator)[:num_clusters]]
    wanted = len(points) / num_clusters
    prices = torch.zeros(num_clusters)
    spread = points.var(0).sum()
    for step in torch.logspace(-1.5, -3, NUM_ROUNDS).tolist():
        for _ in range(5):
            owners = (torch.cdist(points, centres).square() + prices).argmin(1)
            sizes = torch.bincount(owners, minlength=num_clusters)
            prices += step * spread * (sizes / wanted - 1).clamp(max=1)
        sums = torch.zeros_like(centres).index_add_(0, owners, points)
        centres = torch.where(sizes[:, None] > 0, sums / sizes[:, None].clamp(min=1), centres)
    return owners
