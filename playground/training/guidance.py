"""A style-based GAN that is shown, while it learns, which code draws which picture.

Larsen et al., "Autoencoding beyond pixels using a learned similarity metric",
2016: an encoder beside the generator makes it a variational autoencoder too. Of
the pictures that the discriminator judges, a share is rebuilt from real ones,
each paired with its original, so that the pair differs in what is wrong with
the rebuilt one and in nothing else; and no kind of picture can be forgotten.
The others are drawn from noise between that of two pictures.

Seeds draw from a Gaussian of the running moments of that noise: ex-post density
estimation (Ghosh et al., "From Variational to Deterministic Autoencoders", 2020,
section 4) that need not wait for the end. The encoder belongs to the training
and is not part of the model.
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor, nn

from playground.models.blocks import squash
from playground.models.likelihood import DiscretisedLogistic, normal_divergence
from playground.models.prior import GaussianMixture
from playground.models.style_based import StyleBased
from playground.models.vae import Encoder, draw_code
from playground.training.config import GuideConfig, OptimizerConfig, RelativisticObjective
from playground.training.steps import Batch, RelativisticStep, adam

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
        rebuilt = self.model.prior(noise)[:, None].expand(-1, self.model.num_layers, -1)
        drawn = self.drawn_codes(noise.detach(), len(batch.images) - num_rebuilt, batch.noise)
        fake = squash(self.model.levels(torch.cat([rebuilt, drawn]), batch.y))
        divergence = normal_divergence(mean, log_variance).mean()
        log_likelihood = self.guide.likelihood(originals, fake[:num_rebuilt]).mean()
        loss = self.settings.nats_weight * (divergence - log_likelihood)
        measured = {"divergence": divergence, "log_likelihood": log_likelihood}
        if not is_alone:
            adversarial = self.adversarial_loss(fake, batch)
            loss = loss + adversarial
            measured["adversarial"] = adversarial
        return loss, {name: value.detach() for name, value in {"loss": loss, **measured}.items()}

    def drawn_codes(
        self, noise: Float[Tensor, "rebuilt latent_dim"], count: int, generator: torch.Generator
    ) -> Float[Tensor, "count num_layers latent_dim"]:
        """Codes between those of the rebuilt pictures, some of two such codes mixed."""
        return self.model.mixed(*self.model.prior(between(noise, 2 * count, generator)).chunk(2), generator)
