"""A small convolutional GAN that finds its own modes: it is told no class.

Goodfellow et al., "Generative Adversarial Nets", 2014, with the networks of
Radford et al., "DCGAN", 2016, stripped of their normalisation, which the
relativistic objective with gradient penalties does not need (Huang et al.,
"The GAN is dead; long live the GAN!", 2024). The objective itself lives in
`playground.training.losses`.

Digits lie apart, a Gaussian is one piece: a plain generator draws bridges
between them that are no digits. So the code first chooses one of `num_modes`
modes, and the discriminator judges a picture as one of its mode, by projection;
real pictures get their modes from clusters, not from labels (Liu et al.,
"Diverse Image Generation via Self-Conditioned GANs", 2020).
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, squash
from playground.models.discriminators import ProjectionDiscriminator
from playground.models.modes import Modes
from playground.models.registry import register


class GANConfig(ModelConfig):
    """The sizes of a convolutional GAN.

    Attributes:
        num_modes: that the code chooses from; at most `latent_dim`.
        generator_channels: at 4x4, 8x8 and so on up to `image_size`.
        discriminator_channels: at half of `image_size`, a quarter and so on.
        mode_embedding_dim: numbers that stand for the mode beside the code.
    """

    latent_dim: int = Field(default=64, ge=1, le=4096)
    image_size: int = Field(default=32, ge=8, le=1024)
    num_modes: int = Field(default=1, ge=1, le=4096)
    generator_channels: tuple[int, ...] = Field(default=(128, 96, 64, 32), min_length=2, max_length=9)
    discriminator_channels: tuple[int, ...] = Field(default=(48, 96, 160), min_length=1, max_length=8)
    mode_embedding_dim: int = Field(default=32, ge=1, le=4096)


class Generator(nn.Module):
    """The code and an embedding of the mode that it chooses, side by side, decoded."""

    def __init__(self, config: GANConfig) -> None:
        super().__init__()
        self.choose = Modes(config.num_modes, config.latent_dim)
        self.embed = nn.Linear(config.num_modes, config.mode_embedding_dim, bias=False)
        nn.init.normal_(self.embed.weight)
        num_inputs = config.latent_dim + config.mode_embedding_dim
        self.decoder = Decoder(num_inputs, config.image_size, config.image_channels, config.generator_channels)

    def forward(self, z: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch channels height width"]:
        return self.decoder(torch.cat([z, self.embed(self.choose(z))], dim=1))


@register("gan", GANConfig)
class GAN(GenerativeModel):
    """Pictures from noise; the discriminator is kept for judging them."""

    title = "GAN"
    provides = frozenset({Capability.DISCRIMINATE})

    def __init__(self, config: GANConfig) -> None:
        super().__init__(config)
        self.generator = Generator(config)
        self.discriminator = ProjectionDiscriminator(
            config.image_size, config.image_channels, config.discriminator_channels, config.num_modes
        )

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of latent codes; `y` plays no part."""
        return squash(self.levels(z, y))

    def levels(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """What `decode` squashes: pixels without bounds."""
        return self.generator(z).float()

    @property
    def modes(self) -> Modes:
        """How its codes choose a mode."""
        return self.generator.choose

    def training_codes(
        self, count: int, y: Float[Tensor, "batch num_classes"] | None, generator: torch.Generator
    ) -> Float[Tensor, "batch latent_dim"]:
        """From N(0, I), given the modes of the real pictures."""
        z = super().training_codes(count, y, generator)
        return z if y is None else self.modes.place(z, y.argmax(dim=1))

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real; those of the modes added as log sum exp. `y` plays no part."""
        return self.discriminator.all_classes(images).logsumexp(dim=1)
