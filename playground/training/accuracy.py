"""How often a discriminator is right, 0 to 1; a tie is half right."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


@torch.no_grad()
def accuracy_of_each(real_logits: Float[Tensor, " batch"], fake_logits: Float[Tensor, " batch"]) -> Float[Tensor, ""]:
    """The share of pictures on the right side of 0: real ones above, generated ones below.

    The discriminator's two errors as Goodfellow et al., "Generative Adversarial Nets", 2014, count them.
    """
    return (2 + real_logits.sign().mean() - fake_logits.sign().mean()) / 4


@torch.no_grad()
def accuracy_of_pairs(real_logits: Float[Tensor, " batch"], fake_logits: Float[Tensor, " batch"]) -> Float[Tensor, ""]:
    """The share of pairs of which the real picture has the higher logit, which is all that a relativistic
    discriminator says (Jolicoeur-Martineau, "The relativistic discriminator", 2019, section 4)."""
    return (1 + (real_logits - fake_logits).sign().mean()) / 2
