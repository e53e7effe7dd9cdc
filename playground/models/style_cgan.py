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
from playground.models.discriminators import ProjectionDiscriminator
from playground.models.registry import register
from playground.models.style_based import StyleBased, StyleBasedConfig
from playground.models.styles import StyleDecoder


class StyleCGANConfig(StyleBasedConfig):
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

    @property
    def num_layers(self) -> int:
        return self.decoder.num_layers

    def forward(
        self, w: Float[Tensor, "batch num_layers latent_dim"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, "batch channels height width"]:
        told = self.embed(y)[:, None].expand(-1, w.shape[1], -1)
        return self.decoder(torch.cat([w, told], dim=2))


@register("style-cgan", StyleCGANConfig)
class StyleCGAN(StyleBased):
    """Pictures from styles, of a wanted class or of a blend of classes."""

    title = "Conditional style-based GAN"

    def __init__(self, config: StyleCGANConfig) -> None:
        super().__init__(config)
        self.generator = Generator(config)
        self.discriminator = ProjectionDiscriminator(
            config.image_size, config.image_channels, config.discriminator_channels, len(config.class_names)
        )

    def levels(
        self,
        z: Float[Tensor, "batch num_layers latent_dim"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Pixels without bounds of one code a layer and class weights, which this family needs."""
        if y is None:
            raise PlaygroundError("This model draws by class: say which class, or a blend of classes.")
        return self.generator(self.prior.placed(z), y).float()

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real and more of its class."""
        if y is None:
            raise PlaygroundError("This model judges by class: say which class the pictures are of.")
        return self.discriminator(images, y)
