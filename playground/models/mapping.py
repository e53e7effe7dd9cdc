"""Codes by a network: what a style-based generator draws its pictures from.

Karras et al., "A Style-Based Generator Architecture for Generative Adversarial
Networks", 2019, section 2: noise z from N(0, I), scaled to length sqrt(dim), is
mapped to an intermediate code w, in which the factors of the pictures lie less
entangled. Here w *is* the model's latent code: seeds are blended, truncated and
moved in it, and what draws it stands where other families have their prior.
"""

from __future__ import annotations

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from playground.models.blocks import LEAK, rectify

LEARNING_RATE_SHARE = 0.1  # of the networks' rate: the mapping is unsteady at the full one
NUM_AVERAGED = 4096
_GAIN = math.sqrt(2 / (1 + LEAK**2))


class SlowLinear(nn.Module):
    """A linear layer that learns at a tenth of the rate: it holds its weights ten times as large as it uses them."""

    def __init__(self, num_inputs: int, num_outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(num_outputs, num_inputs) / LEARNING_RATE_SHARE)
        self.bias = nn.Parameter(torch.zeros(num_outputs))
        self.scale = LEARNING_RATE_SHARE * _GAIN / math.sqrt(num_inputs)

    def forward(self, x: Float[Tensor, "batch num_inputs"]) -> Float[Tensor, "batch num_outputs"]:
        return functional.linear(x, self.scale * self.weight, LEARNING_RATE_SHARE * self.bias)


class Mapping(nn.Module):
    """N(0, I) seen through two layers.

    Args:
        latent_dim: of the noise and of the codes.

    Buffer: `centre` [latent_dim], the mean code, which truncation pulls towards.
    """

    centre: Tensor

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.latent_dim = latent_dim
        self.layers = nn.ModuleList([SlowLinear(latent_dim, latent_dim) for _ in range(2)])
        self.register_buffer("centre", torch.zeros(latent_dim))

    def forward(self, noise: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch latent_dim"]:
        """The codes of noise."""
        w = noise * (noise.square().mean(dim=1, keepdim=True) + 1e-8).rsqrt()
        for layer in self.layers:
            w = rectify(layer(w))
        return w

    @torch.no_grad()
    def draw(self, seed: int, psi: float = 1.0) -> Float[Tensor, " latent_dim"]:
        """The code of `seed`, pulled towards the mean code: m + psi * (w - m). Karras et al., 2019, appendix B."""
        noise = torch.randn(self.latent_dim, generator=torch.Generator().manual_seed(seed))
        w = self(noise[None].to(self.centre.device))[0].float()
        return (self.centre + psi * (w - self.centre)).cpu()

    @torch.no_grad()
    def codes(self, num_codes: int = NUM_AVERAGED) -> Float[Tensor, "num_codes latent_dim"]:
        """Codes of so many draws, always the same ones."""
        noise = torch.randn(num_codes, self.latent_dim, generator=torch.Generator().manual_seed(0))
        return self(noise.to(self.centre.device)).float()

    @torch.no_grad()
    def find_centre(self) -> None:
        """Puts the mean code where the weights, final now, have it."""
        self.centre.copy_(self.codes().mean(dim=0))
