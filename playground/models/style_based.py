"""What the style-based families have in common: codes by a mapping network, one for each layer.

Karras et al., "A Style-Based Generator Architecture for Generative Adversarial
Networks", 2019. Half of the pictures in training mix two codes at a random
layer (section 3.1 there), so that coarse and fine layers can be told apart.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import squash
from playground.models.mapping import Mapping
from playground.models.prior import GaussianMixture, StandardNormal


class StyleBasedConfig(ModelConfig):
    """The sizes of a style-based GAN.

    Attributes:
        generator_channels: at 4x4, 8x8 and so on up to `image_size`.
        discriminator_channels: at half of `image_size`, a quarter and so on.
        mixing: the share of pictures in training that mix two codes.
        has_fitted_noise: whether the mapping's noise is drawn from a Gaussian that a
            training with a guide fits, rather than from N(0, I).
    """

    latent_dim: int = Field(default=128, ge=1, le=4096)
    image_size: int = Field(default=64, ge=8, le=1024)
    generator_channels: tuple[int, ...] = Field(default=(224, 144, 96, 56, 24), min_length=2, max_length=9)
    discriminator_channels: tuple[int, ...] = Field(default=(48, 96, 160, 224), min_length=1, max_length=8)
    mixing: float = Field(default=0.5, ge=0, le=1)
    has_fitted_noise: bool = False


class StyleBased(GenerativeModel):
    """A family sets `generator`, which has `num_layers`, and implements `levels`."""

    provides = frozenset({Capability.DISCRIMINATE, Capability.LAYERS})

    def __init__(self, config: StyleBasedConfig) -> None:
        super().__init__(config)
        self.prior = Mapping(config.latent_dim, config.has_fitted_noise)

    @property
    def noise(self) -> StandardNormal | GaussianMixture:
        """What the mapping network maps."""
        return self.prior.noise

    @property
    def num_layers(self) -> int:
        """All that are told a style."""
        return self.generator.num_layers

    def decode(
        self, z: Float[Tensor, "batch *layers latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of codes, one for all layers or one a layer; `y` as in `levels`."""
        return squash(self.levels(z if z.ndim == 3 else z[:, None].expand(-1, self.num_layers, -1), y))

    def levels(
        self,
        z: Float[Tensor, "batch num_layers latent_dim"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Of one code a layer, what becomes `decode`'s images when squashed: pixels without bounds."""
        raise AssertionError(f"{type(self).__name__} lacks levels")

    def codes_from(self, noise: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch num_layers latent_dim"]:
        """Mapped, in the coordinates of an unmeasured mapping: they are w itself, the same in every layer."""
        return self.prior(noise)[:, None].expand(-1, self.num_layers, -1)

    def training_codes(
        self, count: int, draw: Callable[[int], Float[Tensor, "_ latent_dim"]], generator: torch.Generator
    ) -> Float[Tensor, "batch num_layers latent_dim"]:
        """A share of them mixed from two codes."""
        return self.mixed(*self.codes_from(draw(2 * count)).chunk(2), generator)

    def mixed(
        self,
        first: Float[Tensor, "batch num_layers latent_dim"],
        second: Float[Tensor, "batch num_layers latent_dim"],
        generator: torch.Generator,
    ) -> Float[Tensor, "batch num_layers latent_dim"]:
        """One code a layer: a share of the pictures has the second's from a random layer on."""
        count, device = len(first), first.device
        border = torch.randint(1, self.num_layers, (count,), generator=generator, device=device)
        is_mixed = torch.rand(count, generator=generator, device=device) < self.config.mixing
        changed = (torch.arange(self.num_layers, device=device) >= border[:, None]) & is_mixed[:, None]
        return torch.where(changed[:, :, None], second, first)

    def trained_generator(self) -> nn.Module:
        """The generator with its mapping."""
        return nn.ModuleList([self.generator, self.prior])
