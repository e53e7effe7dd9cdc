"""A small convolutional GAN: a generator and a discriminator, no classes.

Goodfellow et al., "Generative Adversarial Nets", 2014, with the networks of
Radford et al., "DCGAN", 2016, stripped of their normalisation, which the
relativistic objective with gradient penalties does not need (Huang et al.,
"The GAN is dead; long live the GAN!", 2024). The objective itself lives in
`playground.training.losses`.
"""

from __future__ import annotations

from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, Features, squash, start_at
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


class Discriminator(nn.Module):
    """One logit a picture.

    Args:
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at half of `image_size`, a quarter and so on.
    """

    def __init__(self, image_size: int, image_channels: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.features = Features(image_size, image_channels, channels)
        self.logit = start_at(nn.Linear(self.features.num_features, 1), self.features.num_features, gain=1.0)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, " batch"]:
        return self.logit(self.features(images)).squeeze(1)


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
