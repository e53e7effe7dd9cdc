"""A small convolutional GAN: it is told no class.

Goodfellow et al., "Generative Adversarial Nets", 2014, with the networks of
Radford et al., "DCGAN", 2016, stripped of their normalisation, which the
relativistic objective with gradient penalties does not need (Huang et al.,
"The GAN is dead; long live the GAN!", 2024). The objective itself lives in
`playground.training.losses`.

Digits lie apart, N(0, I) is one piece: a plain generator draws bridges between
them that are no digits. Where the training had an encoder beside the generator
(see `playground.training.guidance`), codes are drawn from a mixture fitted to
what that finds in the training pictures.
"""

from __future__ import annotations

from jaxtyping import Float
from pydantic import Field
from torch import Tensor

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, squash
from playground.models.discriminators import Discriminator
from playground.models.registry import register


class GANConfig(ModelConfig):
    """The sizes of a convolutional GAN.

    Attributes:
        generator_channels: at 4x4, 8x8 and so on up to `image_size`.
        discriminator_channels: at half of `image_size`, a quarter and so on.
    """

    latent_dim: int = Field(default=64, ge=1, le=4096)
    image_size: int = Field(default=32, ge=8, le=1024)
    generator_channels: tuple[int, ...] = Field(default=(128, 96, 64, 32), min_length=2, max_length=9)
    discriminator_channels: tuple[int, ...] = Field(default=(48, 96, 160), min_length=1, max_length=8)


@register("gan", GANConfig)
class GAN(GenerativeModel):
    """Pictures from noise; the discriminator is kept for judging them."""

    title = "GAN"
    provides = frozenset({Capability.DISCRIMINATE})

    def __init__(self, config: GANConfig) -> None:
        super().__init__(config)
        self.generator = Decoder(config.latent_dim, config.image_size, config.image_channels, config.generator_channels)
        self.discriminator = Discriminator(config.image_size, config.image_channels, config.discriminator_channels)

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

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real. `y` plays no part."""
        return self.discriminator(images)
