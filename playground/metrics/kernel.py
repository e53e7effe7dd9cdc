"""The kernel distance between two sets of features.

Bińkowski et al., "Demystifying MMD GANs", 2018, section 4: the squared maximum
mean discrepancy with the polynomial kernel k(x, y) = (x . y / d + 1)^3, in its
unbiased form (Gretton et al., "A kernel two-sample test", 2012, equation 3).
There the features are an Inception network's and the number is called KID.
Unlike the Fréchet distance it does not grow when there are fewer pictures.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from playground.errors import PlaygroundError

CHUNK = 1000


def kernel_distance(first: Float[Tensor, "n features"], second: Float[Tensor, "m features"]) -> float:
    """The unbiased estimate of the squared discrepancy, in float64.

    Around 0 for two sets of one kind, and so sometimes a little below it.
    Raises `PlaygroundError` for fewer than 2 rows.
    """
    if min(len(first), len(second)) < 2:
        raise PlaygroundError("The kernel distance needs at least 2 images on either side.")
    first, second = first.double(), second.double()
    across = _sum(first, second) / (len(first) * len(second))
    return (_mean_of_pairs(first) + _mean_of_pairs(second) - 2 * across).item()


def _mean_of_pairs(points: Float[Tensor, "n features"]) -> Float[Tensor, ""]:
    """The mean kernel between different points: what a point has with itself is left out."""
    with_itself = _kernel(points.square().sum(1), points.shape[1]).sum()
    return (_sum(points, points) - with_itself) / (len(points) * (len(points) - 1))


def _sum(first: Float[Tensor, "n features"], second: Float[Tensor, "m features"]) -> Float[Tensor, ""]:
    sums = [_kernel(chunk @ second.T, second.shape[1]).sum() for chunk in first.split(CHUNK)]
    return torch.stack(sums).sum()


def _kernel(products: Float[Tensor, ...], dim: int) -> Float[Tensor, ...]:
    return (products / dim + 1) ** 3
