"""The distribution that a model's latent codes are drawn from.

A GAN is trained on codes from N(0, I). An autoencoder's codes lie where its
encoder puts them, and sampling N(0, I) leaves holes; a Gaussian mixture fitted
to the codes of the training images closes them at no training cost (ex-post
density estimation: Ghosh et al., "From Variational to Deterministic
Autoencoders", 2020, section 4).

Every draw is made on the CPU from one generator a seed, so that a seed gives
the same code at any batch size and on any device.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn


class StandardNormal(nn.Module):
    """N(0, I) in `latent_dim` dimensions."""

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.latent_dim = latent_dim

    def draw(self, seed: int, psi: float = 1.0) -> Float[Tensor, " latent_dim"]:
        """The code of `seed`, pulled towards 0 by truncation: psi * z."""
        generator = torch.Generator().manual_seed(seed)
        return psi * torch.randn(self.latent_dim, generator=generator)


class GaussianMixture(nn.Module):
    """A mixture of Gaussians with full covariances.

    Args:
        num_components: how many Gaussians.
        latent_dim: their dimension.

    Buffers: `weights` [num_components], summing to 1; `means` [num_components,
    latent_dim]; `factors` [num_components, latent_dim, latent_dim], the lower
    Cholesky factors of the covariances.
    """

    weights: Tensor
    means: Tensor
    factors: Tensor

    def __init__(self, num_components: int, latent_dim: int) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.num_components = num_components
        self.register_buffer("weights", torch.full((num_components,), 1 / num_components))
        self.register_buffer("means", torch.zeros(num_components, latent_dim))
        self.register_buffer("factors", torch.eye(latent_dim).repeat(num_components, 1, 1))

    def draw(self, seed: int, psi: float = 1.0) -> Float[Tensor, " latent_dim"]:
        """The code of `seed`, pulled towards its component's mean: m + psi * L z.

        At psi 0 every seed gives the centre of one component: a typical picture.
        """
        generator = torch.Generator().manual_seed(seed)
        noise = torch.randn(self.latent_dim, generator=generator)
        quantile = torch.rand((), generator=generator)
        cumulative = self.weights.cpu().cumsum(0)
        component = int((quantile * cumulative[-1] > cumulative).sum())
        return self.means[component].cpu() + psi * self.factors[component].cpu() @ noise
