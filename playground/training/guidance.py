"""A style-based GAN that is shown, while it learns, which code draws which picture.

Larsen et al., "Autoencoding beyond pixels using a learned similarity metric",
2016: an encoder beside the generator makes it a variational autoencoder too. Of
the pictures that the discriminator judges, a share is rebuilt from real ones,
each paired with its original, so that the pair differs in what is wrong with
the rebuilt one and in nothing else; and no kind of picture can be forgotten.
The others are drawn from codes between those of two pictures. So the generator
knows the codes of real pictures and their surroundings, and what they are like
takes the place of N(0, I) as the mapping network's noise: one Gaussian of their
running moments while the training lasts, a mixture fitted to them when it is
over (Ghosh et al., "From Variational to Deterministic Autoencoders", 2020,
section 4). The encoder belongs to the training and is not part of the model.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor, nn

from playground.data import ImageSet
from playground.models.blocks import squash
from playground.models.likelihood import DiscretisedLogistic, normal_divergence
from playground.models.prior import GaussianMixture
from playground.models.style_based import StyleBased
from playground.models.vae import Encoder, draw_code
from playground.training.config import GuideConfig, OptimizerConfig, RelativisticObjective
from playground.training.fit import MAX_CODES, fit_mixture
from playground.training.steps import Batch, RelativisticStep, adam

BATCH_SIZE = 500
MEMORY = 5_000  # pictures that the running moments remember


class Guide(nn.Module):
    """From pictures to the mapping network's noise that draws them.

    Args:
        model: whose noise it is.
        channels: of the encoder, at half of the picture's size, a quarter and so on.

    Buffers: `mean` [latent_dim] and `second` [latent_dim, latent_dim], the running
    first and second moments of that noise.
    """

    mean: Tensor
    second: Tensor

    def __init__(self, model: StyleBased, channels: tuple[int, ...]) -> None:
        super().__init__()
        image_channels, image_size, _ = model.image_shape
        self.encoder = Encoder(image_size, image_channels, channels, model.latent_dim)
        self.likelihood = DiscretisedLogistic()
        self.register_buffer("mean", torch.zeros(model.latent_dim))
        self.register_buffer("second", torch.eye(model.latent_dim))

    @torch.no_grad()
    def follow(self, noise: Float[Tensor, "batch latent_dim"], mixture: GaussianMixture) -> None:
        """Takes the noise of a batch into the moments, and makes the mixture a Gaussian of these."""
        with torch.autocast(noise.device.type, enabled=False):
            share = len(noise) / MEMORY
            self.mean.lerp_(noise.mean(dim=0), share)
            self.second.lerp_(noise.T @ noise / len(noise), share)
            mixture.become(self.mean, torch.linalg.cholesky(self.second - self.mean.outer(self.mean)))

    @torch.no_grad()
    def noise_of(self, data: ImageSet, seed: int) -> Float[Tensor, "num_images latent_dim"]:
        """Noise drawn for each picture, on the CPU."""
        device = self.mean.device
        generator = torch.Generator(device).manual_seed(seed)
        batches = (part.to(device).float() / 127.5 - 1 for part in data.images.split(BATCH_SIZE))
        return torch.cat([draw_code(*self.encoder(batch), generator).cpu() for batch in batches])


def between(
    noise: Float[Tensor, "batch latent_dim"], count: int, generator: torch.Generator
) -> Float[Tensor, "count latent_dim"]:
    """Noise on the arcs between neighbours in the batch: of the same mean 0 and covariance as theirs."""
    rows = torch.arange(count, device=noise.device)
    angle = math.pi / 2 * torch.rand(count, 1, generator=generator, device=noise.device)
    return angle.cos() * noise[rows % len(noise)] + angle.sin() * noise[(rows + 1) % len(noise)]


class GuidedStep(RelativisticStep):
    """The relativistic game with an encoder beside the generator, which is trained with it.

    The generator's loss is the adversarial one plus `nats_weight` times
    KL - log p(x|z) of the rebuilt pictures, in nats.
    """

    model: StyleBased

    def __init__(
        self, model: StyleBased, objective: RelativisticObjective, guide: GuideConfig, optimizer: OptimizerConfig
    ) -> None:
        super().__init__(model, objective, optimizer)
        self.settings = guide
        self.guide = Guide(model, guide.encoder_channels)
        self.extra["guide"] = self.guide
        generator, discriminator = self.phases
        trained = nn.ModuleList([generator.trains, self.guide])
        self.phases = [
            replace(generator, trains=trained, optimizer=adam(trained, optimizer)),
            replace(discriminator, starts=guide.alone_until),
        ]

    def generator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        is_alone = batch.progress < self.settings.alone_until
        num_rebuilt = len(batch.images) if is_alone else max(1, round(self.settings.share * len(batch.images)))
        originals = batch.images[:num_rebuilt]
        mean, log_variance = self.guide.encoder(originals)
        noise = draw_code(mean, log_variance, batch.noise)
        self.guide.follow(noise.detach(), self.model.prior.noise)
        drawn = self.drawn_codes(noise.detach(), len(batch.images) - num_rebuilt, batch)
        fake = squash(self.model.levels(torch.cat([self.one_code(noise), drawn]), batch.y))
        divergence = normal_divergence(mean, log_variance).mean()
        log_likelihood = self.guide.likelihood(originals, fake[:num_rebuilt]).mean()
        loss = self.settings.nats_weight * (divergence - log_likelihood)
        measured = {"divergence": divergence, "log_likelihood": log_likelihood}
        if not is_alone:
            adversarial = self.adversarial_loss(fake, batch)
            loss = loss + adversarial
            measured["adversarial"] = adversarial
        return loss, {name: value.detach() for name, value in {"loss": loss, **measured}.items()}

    def one_code(self, noise: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch num_layers latent_dim"]:
        """The same code for all layers."""
        return self.model.prior(noise)[:, None].expand(-1, self.model.num_layers, -1)

    def drawn_codes(
        self, noise: Float[Tensor, "rebuilt latent_dim"], count: int, batch: Batch
    ) -> Float[Tensor, "count num_layers latent_dim"]:
        """Codes between those of the rebuilt pictures, some of two such codes mixed."""
        first, second = self.model.prior(between(noise, 2 * count, batch.noise)).chunk(2)
        return self.model.mixed(first, second, batch.noise)

    def finish(self, model: StyleBased, data: ImageSet, seed: int) -> None:
        fit_mixture(model.prior.noise, self.guide.noise_of(data, seed)[:MAX_CODES], seed)
