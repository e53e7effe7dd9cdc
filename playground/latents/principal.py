"""Principal directions: where in latent space a model's pictures change most.

The decoder's Jacobian J says how pixels answer a small step of the code. The
directions are the eigenvectors of its mean Gram matrix E[J^T J] over the
model's own codes, as Ramesh et al., "A Spectral Regularizer for Unsupervised
Disentanglement", 2018, take them at a single code. They are taken in whitened
coordinates, z = mean + L u, in which the codes have unit covariance, so that a
long axis of the codes is not mistaken for a short one that does little.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from playground.models import GenerativeModel
from playground.models.prior import GaussianMixture

MAX_DIRECTIONS = 16
NUM_CODES = 200  # a multiple of ten classes; the leading eigenvectors hardly change with more
STEP = 0.1  # standard deviations: small to the curvature of the pictures, large to float32's rounding


def fit_principal(model: GenerativeModel) -> None:
    """Gives a model its principal directions, at most 16. To be called once its weights and prior are final."""
    model.take_principal(*principal_directions(model, range(NUM_CODES)))


@torch.no_grad()
def principal_directions(
    model: GenerativeModel, seeds: Sequence[int]
) -> tuple[Float[Tensor, "num_directions latent_dim"], Float[Tensor, " num_directions"]]:
    """The min(16, latent_dim) directions along which pictures change most, the most telling first.

    Args:
        model: in eval mode.
        seeds: of the codes at which the Jacobian is measured, classes in turn;
            each costs latent_dim + 1 pictures.

    Returns unit vectors, whose largest coordinate is positive, and their scales:
    `scale * vector` is a step of length 1 in whitened coordinates, one standard
    deviation of the model's own codes. Both float32 on the CPU.
    """
    factor = whitening_factor(model)
    gram = sum(gram_matrix(model, factor, seed, turn) for turn, seed in enumerate(seeds))
    _, eigenvectors = torch.linalg.eigh(gram)  # in ascending order
    steps = (factor @ eigenvectors.flip(1)[:, :MAX_DIRECTIONS]).T
    largest = steps.gather(1, steps.abs().argmax(dim=1, keepdim=True))
    scales = steps.norm(dim=1)
    return (steps * largest.sign() / scales[:, None]).float(), scales.float()


def whitening_factor(model: GenerativeModel) -> Float[Tensor, "latent_dim latent_dim"]:
    """The L of z = mean + L u, where u has unit covariance: the Cholesky factor of the codes' covariance."""
    if not isinstance(model.prior, GaussianMixture):  # the codes have unit covariance
        return torch.eye(model.latent_dim, dtype=torch.float64)
    weights, means, factors = (
        tensor.double().cpu() for tensor in (model.prior.weights, model.prior.means, model.prior.factors)
    )
    weights = weights / weights.sum()
    offsets = means - weights @ means
    within = torch.einsum("m,mij,mkj->ik", weights, factors, factors)
    between = torch.einsum("m,mi,mk->ik", weights, offsets, offsets)
    return torch.linalg.cholesky(within + between)


def gram_matrix(
    model: GenerativeModel, factor: Float[Tensor, "latent_dim latent_dim"], seed: int, turn: int
) -> Float[Tensor, "latent_dim latent_dim"]:
    """J^T J in whitened coordinates at the code of one seed, and at the class whose turn it is."""
    device = next(model.parameters()).device
    centre = model.prior.draw(seed)
    codes = torch.cat([centre[None], centre + STEP * factor.T.float()])
    num_classes = len(model.class_names)
    y = torch.eye(num_classes)[turn % num_classes].expand(len(codes), -1).to(device) if num_classes else None
    pixels = model.decode(codes.to(device), y).flatten(1).double().cpu()
    jacobian = (pixels[1:] - pixels[0]) / STEP
    return jacobian @ jacobian.T
