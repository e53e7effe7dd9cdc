"""A small convolutional GAN that is told the class.

The generator sees the class beside the code (Mirza and Osindero, "Conditional
Generative Adversarial Nets", 2014); the discriminator adds the inner product of
its features with an embedding of the class to its logit (Miyato and Koyama,
"cGANs with Projection Discriminator", 2018, equation 3):

    D(x, y) = psi(phi(x)) + embed(y) . phi(x)

The class enters as weights y that sum to 1, and both embeddings are linear in
y, so a blend of classes is a blend of embeddings.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.errors import PlaygroundError
from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, squash
from playground.models.discriminators import ProjectionDiscriminator
from playground.models.registry import register


class CGANConfig(ModelConfig):
    """The sizes of a conditional GAN.

    Attributes:
        generator_channels: at 4x4, 8x8 and so on up to `image_size`.
        discriminator_channels: at half of `image_size`, a quarter and so on.
        class_embedding_dim: numbers that stand for the class beside the code.
    """

    latent_dim: int = Field(default=64, ge=1, le=4096)
    image_size: int = Field(default=32, ge=8, le=1024)
    class_names: tuple[str, ...] = Field(min_length=1, max_length=1000)
    generator_channels: tuple[int, ...] = Field(default=(128, 96, 64, 32), min_length=2, max_length=9)
    discriminator_channels: tuple[int, ...] = Field(default=(48, 96, 160), min_length=1, max_length=8)
    class_embedding_dim: int = Field(default=32, ge=1, le=4096)


class Generator(nn.Module):
    """The code and an embedding of the class, side by side, decoded."""

    def __init__(self, config: CGANConfig) -> None:
        super().__init__()
        self.embed = nn.Linear(len(config.class_names), config.class_embedding_dim, bias=False)
        nn.init.normal_(self.embed.weight)
        num_inputs = config.latent_dim + config.class_embedding_dim
        self.decoder = Decoder(num_inputs, config.image_size, config.image_channels, config.generator_channels)

    def forward(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, "batch channels height width"]:
        return self.decoder(torch.cat([z, self.embed(y)], dim=1))


@register("cgan", CGANConfig)
class CGAN(GenerativeModel):
    """Pictures of a wanted class, or of a blend of classes."""

    title = "Conditional GAN"
    provides = frozenset({Capability.DISCRIMINATE})

    def __init__(self, config: CGANConfig) -> None:
        super().__init__(config)
        self.generator = Generator(config)
        self.discriminator = ProjectionDiscriminator(
            config.image_size, config.image_channels, config.discriminator_channels, len(config.class_names)
        )

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of latent codes and class weights, which this family needs."""
        return squash(self.levels(z, y))

    def levels(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """What `decode` squashes: pixels without bounds."""
        if y is None:
            raise PlaygroundError("This model draws by class: say which class, or a blend of classes.")
        return self.generator(z, y).float()

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real and more of its class."""
        if y is None:
            raise PlaygroundError("This model judges by class: say which class the pictures are of.")
        return self.discriminator(images, y)
