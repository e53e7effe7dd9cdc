"""A GAN that is shown, while it learns, which code draws which picture.

Larsen et al., "Autoencoding beyond pixels using a learned similarity metric",
2016: an encoder beside the generator makes it a variational autoencoder too. Of
the pictures that the discriminator judges, a share is rebuilt from real ones,
each paired with its original, so that the pair differs in what is wrong with
the rebuilt one and in nothing else; and no kind of picture can be forgotten.
The others are drawn from noise between that of two pictures.

Seeds draw noise like that of pictures (ex-post density estimation: Ghosh et al.,
"From Variational to Deterministic Autoencoders", 2020, section 4): on the way
from a Gaussian of its running moments, which stays where the model has one
Gaussian; where it has a mixture, that is fitted once the weights are final. The
encoder belongs to the training and is not part of the model.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor, nn

from playground.data import ImageSet
from playground.models import GenerativeModel
from playground.models.blocks import squash
from playground.models.likelihood import DiscretisedLogistic, normal_divergence
from playground.models.prior import GaussianMixture
from playground.models.vae import Encoder, draw_code
from playground.training.config import GuideConfig, OptimizerConfig, RelativisticObjective
from playground.training.fit import fit_mixture
from playground.training.losses import saturation_penalty
from playground.training.steps import Batch, RelativisticStep, adam

MEMORY = 5_000  # pictures that the running moments remember


class Guide(nn.Module):
    """From pictures to the noise that draws them.

    Args:
        model: whose noise it is.
        channels: of the encoder, at half of the picture's size, a quarter and so on.

    Buffers: `mean` [latent_dim] and `second` [latent_dim, latent_dim], the running
    first and second moments of that noise.
    """

    mean: Tensor
    second: Tensor

    def __init__(self, model: GenerativeModel, channels: tuple[int, ...]) -> None:
        super().__init__()
        image_channels, image_size, _ = model.image_shape
        self.encoder = Encoder(image_size, image_channels, channels, model.latent_dim)
        self.likelihood = DiscretisedLogistic()
        self.register_buffer("mean", torch.zeros(model.latent_dim))
        self.register_buffer("second", torch.eye(model.latent_dim))

    @torch.no_grad()
    def follow(self, noise: Float[Tensor, "batch latent_dim"], gaussian: GaussianMixture) -> None:
        """Takes the noise of a batch into the moments, and gives these to the Gaussian."""
        with torch.autocast(noise.device.type, enabled=False):
            share = len(noise) / MEMORY
            self.mean.lerp_(noise.mean(dim=0), share)
            self.second.lerp_(noise.T @ noise / len(noise), share)
            gaussian.become(self.mean, torch.linalg.cholesky(self.second - self.mean.outer(self.mean)))


def between(
    noise: Float[Tensor, "batch latent_dim"], count: int, generator: torch.Generator
) -> Float[Tensor, "count latent_dim"]:
    """Noise on the arcs between neighbours in the batch."""
    rows = torch.arange(count, device=noise.device)
    angle = math.pi / 2 * torch.rand(count, 1, generator=generator, device=noise.device)
    return angle.cos() * noise[rows % len(noise)] + angle.sin() * noise[(rows + 1) % len(noise)]


class GuidedStep(RelativisticStep):
    """The relativistic game with an encoder beside the generator, which is trained with it.

    The generator's loss is the adversarial one plus `nats_weight` times
    KL - log p(x|z) of the rebuilt pictures, in nats.
    """

    def __init__(
        self, model: GenerativeModel, objective: RelativisticObjective, guide: GuideConfig, optimizer: OptimizerConfig
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

    @torch.no_grad()
    def fit_noise(self, model: GenerativeModel, data: ImageSet, seed: int) -> None:
        """Fits a mixture to the noise of all pictures; one Gaussian alone has followed it and stays."""
        if model.noise.num_components == 1:
            return
        chance, device = torch.Generator().manual_seed(seed), self.guide.mean.device
        found = [self.guide.encoder(images.to(device).float() / 127.5 - 1) for images in data.images.split(1000)]
        noise = [draw_code(mean.cpu(), log_variance.cpu(), chance) for mean, log_variance in found]
        fit_mixture(model.noise, torch.cat(noise), seed)

    def generator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        is_alone = batch.progress < self.settings.alone_until
        num_rebuilt = len(batch.images) if is_alone else max(1, round(self.settings.share * len(batch.images)))
        originals = batch.images[:num_rebuilt]
        mean, log_variance = self.guide.encoder(originals)
        noise = draw_code(mean, log_variance, batch.noise)
        self.guide.follow(noise.detach(), self.model.noise)
        draw = partial(between, noise.detach(), generator=batch.noise)
        drawn = self.model.training_codes(len(batch.images) - num_rebuilt, draw, batch.noise)
        levels = self.model.levels(torch.cat([self.model.codes_from(noise), drawn]), batch.y)
        fake = squash(levels)
        divergence = normal_divergence(mean, log_variance).mean()
        log_likelihood = self.guide.likelihood(originals, fake[:num_rebuilt]).mean()
        saturation = saturation_penalty(levels)
        loss = self.settings.nats_weight * (divergence - log_likelihood)
        loss = loss + self.objective.saturation_weight_at(batch.progress) * saturation
        measured = {"divergence": divergence, "log_likelihood": log_likelihood, "saturation": saturation}
        if not is_alone:
            adversarial = self.adversarial_loss(fake, batch)
            loss = loss + adversarial
            measured["adversarial"] = adversarial
        return loss, {name: value.detach() for name, value in {"loss": loss, **measured}.items()}
