"""The bound on the likelihood of held-out pictures.

Kingma & Welling, "Auto-encoding variational Bayes", 2014, equation 3: for a
picture x and a code z drawn from the encoder's q(z|x),

    log p(x) >= E[log p(x|z)] - KL(q(z|x) || p(z)).

It is in nats a picture, of the grey levels as they are; higher is better, and
only models with the same kind of pixels and the same size compare.
"""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

import torch
from jaxtyping import Float
from torch import Tensor

BATCH_SIZE = 250


@runtime_checkable
class HasBound(Protocol):
    """A model whose codes are distributions: it draws codes and bounds the likelihood of images in [-1, 1].

    A plain autoencoder has one code an image, no distribution, and so no bound.
    """

    def sample_code(self, images: Tensor, y: Tensor | None, generator: torch.Generator) -> Tensor: ...

    def bound(self, images: Tensor, y: Tensor | None, generator: torch.Generator) -> Any:
        """An object whose `nats` is float [batch]."""


@torch.inference_mode()
def mean_bound(
    model: HasBound, images: Float[Tensor, "n channels height width"], y: Float[Tensor, "n num_classes"] | None
) -> float:
    """The mean bound in nats a picture, one code drawn for each with seed 0."""
    generator = torch.Generator().manual_seed(0)
    nats = [
        model.bound(
            images[start : start + BATCH_SIZE], None if y is None else y[start : start + BATCH_SIZE], generator
        ).nats.double()
        for start in range(0, len(images), BATCH_SIZE)
    ]
    return torch.cat(nats).mean().item()
