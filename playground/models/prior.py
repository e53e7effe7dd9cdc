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
from jaxtyping import Float, Int64
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

    def sample(self, count: int, generator: torch.Generator) -> Float[Tensor, "count latent_dim"]:
        """Codes drawn together, on the generator's device."""
        return torch.randn(count, self.latent_dim, generator=generator, device=generator.device)


class GaussianMixture(nn.Module):
    """A mixture of Gaussians with full covariances.

    Args:
        num_components: how many Gaussians.
        latent_dim: their dimension.

    Buffers: `weights` [num_components], summing to 1; `means` [num_components,
    latent_dim]; `packed_factors` [num_components, latent_dim (latent_dim + 1) / 2],
    the lower triangles of the covariances' Cholesky factors, row by row.
    """

    weights: Tensor
    means: Tensor
    packed_factors: Tensor

    def __init__(self, num_components: int, latent_dim: int) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.num_components = num_components
        self.register_buffer("weights", torch.full((num_components,), 1 / num_components))
        self.register_buffer("means", torch.zeros(num_components, latent_dim))
        num_numbers = latent_dim * (latent_dim + 1) // 2
        self.register_buffer("packed_factors", torch.zeros(num_components, num_numbers))
        self.pack(torch.eye(latent_dim).expand(num_components, -1, -1))

    @property
    def factors(self) -> Float[Tensor, "num_components latent_dim latent_dim"]:
        """The lower Cholesky factors of the covariances."""
        factors = self.packed_factors.new_zeros(self.num_components, self.latent_dim, self.latent_dim)
        rows, columns = self._lower_triangle()
        factors[:, rows, columns] = self.packed_factors
        return factors

    def pack(self, factors: Float[Tensor, "num_components latent_dim latent_dim"]) -> None:
        """Takes over lower Cholesky factors."""
        rows, columns = self._lower_triangle()
        self.packed_factors.copy_(factors[:, rows, columns])

    def sample(self, count: int, generator: torch.Generator) -> Float[Tensor, "count latent_dim"]:
        """Codes drawn together, on the generator's device, which is the mixture's."""
        quantiles = torch.rand(count, generator=generator, device=generator.device)
        components = torch.bucketize(quantiles * self.weights.sum(), self.weights.cumsum(0)[:-1])
        noise = torch.randn(count, self.latent_dim, 1, generator=generator, device=generator.device)
        return self.means[components] + (self.factors[components] @ noise).squeeze(2)

    @torch.no_grad()
    def become(self, mean: Float[Tensor, " latent_dim"], factor: Float[Tensor, "latent_dim latent_dim"]) -> None:
        """All components alike: one Gaussian of this mean and lower Cholesky factor."""
        self.means.copy_(mean.expand_as(self.means))
        self.pack(factor.expand(self.num_components, -1, -1))

    def _lower_triangle(self) -> Int64[Tensor, "2 num_numbers"]:
        return torch.tril_indices(self.latent_dim, self.latent_dim, device=self.packed_factors.device)

    def draw(self, seed: int, psi: float = 1.0) -> Float[Tensor, " latent_dim"]:
        """The code of `seed`, pulled towards its component's mean: m + psi * L z.

        At psi 0 every seed gives the centre of one component: a typical picture.
        """
        generator = torch.Generator().manual_seed(seed)
        noise = torch.randn(self.latent_dim, generator=generator)
        quantile = torch.rand((), generator=generator)
        cumulative = self.weights.cpu().cumsum(0)
        component = int((quantile * cumulative[-1] > cumulative).sum())
        rows, columns = self._lower_triangle().cpu()
        factor = torch.zeros(self.latent_dim, self.latent_dim)
        factor[rows, columns] = self.packed_factors[component].float().cpu()
        return self.means[component].cpu() + psi * factor @ noise
