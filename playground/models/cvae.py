"""A convolutional variational autoencoder that is told the class.

Sohn et al., "Learning Structured Output Representation using Deep Conditional
Generative Models", 2015. Encoder and decoder both see the class, so the code
need not say it and is left with the hand: slant, width, thickness. Likelihood
and prior are chosen as for the VAE, for the same reasons.

The codes of each class still lie somewhat apart, and a seed must suit every
class. So a code z is given in coordinates in which every class has mean 0 and
unit covariance: h = m_y + L_y z is what the networks see. Means and Cholesky
factors are those of the training codes, measured once the weights are final;
a blend of classes blends them.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64
from pydantic import Field
from torch import Tensor, nn

from playground.errors import PlaygroundError
from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.blocks import Decoder, Features, start_at
from playground.models.likelihood import Bound, DiscretisedLogistic, normal_divergence
from playground.models.registry import register


class CVAEConfig(ModelConfig):
    """The sizes of a conditional variational autoencoder.

    Attributes:
        encoder_channels: at half of `image_size`, a quarter and so on.
        decoder_channels: at 4x4, 8x8 and so on up to `image_size`.
        class_embedding_dim: numbers that stand for the class in either network.
    """

    latent_dim: int = Field(default=16, ge=1, le=4096)
    image_size: int = Field(default=32, ge=8, le=1024)
    class_names: tuple[str, ...] = Field(min_length=1, max_length=1000)
    encoder_channels: tuple[int, ...] = Field(default=(32, 64, 128), min_length=1, max_length=8)
    decoder_channels: tuple[int, ...] = Field(default=(128, 96, 64, 32), min_length=2, max_length=9)
    class_embedding_dim: int = Field(default=32, ge=1, le=4096)


class Encoder(nn.Module):
    """Mean and log-variance of the codes that explain a picture of a class."""

    def __init__(self, config: CVAEConfig) -> None:
        super().__init__()
        self.features = Features(config.image_size, config.image_channels, config.encoder_channels)
        self.embed = class_embedding(config)
        num_inputs = self.features.num_features + config.class_embedding_dim
        self.posterior = start_at(nn.Linear(num_inputs, 2 * config.latent_dim), num_inputs, gain=0.5)

    def forward(
        self, images: Float[Tensor, "batch channels height width"], y: Float[Tensor, "batch num_classes"]
    ) -> tuple[Float[Tensor, "batch latent_dim"], Float[Tensor, "batch latent_dim"]]:
        both = torch.cat([self.features(images), self.embed(y)], dim=1)
        mean, log_variance = self.posterior(both).float().chunk(2, dim=1)
        return mean, log_variance


class ConditionalDecoder(nn.Module):
    """The code and an embedding of the class, side by side, decoded to levels."""

    def __init__(self, config: CVAEConfig) -> None:
        super().__init__()
        self.embed = class_embedding(config)
        num_inputs = config.latent_dim + config.class_embedding_dim
        self.decoder = Decoder(num_inputs, config.image_size, config.image_channels, config.decoder_channels)

    def forward(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, "batch channels height width"]:
        return self.decoder(torch.cat([z, self.embed(y)], dim=1))


def class_embedding(config: CVAEConfig) -> nn.Linear:
    """Class weights to `class_embedding_dim` numbers; a blend of classes is a blend of embeddings."""
    layer = nn.Linear(len(config.class_names), config.class_embedding_dim, bias=False)
    nn.init.normal_(layer.weight)
    return layer


@register("cvae", CVAEConfig)
class CVAE(GenerativeModel):
    """Draws and rebuilds pictures of a wanted class, or of a blend of classes."""

    title = "Conditional VAE"
    provides = frozenset({Capability.ENCODE})

    class_means: Tensor
    class_factors: Tensor

    def __init__(self, config: CVAEConfig) -> None:
        super().__init__(config)
        self.encoder = Encoder(config)
        self.decoder = ConditionalDecoder(config)
        self.likelihood = DiscretisedLogistic()
        num_classes = len(config.class_names)
        self.register_buffer("class_means", torch.zeros(num_classes, config.latent_dim))
        self.register_buffer("class_factors", torch.eye(config.latent_dim).repeat(num_classes, 1, 1))

    def decode(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of latent codes and class weights, which this family needs."""
        y = self._needed(y)
        return self.likelihood.most_probable(self.decoder(self._placed(z, y), y))

    def encode(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch latent_dim"]:
        """The mean codes of images of known classes."""
        y = self._needed(y)
        return self._standardised(self.encoder(images, y)[0], y)

    def sample_code(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None,
        generator: torch.Generator,
    ) -> Float[Tensor, "batch latent_dim"]:
        """A code drawn for each image from q(z|x, y)."""
        y = self._needed(y)
        return self._standardised(draw_code(*self.encoder(images, y), generator), y)

    def bound(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None,
        generator: torch.Generator,
    ) -> Bound:
        """The parts of the bound on log p(x|y) in nats, with one code drawn for each image.

        The divergence is that of the networks' own codes h from N(0, I).
        """
        y = self._needed(y)
        mean, log_variance = self.encoder(images, y)
        h = draw_code(mean, log_variance, generator)
        levels = self.decoder(h, y).float()
        return Bound(
            log_likelihood=self.likelihood(images, levels),
            divergence=normal_divergence(mean, log_variance),
            z=self._standardised(h, y),
            rebuilt=self.likelihood.most_probable(levels),
        )

    @torch.no_grad()
    def place_classes(
        self, codes: Float[Tensor, "num_images latent_dim"], labels: Int64[Tensor, " num_images"]
    ) -> None:
        """Takes the place of each class from codes as they are encoded now.

        Args:
            codes: of the training images.
            labels: their classes, as indices into `class_names`.
        """
        for index in range(len(self.class_names)):
            own = codes[labels == index].double()
            mean, factor = own.mean(0), torch.linalg.cholesky(own.T.cov())
            old_mean, old_factor = self.class_means[index].double(), self.class_factors[index].double()
            self.class_means[index] = old_mean + old_factor @ mean.to(old_mean.device)
            self.class_factors[index] = old_factor @ factor.to(old_factor.device)

    def _placed(
        self, z: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, "batch latent_dim"]:
        """h = m_y + L_y z."""
        factors = torch.einsum("bc,cij->bij", y, self.class_factors)
        return y @ self.class_means + torch.einsum("bij,bj->bi", factors, z)

    def _standardised(
        self, h: Float[Tensor, "batch latent_dim"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, "batch latent_dim"]:
        """z = L_y^-1 (h - m_y)."""
        factors = torch.einsum("bc,cij->bij", y, self.class_factors).float()
        offset = (h - y @ self.class_means).float().unsqueeze(2)
        return torch.linalg.solve_triangular(factors, offset, upper=False).squeeze(2)

    @staticmethod
    def _needed(y: Float[Tensor, "batch num_classes"] | None) -> Float[Tensor, "batch num_classes"]:
        if y is None:
            raise PlaygroundError("This model works by class: say which class, or a blend of classes.")
        return y


def draw_code(
    mean: Float[Tensor, "batch latent_dim"], log_variance: Float[Tensor, "batch latent_dim"], generator: torch.Generator
) -> Float[Tensor, "batch latent_dim"]:
    """mean + deviation * noise, which gradients pass through. Kingma and Welling, 2014, section 2.4."""
    noise = torch.randn(mean.shape, generator=generator, device=mean.device)
    return mean + (log_variance / 2).exp() * noise
