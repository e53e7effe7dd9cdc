"""A style-based GAN: a mapping network makes codes, and every layer of the generator is told its own.

Karras et al., 2019 and 2020 (see `playground.models.mapping` and
`playground.models.styles`); half of the pictures in training mix two codes at a
random layer (2019, section 3.1), so that coarse and fine layers can be told
apart. The discriminator is that of the plain GAN, without modes.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import squash
from playground.models.discriminators import Discriminator
from playground.models.mapping import Mapping
from playground.models.registry import register
from playground.models.styles import StyleDecoder


class StyleGANConfig(ModelConfig):
    """The sizes of a style-based GAN.

    Attributes:
        generator_channels: at 4x4, 8x8 and so on up to `image_size`.
        discriminator_channels: at half of `image_size`, a quarter and so on.
        mixing: the share of pictures in training that mix two codes.
    """

    latent_dim: int = Field(default=128, ge=1, le=4096)
    image_size: int = Field(default=64, ge=8, le=1024)
    generator_channels: tuple[int, ...] = Field(default=(224, 144, 96, 56, 24), min_length=2, max_length=9)
    discriminator_channels: tuple[int, ...] = Field(default=(48, 96, 160, 224), min_length=1, max_length=8)
    mixing: float = Field(default=0.5, ge=0, le=1)


def mixed_codes(
    prior: Mapping, count: int, num_layers: int, mixing: float, generator: torch.Generator
) -> Float[Tensor, "batch num_layers latent_dim"]:
    """Codes to train on, in the coordinates of an unmeasured mapping: they are w itself.

    A share of them has the codes of another picture from a random layer on.
    """
    device = generator.device
    noise = torch.randn(2 * count, prior.latent_dim, generator=generator, device=device)
    first, second = prior(noise).chunk(2)
    border = torch.randint(1, num_layers, (count,), generator=generator, device=device)
    is_mixed = torch.rand(count, generator=generator, device=device) < mixing
    changed = (torch.arange(num_layers, device=device) >= border[:, None]) & is_mixed[:, None]
    return torch.where(changed[:, :, None], second[:, None], first[:, None])


@register("style-gan", StyleGANConfig)
class StyleGAN(GenerativeModel):
    """Pictures from styles; the discriminator is kept for judging them."""

    title = "Style-based GAN"
    provides = frozenset({Capability.DISCRIMINATE})

    def __init__(self, config: StyleGANConfig) -> None:
        super().__init__(config)
        self.prior = Mapping(config.latent_dim)
        self.generator = StyleDecoder(
            config.latent_dim, config.image_size, config.image_channels, config.generator_channels
        )
        self.discriminator = Discriminator(config.image_size, config.image_channels, config.discriminator_channels)

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of codes, the same one for every layer; `y` plays no part."""
        return squash(self.levels(z[:, None].expand(-1, self.generator.num_layers, -1), y))

    def levels(
        self,
        z: Float[Tensor, "batch num_layers latent_dim"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Of one code a layer, what becomes `decode`'s images when squashed: pixels without bounds."""
        return self.generator(self.prior.placed(z)).float()

    def training_codes(
        self, count: int, y: Float[Tensor, "batch num_classes"] | None, generator: torch.Generator
    ) -> Float[Tensor, "batch num_layers latent_dim"]:
        """Mapped from noise, some of them mixed; `y` plays no part."""
        return mixed_codes(self.prior, count, self.generator.num_layers, self.config.mixing, generator)

    def trained_generator(self) -> nn.Module:
        """The generator with its mapping."""
        return nn.ModuleList([self.generator, self.prior])

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real. `y` plays no part."""
        return self.discriminator(images)
