"""The losses, as plain functions of logits and pictures. All return a scalar, the mean over the batch."""

from __future__ import annotations

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

Logits = Float[Tensor, " batch"]
Images = Float[Tensor, "batch channels height width"]


def classic_discriminator_loss(real_logits: Logits, fake_logits: Logits) -> Float[Tensor, ""]:
    """Binary cross-entropy of real against 1 and generated against 0, averaged.

    Goodfellow et al., "Generative Adversarial Nets", 2014, equation 1:
    1/2 E[softplus(-D(x))] + 1/2 E[softplus(D(G(z)))].
    """
    return (functional.softplus(-real_logits).mean() + functional.softplus(fake_logits).mean()) / 2


def classic_generator_loss(fake_logits: Logits) -> Float[Tensor, ""]:
    """The non-saturating form, E[softplus(-D(G(z)))]. Goodfellow et al., 2014, section 3."""
    return functional.softplus(-fake_logits).mean()


def relativistic_loss(better_logits: Logits, worse_logits: Logits) -> Float[Tensor, ""]:
    """E[softplus(-(D(better) - D(worse)))]: each picture is judged against its partner.

    The discriminator takes the real picture as the better one, the generator its
    own. Jolicoeur-Martineau, "The relativistic discriminator", 2019, equation 3;
    with the penalties below it converges: Huang et al., "The GAN is dead; long
    live the GAN!", 2024, equation 2.
    """
    return functional.softplus(worse_logits - better_logits).mean()


def difference_penalty(logits: Logits, moved_logits: Logits, sigma: float) -> Float[Tensor, ""]:
    """E[((D(x + sigma eps) - D(x)) / sigma)^2] for eps ~ N(0, I): the squared gradient, without its gradient.

    As sigma goes to 0 this is E|grad D(x)|^2, R1 on real pictures and R2 on
    generated ones (Mescheder et al., "Which Training Methods for GANs do
    actually Converge?", 2018, equation 9). The finite difference needs one more
    forward pass in place of a second derivative.
    """
    return ((moved_logits - logits) / sigma).square().mean()


def saturation_penalty(levels: Images, limit: float = 4.0) -> Float[Tensor, ""]:
    """E[max(0, |level| - limit)^2] over all pixels before their tanh.

    Most pixels of a digit are black, so a young generator drives all levels
    down, to -100 and less, where tanh passes no gradient, and draws black for
    tens of thousands of images. tanh(-4) is black to the grey level already.
    """
    return (levels.abs() - limit).clamp(min=0).square().mean()


def gradient_penalty(discriminate: Callable[[Images], Logits], images: Images) -> Float[Tensor, ""]:
    """E|grad D(x)|^2, exactly, by differentiating twice. Mescheder et al., 2018, equation 9."""
    images = images.detach().requires_grad_()
    (gradient,) = torch.autograd.grad(discriminate(images).sum(), images, create_graph=True)
    return gradient.square().sum(dim=(1, 2, 3)).mean()
