"""What one training step does, an object for each objective.

A step is a row of phases; each has parameters, its optimizer, and a loss. The
loop runs them in order and knows nothing of GANs or VAEs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from playground.data import ImageSet
from playground.models import GenerativeModel
from playground.models.blocks import squash
from playground.models.discriminators import Discriminator, ProjectionDiscriminator
from playground.models.likelihood import Bound
from playground.training.accuracy import accuracy_of_each, accuracy_of_pairs
from playground.training.augmentation import augment
from playground.training.config import AutoencodingObjective, OptimizerConfig, PenaltyConfig, RelativisticObjective
from playground.training.losses import (
    classic_discriminator_loss,
    classic_generator_loss,
    difference_penalty,
    relativistic_loss,
    saturation_penalty,
)


@dataclass(frozen=True)
class Batch:
    """What a phase works on.

    Attributes:
        images: real pictures in [-1, 1].
        y: their classes as weights, or None where the model has no classes.
        noise: the generator that all randomness of the step comes from.
        progress: the share of the run that is behind, 0 to 1.
    """

    images: Float[Tensor, "batch channels height width"]
    y: Float[Tensor, "batch num_classes"] | None
    noise: torch.Generator
    progress: float

    def normal(self, *shape: int) -> Tensor:
        """Standard normal numbers on the pictures' device."""
        return torch.randn(shape, generator=self.noise, device=self.images.device)

    def normal_like(self, x: Tensor) -> Tensor:
        """Standard normal numbers of `x`'s shape."""
        return self.normal(*x.shape)


@dataclass(frozen=True)
class Phase:
    """One optimizer's part of a step.

    Attributes:
        name: as it stands in the metrics.
        trains: the module whose parameters move; all others stand still.
        optimizer: of those parameters.
        loss: what it minimises, and measurements by name, all without a gradient.
        starts: the share of the run after which it takes part.
        rate_share: of the run's learning rate that it takes.
    """

    name: str
    trains: nn.Module
    optimizer: Optimizer
    loss: Callable[[Batch], tuple[Tensor, dict[str, Tensor]]]
    starts: float = 0.0
    rate_share: float = 1.0


class Step:
    """An objective for one model. `extra` holds what it trains beside the model."""

    def __init__(self, model: GenerativeModel) -> None:
        self.model = model
        self.extra = nn.ModuleDict()
        self.phases: list[Phase] = []

    def fit_noise(self, model: GenerativeModel, data: ImageSet, seed: int) -> None:
        """Fits the noise of the averaged model to what this step alone knows, once the weights are final."""


def adam(module: nn.Module, config: OptimizerConfig) -> Adam:
    """Adam over the module's parameters, fused: one kernel for all of them."""
    return Adam(module.parameters(), config.learning_rate, config.betas, fused=True)


class ClassicStep(Step):
    """The textbook game: the discriminator tells real from generated, the generator fools it.

    Goodfellow et al., "Generative Adversarial Nets", 2014, algorithm 1, with
    the non-saturating loss of its section 3.
    """

    def __init__(self, model: GenerativeModel, optimizer: OptimizerConfig) -> None:
        super().__init__(model)
        self.phases = [
            Phase("discriminator", model.discriminator, adam(model.discriminator, optimizer), self.discriminator_loss),
            Phase("generator", model.generator, adam(model.generator, optimizer), self.generator_loss),
        ]

    def discriminator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        with torch.no_grad():
            fake = generated(self.model, batch)
        real_logits = self.model.discriminate(batch.images, batch.y).float()
        fake_logits = self.model.discriminate(fake, batch.y).float()
        loss = classic_discriminator_loss(real_logits, fake_logits)
        return loss, {"loss": loss.detach(), "accuracy": accuracy_of_each(real_logits, fake_logits)}

    def generator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        loss = classic_generator_loss(self.model.discriminate(generated(self.model, batch), batch.y).float())
        return loss, {"loss": loss.detach()}


def generated(model: GenerativeModel, batch: Batch) -> Float[Tensor, "batch channels height width"]:
    """Pictures of codes from N(0, I), of the same classes as the real ones."""
    z = batch.normal(len(batch.images), model.latent_dim)
    return model.decode(z, batch.y).float()


def penalised_relativistic_loss(
    discriminate: Callable[[Tensor, Tensor | None], Tensor],
    batch: Batch,
    fake: Float[Tensor, "batch channels height width"],
    penalty: PenaltyConfig,
) -> tuple[Tensor, dict[str, Tensor]]:
    """The discriminator's loss on real and generated partners, with R1 and R2 by finite differences."""
    num_pairs, num_moved = len(fake), penalty.num_measured(len(fake))
    near = torch.cat([batch.images[:num_moved], fake[:num_moved]])
    moved = near + penalty.sigma * batch.normal_like(near)
    y = None if batch.y is None else torch.cat([batch.y, batch.y, batch.y[:num_moved], batch.y[:num_moved]])
    logits = discriminate(torch.cat([batch.images, fake, moved]), y).float()
    real_logits, fake_logits, real_moved, fake_moved = logits.split([num_pairs, num_pairs, num_moved, num_moved])
    adversarial = relativistic_loss(real_logits, fake_logits)
    r1 = difference_penalty(real_logits[:num_moved], real_moved, penalty.sigma)
    r2 = difference_penalty(fake_logits[:num_moved], fake_moved, penalty.sigma)
    measured = {"loss": adversarial, "r1": r1, "r2": r2, "margin": (real_logits - fake_logits).mean()}
    measured["accuracy"] = accuracy_of_pairs(real_logits, fake_logits)
    loss = adversarial + penalty.weight_at(batch.progress) / 2 * (r1 + r2)
    return loss, {name: value.detach() for name, value in measured.items()}


class RelativisticStep(Step):
    """Real and generated pictures judged in pairs of one class, with R1 and R2.

    Huang et al., "The GAN is dead; long live the GAN!", 2024. A conditional
    model's generated picture carries the class of its real partner, so the
    pair differs in nothing but being real.
    """

    def __init__(self, model: GenerativeModel, objective: RelativisticObjective, optimizer: OptimizerConfig) -> None:
        super().__init__(model)
        self.objective = objective
        generator = model.trained_generator()
        self.phases = [
            Phase(
                "generator",
                generator,
                adam(generator, optimizer),
                self.generator_loss,
                rate_share=objective.generator_rate_share,
            ),
            Phase("discriminator", model.discriminator, adam(model.discriminator, optimizer), self.discriminator_loss),
        ]

    def generator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        draw = partial(self.model.noise.sample, generator=batch.noise)
        codes = self.objective.code_deviation * self.model.training_codes(len(batch.images), draw, batch.noise)
        levels = self.model.levels(codes, batch.y)
        adversarial = self.adversarial_loss(squash(levels), batch)
        saturation = saturation_penalty(levels)
        loss = adversarial + self.objective.saturation_weight_at(batch.progress) * saturation
        return loss, {"loss": adversarial.detach(), "saturation": saturation.detach()}

    def adversarial_loss(self, fake: Float[Tensor, "batch channels height width"], batch: Batch) -> Tensor:
        """That of the generator; the pictures are kept for the discriminator's phase."""
        self.judged = fake.detach()
        with torch.no_grad():
            real_logits = self.judge(self.seen(batch.images, batch), batch.y).float()
        return relativistic_loss(self.judge(self.seen(fake, batch), batch.y).float(), real_logits)

    def discriminator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """On the pictures that the phase before has drawn: they are not drawn twice."""
        fake = self.seen(self.judged, batch)
        batch = replace(batch, images=self.seen(batch.images, batch))
        return penalised_relativistic_loss(self.judge, batch, fake, self.objective.penalty)

    def seen(
        self, images: Float[Tensor, "batch channels height width"], batch: Batch
    ) -> Float[Tensor, "batch channels height width"]:
        """Pictures as the discriminator sees them."""
        augmentation = self.objective.augmentation
        return images if augmentation is None else augment(images, augmentation, batch.noise)

    def judge(self, images: Tensor, y: Tensor | None) -> Tensor:
        """The discriminator's logits; a model without classes judges without them."""
        return self.model.discriminator(images) if y is None else self.model.discriminator(images, y)


class AutoencodingStep(Step):
    """The bound of a VAE, or the likelihood alone, and where wanted an adversary of the decoder.

    The loss is beta KL - log p(x|z), in nats (Kingma and Welling, 2014; beta:
    Higgins et al., 2017), plus `adversary_weight` times the relativistic loss
    of what the decoder draws: partly the rebuilt pictures, each paired with its
    original, partly drawn ones (Larsen et al., "Autoencoding beyond pixels using
    a learned similarity metric", 2016). The
    adversary belongs to the training and is not part of the model.
    """

    def __init__(self, model: GenerativeModel, objective: AutoencodingObjective, optimizer: OptimizerConfig) -> None:
        super().__init__(model)
        self.objective = objective
        self.phases = [Phase("autoencoder", model, adam(model, optimizer), self.autoencoder_loss)]
        if objective.adversary_weight:
            self.extra["adversary"] = build_adversary(model, objective.adversary_channels)
            adversary = self.extra["adversary"]
            optimizer_of_adversary = adam(adversary, optimizer)
            self.phases.append(
                Phase("adversary", adversary, optimizer_of_adversary, self.adversary_loss, objective.adversary_starts)
            )

    def autoencoder_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        bound = self.model.bound(batch.images, batch.y, batch.noise)
        divergence, log_likelihood = bound.divergence.mean(), bound.log_likelihood.mean()
        loss = self.objective.beta * divergence - log_likelihood
        measured = {"loss": loss, "divergence": divergence, "log_likelihood": log_likelihood}
        if self.objective.adversary_weight and batch.progress >= self.objective.adversary_starts:
            fake = self.with_drawn(bound, batch)
            self.judged = fake.detach()
            with torch.no_grad():
                real_logits = self.judge(batch.images, batch.y).float()
            adversarial = relativistic_loss(self.judge(fake, batch.y).float(), real_logits)
            loss = loss + self.objective.adversary_weight * adversarial
            measured["adversarial"] = adversarial
        return loss, {name: value.detach() for name, value in measured.items()}

    def adversary_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        """On the pictures that the phase before has drawn: they are not decoded twice."""
        return penalised_relativistic_loss(self.judge, batch, self.judged, self.objective.penalty)

    def with_drawn(self, bound: Bound, batch: Batch) -> Float[Tensor, "batch channels height width"]:
        """The rebuilt pictures, the last `drawn_share` of them replaced by drawn ones.

        Without classes they are drawn from N(0, I); with classes from the codes
        of other pictures, of any class, so that a code learns to suit them all.
        """
        num_drawn = round(len(batch.images) * self.objective.drawn_share)
        if not num_drawn:
            return bound.rebuilt
        if batch.y is None:
            drawn = self.model.decode(batch.normal(num_drawn, self.model.latent_dim))
        else:
            drawn = self.model.decode(bound.z.roll(1, 0)[-num_drawn:], batch.y[-num_drawn:])
        return torch.cat([bound.rebuilt[:-num_drawn], drawn.float()])

    def judge(self, images: Tensor, y: Tensor | None) -> Tensor:
        return self.extra["adversary"](images) if y is None else self.extra["adversary"](images, y)


def build_adversary(model: GenerativeModel, channels: tuple[int, ...]) -> nn.Module:
    """A discriminator for a model that has none of its own."""
    image_channels, image_size, _ = model.image_shape
    if model.class_names:
        return ProjectionDiscriminator(image_size, image_channels, channels, len(model.class_names))
    return Discriminator(image_size, image_channels, channels)
