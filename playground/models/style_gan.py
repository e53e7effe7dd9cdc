"""A style-based GAN: a mapping network makes codes, and every layer of the generator is told its own.

Karras et al., 2019 and 2020 (see `playground.models.style_based`, `mapping` and
`styles`). The discriminator is that of the plain GAN.
"""

from __future__ import annotations

from jaxtyping import Float
from torch import Tensor

from playground.models.discriminators import Discriminator
from playground.models.registry import register
from playground.models.style_based import StyleBased, StyleBasedConfig
from playground.models.styles import StyleDecoder


@register("style-gan", StyleBasedConfig)
class StyleGAN(StyleBased):
    """Pictures from styles; the discriminator is kept for judging them."""

    title = "Style-based GAN"

    def __init__(self, config: StyleBasedConfig) -> None:
        super().__init__(config)
        self.generator = StyleDecoder(
            config.latent_dim, config.image_size, config.image_channels, config.generator_channels
        )
        self.discriminator = Discriminator(config.image_size, config.image_channels, config.discriminator_channels)

    def levels(
        self,
        z: Float[Tensor, "batch num_layers latent_dim"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch channels height width"]:
        """Pixels without bounds of one code a layer; `y` plays no part."""
        return self.generator(self.prior.placed(z)).float()

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real. `y` plays no part."""
        return self.discriminator(images)
