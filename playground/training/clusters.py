"""Pictures sorted into clusters of equal size, for models that are told no class."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from playground.data import ImageSet

NUM_PRINCIPAL = 50
NUM_LANDMARKS = 2000
NUM_NEAREST = 5
NUM_COORDINATES = 40
NUM_ROUNDS = 12
MAX_SIZE = 32  # pixels at which pictures are compared: the cost grows with the sixth power
CHUNK_SIZE = 4000  # rows whose distances are held at once


def by_cluster(data: ImageSet, num_clusters: int, seed: int) -> ImageSet:
    """The same pictures, with the cluster of each in place of its label."""
    generator = torch.Generator().manual_seed(seed)
    small = data if data.images.shape[-1] <= MAX_SIZE else data.at_size(MAX_SIZE)
    pixels = small.images.cpu().flatten(1).float() / 127.5 - 1
    labels = equal_clusters(landmark_embedding(principal_components(pixels), generator), num_clusters, generator)
    return ImageSet(data.images, labels, tuple(str(index) for index in range(num_clusters)))


def principal_components(rows: Float[Tensor, "num_rows num_columns"]) -> Float[Tensor, "num_rows num_principal"]:
    """The rows' coordinates along the directions of their largest variance."""
    centred = rows - rows.mean(0)
    _, vectors = torch.linalg.eigh(centred.T @ centred)
    return centred @ vectors[:, -NUM_PRINCIPAL:]


def landmark_embedding(
    points: Float[Tensor, "num_points num_dims"], generator: torch.Generator
) -> Float[Tensor, "num_points num_coordinates"]:
    """Coordinates in which points lie close that a chain of near neighbours joins; rows of length 1.

    Cai and Chen, "Large Scale Spectral Clustering via Landmark-Based Sparse
    Representation", 2015: each point is a mix of its nearest landmarks, and the
    leading right singular vectors of that sparse matrix, its columns scaled by
    their sums, give the embedding. Clusters of digits come out purer by half
    than clusters of pixels. Own code, because the spectral embeddings of the
    libraries need the neighbours of all pairs.
    """
    num_landmarks = max(1, min(NUM_LANDMARKS, len(points) // 4))
    num_nearest = min(NUM_NEAREST, num_landmarks)
    landmarks = points[torch.randperm(len(points), generator=generator)[:num_landmarks]]
    for _ in range(5):
        owners = torch.cat([torch.cdist(chunk, landmarks).argmin(1) for chunk in points.split(CHUNK_SIZE)])
        landmarks = means(points, owners, landmarks)
    nearest = [torch.cdist(chunk, landmarks).topk(num_nearest, largest=False) for chunk in points.split(CHUNK_SIZE)]
    distances, indices = (torch.cat(parts) for parts in zip(*nearest, strict=True))
    width = distances[:, -1].mean() / 2
    shares = torch.softmax(-distances.square() / (2 * width**2), dim=1)
    mixes = torch.zeros(len(points), num_landmarks).scatter_(1, indices, shares)
    mixes /= mixes.sum(0).clamp(min=1e-9).sqrt()
    values, vectors = torch.linalg.eigh((mixes.T @ mixes).double())
    leading = slice(-NUM_COORDINATES, None)
    coordinates = mixes @ (vectors[:, leading] / values[leading].clamp(min=1e-9).sqrt()).float()
    return coordinates / coordinates.norm(dim=1, keepdim=True).clamp(min=1e-9)


def equal_clusters(
    points: Float[Tensor, "num_points num_dims"], num_clusters: int, generator: torch.Generator
) -> Int64[Tensor, " num_points"]:
    """k-means (Lloyd, "Least squares quantization in PCM", 1982) whose clusters get equally many points.

    Points are shared out by optimal transport to the centres (Cuturi, "Sinkhorn
    Distances", 2013, algorithm 1), so sizes come out equal to a few per cent.
    Own code, because the k-means of the libraries leaves the sizes free.
    """
    centres = points[torch.randperm(len(points), generator=generator)[:num_clusters]]
    for _ in range(NUM_ROUNDS):
        owners = share_out(torch.cdist(points, centres).square())
        centres = means(points, owners, centres)
    return share_out(torch.cdist(points, centres).square())


def share_out(costs: Float[Tensor, "num_points num_clusters"]) -> Int64[Tensor, " num_points"]:
    """The cluster of each point where the costs are least and the clusters equally large.

    A price on each cluster does it: points go where cost and price are least,
    softly at first, ever more sharply.
    """
    prices = torch.zeros(costs.shape[1])
    spread = costs.min(dim=1).values.mean()
    wanted = torch.tensor(len(costs) / costs.shape[1]).log()
    for softness in torch.logspace(0, -1.5, 60).tolist():
        width = softness * spread
        for _ in range(2):
            logits = -(costs + prices) / width
            prices += width * (torch.log_softmax(logits, dim=1).logsumexp(dim=0) - wanted)
    return (costs + prices).argmin(dim=1)


def means(
    points: Float[Tensor, "num_points num_dims"],
    owners: Int64[Tensor, " num_points"],
    centres: Float[Tensor, "num_clusters num_dims"],
) -> Float[Tensor, "num_clusters num_dims"]:
    """The mean of each cluster's points; the former centre where there are none."""
    sums = torch.zeros_like(centres).index_add_(0, owners, points)
    sizes = torch.bincount(owners, minlength=len(centres))[:, None]
    return torch.where(sizes > 0, sums / sizes.clamp(min=1), centres)
