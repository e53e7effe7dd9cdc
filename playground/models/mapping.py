"""Codes by a network: what a style-based generator draws its pictures from.

Karras et al., "A Style-Based Generator Architecture for Generative Adversarial
Networks", 2019, section 2: noise, scaled to length sqrt(dim), is mapped to an
intermediate code w, in which the factors of the pictures lie less entangled. Here
w *is* the model's latent code: seeds are blended, truncated and moved in it, and
what draws it stands where other families have their prior.

It is given in coordinates in which it has mean 0 and unit covariance, z with
w = m + L z (Zhu et al., "Improved StyleGAN Embedding: Where are the Good
Latents?", 2020, section 3), so that lengths and steps mean what they mean for
codes from N(0, I). m and L are measured once the weights are final; until then
they are 0 and I.

The noise is from N(0, I), or, where the training had an encoder, from a Gaussian
fitted to what that finds in the training pictures (see
`playground.training.guidance`).
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from playground.models.blocks import LEAK, rectify
from playground.models.prior import GaussianMixture, StandardNormal

LEARNING_RATE_SHARE = 0.1  # of the networks' rate: the mapping is unsteady at the full one
NUM_MEASURED = 10_000
FLOOR = 1e-4  # of the mean variance, added to each: along some directions w hardly moves
_GAIN = math.sqrt(2 / (1 + LEAK**2))


class SlowLinear(nn.Module):
    """A linear layer that learns at a tenth of the rate: it holds its weights ten times as large as it uses them.

    They start orthogonal, since the product of two random matrices is ill-conditioned.
    """

    def __init__(self, num_inputs: int, num_outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(num_outputs, num_inputs))
        nn.init.orthogonal_(self.weight, gain=math.sqrt(num_inputs) / LEARNING_RATE_SHARE)
        self.bias = nn.Parameter(torch.zeros(num_outputs))
        self.scale = LEARNING_RATE_SHARE * _GAIN / math.sqrt(num_inputs)

    def forward(self, x: Float[Tensor, "batch num_inputs"]) -> Float[Tensor, "batch num_outputs"]:
        return functional.linear(x, self.scale * self.weight, LEARNING_RATE_SHARE * self.bias)


class Mapping(nn.Module):
    """Noise seen through two layers.

    Args:
        latent_dim: of the noise and of the codes.
        has_fitted_noise: whether a training fits the Gaussian that the noise is drawn from.

    Buffers: `centre` [latent_dim] and `factor` [latent_dim, latent_dim], the
    mean of w and the lower Cholesky factor of its covariance.
    """

    centre: Tensor
    factor: Tensor

    def __init__(self, latent_dim: int, has_fitted_noise: bool) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.noise = GaussianMixture(1, latent_dim) if has_fitted_noise else StandardNormal(latent_dim)
        self.layers = nn.ModuleList([SlowLinear(latent_dim, latent_dim) for _ in range(2)])
        self.register_buffer("centre", torch.zeros(latent_dim))
        self.register_buffer("factor", torch.eye(latent_dim))

    def forward(self, noise: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch latent_dim"]:
        """The intermediate codes w of noise."""
        w = noise * (noise.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.layers:
            w = rectify(layer(w))
        return w

    @torch.no_grad()
    def affine_layers(self) -> list[tuple[Tensor, Tensor]]:
        """Weight [outputs, inputs] and bias [outputs] of all that `draw` does to noise of length sqrt(dim).

        Between two of them stands the rectifier; the last standardises.
        """
        layers = [(layer.scale * layer.weight, LEARNING_RATE_SHARE * layer.bias) for layer in self.layers]
        inverse = torch.linalg.inv(self.factor.double())
        return [*layers, (inverse.float(), -(inverse @ self.centre.double()).float())]

    def placed(self, z: Float[Tensor, "batch *layers latent_dim"]) -> Float[Tensor, "batch *layers latent_dim"]:
        """w = m + L z."""
        return self.centre + z @ self.factor.T

    def standardised(self, w: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch latent_dim"]:
        """z = L^-1 (w - m)."""
        return torch.linalg.solve_triangular(self.factor, (w - self.centre).T, upper=False).T

    @torch.no_grad()
    def draw(self, seed: int, psi: float = 1.0) -> Float[Tensor, " latent_dim"]:
        """The code of `seed`, pulled towards the mean by truncation: psi * z (Karras et al., 2019, appendix B)."""
        noise = self.noise.draw(seed)
        return psi * self.standardised(self(noise[None].to(self.centre.device)).float())[0].cpu()

    @torch.no_grad()
    def measure(self) -> None:
        """Finds m and L of the weights as they are."""
        noise = torch.stack([self.noise.draw(seed) for seed in range(NUM_MEASURED)])
        w = self(noise.to(self.centre.device)).double()
        covariance = w.T.cov()
        least = FLOOR * covariance.diagonal().mean() * torch.eye(self.latent_dim, device=w.device)
        self.centre.copy_(w.mean(dim=0))
        self.factor.copy_(torch.linalg.cholesky(covariance + least))
