"""Changes that a discriminator sees its pictures under, so that it cannot learn a small data set by heart.

Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", 2020:
real and generated pictures are changed alike, and gradients pass through. Each
kind of change meets a picture with one probability below 0.8, so that it does
not leak into what is generated (Karras et al., "Training Generative Adversarial
Networks with Limited Data", 2020, section 2.2).
"""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from playground.training.config import AugmentationConfig

MAX_SHIFT = 1 / 8  # of the width
CUTOUT = 1 / 2  # of the width
Images = Float[Tensor, "batch channels height width"]


def augment(images: Images, config: AugmentationConfig, noise: torch.Generator) -> Images:
    """The pictures, [-1, 1], each moved, recoloured or covered in part, or none of it.

    Args:
        images: real or generated ones.
        config: how probable each change is.
        noise: where all chance comes from; on the pictures' device.
    """
    chance = _Chance(len(images), config.probability, noise)
    images = _place(images, chance, config.mirror)
    images = _recolour(images, chance)
    return _cover(images, chance)


class _Chance:
    """Random numbers of one batch."""

    def __init__(self, count: int, probability: float, noise: torch.Generator) -> None:
        self.count, self.probability, self.noise = count, probability, noise

    def uniform(self) -> Float[Tensor, " batch"]:
        """From -1 to 1."""
        return 2 * torch.rand(self.count, generator=self.noise, device=self.noise.device) - 1

    def half(self) -> Bool[Tensor, " batch"]:
        return self.uniform() < 0

    def meets(self) -> Bool[Tensor, " batch"]:
        """Whom a change meets."""
        return self.uniform() < 2 * self.probability - 1

    def amount(self) -> Float[Tensor, "batch 1 1 1"]:
        """From -1 to 1, and 0 for those whom the change does not meet."""
        return (self.uniform() * self.meets())[:, None, None, None]


def _place(images: Images, chance: _Chance, mirror: bool) -> Images:
    """Half of them mirrored where the data allows that; some shifted by whole pixels, with grey at the border."""
    width = images.shape[-1]
    theta = torch.zeros(len(images), 2, 3, device=images.device)
    theta[:, 0, 0] = 1 - 2 * (chance.half() & mirror)
    theta[:, 1, 1] = 1
    for axis in (0, 1):
        pixels = (chance.amount().flatten() * MAX_SHIFT * width).round()
        theta[:, axis, 2] = 2 * pixels / width
    grid = functional.affine_grid(theta, list(images.shape), align_corners=False)
    return functional.grid_sample(images, grid, mode="nearest", padding_mode="zeros", align_corners=False)


def _recolour(images: Images, chance: _Chance) -> Images:
    """Brightness by up to half a range, saturation from none to double, contrast from half to one and a half."""
    images = images + chance.amount() / 2
    grey = images.mean(dim=1, keepdim=True)
    images = grey + (images - grey) * (1 + chance.amount())
    level = images.mean(dim=(1, 2, 3), keepdim=True)
    return level + (images - level) * (1 + chance.amount() / 2)


def _cover(images: Images, chance: _Chance) -> Images:
    """A grey square of half the width over some, anywhere, also partly outside."""
    places = (torch.arange(images.shape[-1], device=images.device) + 0.5) / images.shape[-1]
    column, row = ((chance.uniform()[:, None] + 1) / 2 for _ in range(2))
    covered = ((places - row).abs() < CUTOUT / 2)[:, :, None] & ((places - column).abs() < CUTOUT / 2)[:, None, :]
    covered &= chance.meets()[:, None, None]
    return images.masked_fill(covered[:, None], 0.0)
