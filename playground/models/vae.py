"""A convolutional variational autoencoder.

Kingma and Welling, "Auto-Encoding Variational Bayes", 2014. Two choices keep
its pictures sharp. The likelihood is a discretised logistic of learnt scale
(see `playground.models.likelihood`): a small scale, once the decoder has earned
it, makes the code carry as much as the picture needs. And seeds are drawn from
a mixture fitted to its own codes rather than from N(0, I), which the codes do
not fill.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from pydantic import Field
from torch import Tensor, nn

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, Features, start_at
from playground.models.likelihood import Bound, DiscretisedLogistic, normal_divergence
from playground.models.registry import register


class VAEConfig(ModelConfig):
    """The sizes of a variational autoencoder.

    Attributes:
        encoder_channels: at half of `image_size`, a quarter and so on.
        decoder_channels: at 4x4, 8x8 and so on up to `image_size`.
    """

    latent_dim: int = Field(default=16, ge=1, le=4096)
    image_size: int = Field(default=32, ge=8, le=1024)
    encoder_channels: tuple[int, ...] = Field(default=(32, 64, 128), min_length=1, max_length=8)
    decoder_channels: tuple[int, ...] = Field(default=(128, 96, 64, 32), min_length=2, max_length=9)


class Encoder(nn.Module):
    """Mean and log-variance of the codes that explain a picture.

    Args:
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at half of `image_size`, a quarter and so on.
        latent_dim: length of a code.
    """

    def __init__(self, image_size: int, image_channels: int, channels: tuple[int, ...], latent_dim: int) -> None:
        super().__init__()
        self.features = Features(image_size, image_channels, channels)
        num_features = self.features.num_features
        self.posterior = start_at(nn.Linear(num_features, 2 * latent_dim), num_features, gain=0.5)

    def forward(
        self, images: Float[Tensor, "batch channels height width"]
    ) -> tuple[Float[Tensor, "batch latent_dim"], Float[Tensor, "batch latent_dim"]]:
        mean, log_variance = self.posterior(self.features(images)).float().chunk(2, dim=1)
        return mean, log_variance


@register("vae", VAEConfig)
class VAE(GenerativeModel):
    """Draws and rebuilds pictures through a code that is a distribution."""

    title = "Variational autoencoder"
    provides = frozenset({Capability.ENCODE})

    def __init__(self, config: VAEConfig) -> None:
        super().__init__(config)
        self.encoder = Encoder(config.image_size, config.image_channels, config.encoder_channels, config.latent_dim)
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
        """The mean codes of images; `y` plays no part."""
        return self.encoder(images)[0]

    def sample_code(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None,
        generator: torch.Generator,
    ) -> Float[Tensor, "batch latent_dim"]:
        """A code drawn for each image from q(z|x)."""
        return draw_code(*self.encoder(images), generator)

    def bound(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None,
        generator: torch.Generator,
    ) -> Bound:
        """The parts of the bound on log p(x) in nats, with one code drawn for each image."""
        mean, log_variance = self.encoder(images)
        z = draw_code(mean, log_variance, generator)
        levels = self.decoder(z).float()
        return Bound(
            log_likelihood=self.likelihood(images, levels),
            divergence=normal_divergence(mean, log_variance),
            z=z,
            rebuilt=self.likelihood.most_probable(levels),
        )


def draw_code(
    mean: Float[Tensor, "batch latent_dim"], log_variance: Float[Tensor, "batch latent_dim"], generator: torch.Generator
) -> Float[Tensor, "batch latent_dim"]:
    """mean + deviation * noise, which gradients pass through. Kingma and Welling, 2014, section 2.4."""
    noise = torch.randn(mean.shape, generator=generator, device=mean.device)
    return mean + (log_variance / 2).exp() * noise
