"""The Fréchet distance between two sets of features.

Heusel et al., "GANs trained by a two time-scale update rule converge to a local
Nash equilibrium", 2017, equation 6: with a Gaussian fitted to each set,

    d^2 = |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)).

There the features are an Inception network's and the number is called FID;
here they are the judge's, so the numbers compare with each other and with the
floor beside them, not with published ones.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from playground.errors import PlaygroundError


def frechet_distance(first: Float[Tensor, "n features"], second: Float[Tensor, "m features"]) -> float:
    """The squared Fréchet distance d^2, at least 0, in float64.

    The trace of (C1 C2)^(1/2) is the sum of the square roots of the eigenvalues
    of S C2 S with S = C1^(1/2): symmetric, so that it stays stable where a
    covariance is singular. Raises `PlaygroundError` for fewer than 2 rows.
    """
    if min(len(first), len(second)) < 2:
        raise PlaygroundError("The Fréchet distance needs at least 2 images on either side.")
    first, second = first.double(), second.double()
    shift = (first.mean(0) - second.mean(0)).square().sum()
    first_covariance, second_covariance = torch.cov(first.T), torch.cov(second.T)
    root = _square_root(first_covariance)
    overlap = torch.linalg.eigvalsh(root @ second_covariance @ root).clamp(min=0).sqrt().sum()
    spread = first_covariance.trace() + second_covariance.trace() - 2 * overlap
    return max(0.0, (shift + spread).item())


def _square_root(covariance: Float[Tensor, "features features"]) -> Float[Tensor, "features features"]:
    """The symmetric square root; eigenvalues that rounding made negative count as 0."""
    values, vectors = torch.linalg.eigh(covariance)
    return vectors @ torch.diag(values.clamp(min=0).sqrt()) @ vectors.T
