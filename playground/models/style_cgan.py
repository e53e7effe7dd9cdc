"""A style-based GAN that is told the class.

The style of every layer is an affine function of the code beside an embedding
of the class; the code itself knows nothing of it. So one code is one person,
say, in every class, and a blend of classes is a blend of embeddings. The
discriminator is told by projection (Miyato and Koyama, 2018), as the plain
conditional GAN's is.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.errors import PlaygroundError
from playground.models.base import Capability, GenerativeModel
from playground.models.blocks import squash
from playground.models.discriminators import ProjectionDiscriminator
from playground.models.mapping import Mapping
from playground.models.registry import register
from playground.models.style_gan import StyleGANConfig, mixed_codes
from playground.models.styles import StyleDecoder


class StyleCGANConfig(StyleGANConfig):
    """The sizes of a conditional style-based GAN.

    Attributes:
        class_embedding_dim: numbers that stand for the class beside the code.
    """

    class_names: tuple[str, ...] = Field(min_length=1, max_length=1000)
    class_embedding_dim: int = Field(default=32, ge=1, le=4096)


class Generator(nn.Module):
    """The codes of all layers, each beside an embedding of the class, decoded."""

    def __init__(self, config: StyleCGANConfig) -> None:
        super().__init__()
        self.embed = nn.Linear(len(config.class_names), config.class_embedding_dim, bias=False)
        nn.init.normal_(self.embed.weight)
        num_inputs = config.latent_dim + config.class_embedding_dim
        self.decoder = StyleDecoder(num_inputs, config.image_size, config.image_channels, config.generator_channels)

    def forward(
        self, w: Float[Tensor, "batch num_layers latent_dim"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, "batch channels height width"]:
        told = self.embed(y)[:, None].expand(-1, w.shape[1], -1)
        return self.decoder(torch.cat([w, told], dim=2))


@register("style-cgan", StyleCGANConfig)
class StyleCGAN(GenerativeModel):
    """Pictures from styles, of a wanted class or of a blend of classes."""

    title = "Conditional style-based GAN"
    provides = frozenset({Capability.DISCRIMINATE})

    def __init__(self, config: StyleCGANConfig) -> None:
        super().__init__(config)
        self.prior = Mapping(config.latent_dim)
        self.generator = Generator(config)
        self.discriminator = ProjectionDiscriminator(
            config.image_size, config.image_channels, config.discriminator_channels, len(config.class_names)
        )

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of codes, the same one for every layer, and class weights, which this family needs."""
        return squash(self.levels(z[:, None].expand(-1, self.generator.decoder.num_layers, -1), y))

    def levels(
        self,
        z: Float[Tensor, "batch num_layers latent_dim"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Of one code a layer, what becomes `decode`'s images when squashed: pixels without bounds."""
        if y is None:
            raise PlaygroundError("This model draws by class: say which class, or a blend of classes.")
        return self.generator(self.prior.placed(z), y).float()

    def training_codes(
        self, count: int, y: Float[Tensor, "batch num_classes"] | None, generator: torch.Generator
    ) -> Float[Tensor, "batch num_layers latent_dim"]:
        """Mapped from noise, some of them mixed; the classes play no part."""
        return mixed_codes(self.prior, count, self.generator.decoder.num_layers, self.config.mixing, generator)

    def trained_generator(self) -> nn.Module:
        """The generator with its mapping."""
        return nn.ModuleList([self.generator, self.prior])

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real and more of its class."""
        if y is None:
            raise PlaygroundError("This model judges by class: say which class the pictures are of.")
        return self.discriminator(images, y)
