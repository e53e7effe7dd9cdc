"""A convolutional autoencoder: a picture squeezed through a short code.

Hinton and Salakhutdinov, "Reducing the Dimensionality of Data with Neural
Networks", 2006. Nothing shapes its codes but a standardisation, so that N(0, I)
has at least their mean and spread; samples worth looking at come from the
mixture fitted to the codes (Ghosh et al., "From Variational to Deterministic
Autoencoders", 2020).
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, Features, start_at
from playground.models.likelihood import Bound, DiscretisedLogistic
from playground.models.registry import register


class AutoencoderConfig(ModelConfig):
    """The sizes of an autoencoder.

    Attributes:
        encoder_channels: at half of `image_size`, a quarter and so on.
        decoder_channels: at 4x4, 8x8 and so on up to `image_size`.
    """

    latent_dim: int = Field(default=16, ge=1, le=4096)
    image_size: int = Field(default=32, ge=8, le=1024)
    encoder_channels: tuple[int, ...] = Field(default=(32, 64, 128), min_length=1, max_length=8)
    decoder_channels: tuple[int, ...] = Field(default=(128, 96, 64, 32), min_length=2, max_length=9)


class Encoder(nn.Module):
    """The code of a picture, each coordinate with mean 0 and variance 1 over the data."""

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__()
        self.features = Features(config.image_size, config.image_channels, config.encoder_channels)
        self.code = start_at(nn.Linear(self.features.num_features, config.latent_dim), self.features.num_features, 1.0)
        self.standardise = nn.BatchNorm1d(config.latent_dim, affine=False)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch latent_dim"]:
        return self.standardise(self.code(self.features(images)).float())


@register("autoencoder", AutoencoderConfig)
class Autoencoder(GenerativeModel):
    """Rebuilds pictures from codes of a few numbers."""

    title = "Autoencoder"
    provides = frozenset({Capability.ENCODE})

    def __init__(self, config: AutoencoderConfig) -> None:
        super().__init__(config)
        self.encoder = Encoder(config)
        self.decoder = Decoder(config.latent_dim, config.image_size, config.image_channels, config.decoder_channels)
        self.likelihood = DiscretisedLogistic()

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of latent codes; `y` plays no part."""
        return self.likelihood.most_probable(self.decoder(z))

    def encode(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch latent_dim"]:
        """The codes of images; `y` plays no part."""
        return self.encoder(images)

    def bound(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None,
        generator: torch.Generator,
    ) -> Bound:
        """The log-likelihood under the one code of each image: no distribution, so no divergence and no bound."""
        z = self.encode(images)
        levels = self.decoder(z).float()
        zero = torch.zeros(len(images), device=images.device)
        return Bound(self.likelihood(images, levels), zero, z, self.likelihood.most_probable(levels))
