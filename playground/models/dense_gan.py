"""The classic GAN of two small dense networks, as textbooks show it.

Goodfellow et al., "Generative Adversarial Nets", 2014. Kept as the teaching
model: its whole code fits on a slide, and its pictures show why the field went
on. Nothing in it is improved on purpose.
"""

from __future__ import annotations

from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.registry import register


class DenseGANConfig(ModelConfig):
    """The sizes of the classic GAN.

    Attributes:
        hidden_dim: width of the one hidden layer of both networks.
    """

    latent_dim: int = Field(default=100, ge=1, le=4096)
    image_size: int = Field(default=28, ge=4, le=1024)
    hidden_dim: int = Field(default=128, ge=1, le=65_536)


@register("dense-gan", DenseGANConfig)
class DenseGAN(GenerativeModel):
    """Two dense layers draw, two dense layers judge."""

    title = "Classic GAN"
    provides = frozenset({Capability.DISCRIMINATE})

    def __init__(self, config: DenseGANConfig) -> None:
        super().__init__(config)
        num_pixels = config.image_channels * config.image_size**2
        self.generator = nn.Sequential(
            nn.Linear(config.latent_dim, config.hidden_dim),
            nn.LeakyReLU(0.01),
            nn.BatchNorm1d(config.hidden_dim),
            nn.Linear(config.hidden_dim, num_pixels),
            nn.Tanh(),
        )
        self.discriminator = nn.Sequential(
            nn.Linear(num_pixels, config.hidden_dim),
            nn.LeakyReLU(0.01),
            nn.Linear(config.hidden_dim, 1),
        )

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of latent codes; `y` plays no part."""
        return self.generator(z).view(-1, *self.image_shape)

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real. `y` plays no part."""
        return self.discriminator(images.flatten(1)).squeeze(1)
