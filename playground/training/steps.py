"""What one training step does, an object for each objective.

A step is a row of phases; each has parameters, its optimizer, and a loss. The
loop runs them in order and knows nothing of GANs or VAEs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from playground.models import GenerativeModel
from playground.training.config import OptimizerConfig, RelativisticObjective
from playground.training.losses import difference_penalty, relativistic_loss


@dataclass(frozen=True)
class Batch:
    """What a phase works on.

    Attributes:
        images: real pictures in [-1, 1].
        y: their classes as weights, or None where the model has no classes.
        noise: the generator that all randomness of the step comes from.
    """

    images: Float[Tensor, "batch channels height width"]
    y: Float[Tensor, "batch num_classes"] | None
    noise: torch.Generator

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
    """

    name: str
    trains: nn.Module
    optimizer: Optimizer
    loss: Callable[[Batch], tuple[Tensor, dict[str, Tensor]]]


class Step:
    """An objective for one model. `extra` holds what it trains beside the model."""

    def __init__(self, model: GenerativeModel) -> None:
        self.model = model
        self.extra = nn.ModuleDict()
        self.phases: list[Phase] = []


def adam(module: nn.Module, config: OptimizerConfig) -> Adam:
    """Adam over the module's parameters, fused: one kernel for all of them."""
    return Adam(module.parameters(), config.learning_rate, config.betas, fused=True)


class RelativisticStep(Step):
    """Real and generated pictures judged in pairs of one class, with R1 and R2.

    Huang et al., "The GAN is dead; long live the GAN!", 2024. A conditional
    model's generated picture carries the class of its real partner, so the
    pair differs in nothing but being real.
    """

    def __init__(self, model: GenerativeModel, objective: RelativisticObjective, optimizer: OptimizerConfig) -> None:
        super().__init__(model)
        self.objective = objective
        self.phases = [
            Phase("discriminator", model.discriminator, adam(model.discriminator, optimizer), self.discriminator_loss),
            Phase("generator", model.generator, adam(model.generator, optimizer), self.generator_loss),
        ]

    def discriminator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        with torch.no_grad():
            fake = self.generated(batch)
        sigma = self.objective.penalty_sigma
        both = torch.cat([batch.images, fake])
        moved = both + sigma * batch.normal_like(both)
        y = None if batch.y is None else batch.y.repeat(4, 1)
        logits = self.model.discriminate(torch.cat([both, moved]), y).float()
        real_logits, fake_logits, real_moved, fake_moved = logits.chunk(4)
        adversarial = relativistic_loss(real_logits, fake_logits)
        r1 = difference_penalty(real_logits, real_moved, sigma)
        r2 = difference_penalty(fake_logits, fake_moved, sigma)
        loss = adversarial + self.objective.penalty_weight / 2 * (r1 + r2)
        margin = (real_logits - fake_logits).mean()
        return loss, {"loss": adversarial.detach(), "r1": r1.detach(), "r2": r2.detach(), "margin": margin.detach()}

    def generator_loss(self, batch: Batch) -> tuple[Tensor, dict[str, Tensor]]:
        with torch.no_grad():
            real_logits = self.model.discriminate(batch.images, batch.y).float()
        fake_logits = self.model.discriminate(self.generated(batch), batch.y).float()
        loss = relativistic_loss(fake_logits, real_logits)
        return loss, {"loss": loss.detach()}

    def generated(self, batch: Batch) -> Float[Tensor, "batch channels height width"]:
        z = batch.normal(len(batch.images), self.model.latent_dim)
        return self.model.decode(z, batch.y).float()
