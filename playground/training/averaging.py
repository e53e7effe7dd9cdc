"""The average of a model's weights over the last pictures seen."""

from __future__ import annotations

import copy
import math

import torch
from torch import nn


class AveragedWeights:
    """An exponential average of all weights; samples and the checkpoint come from it.

    Yazıcı et al., "The Unusual Effectiveness of Averaging in GAN Training",
    2019: averaged <- a averaged + (1 - a) weights. Its memory is counted in
    pictures, so that it does not change with the batch size.

    Args:
        model: the model in training.
        over_images: how many pictures the average remembers: after so many,
            what came before weighs 1/e. 0 follows the model at once.
    """

    def __init__(self, model: nn.Module, over_images: int) -> None:
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self.over_images = over_images

    @torch.no_grad()
    def update(self, model: nn.Module, num_images: int, images_seen: int) -> None:
        """Takes in `model` after a step of `num_images`.

        Early on the memory is short, a fifth of what was seen, so that the random
        first weights do not linger (Karras et al., "Alias-Free GAN", 2021).
        """
        memory = min(self.over_images, images_seen / 5)
        kept = math.exp(-num_images / memory) if memory > 0 else 0.0
        weights = dict(model.named_parameters())
        for name, average in self.model.named_parameters():
            average.lerp_(weights[name].detach().to(average.dtype), 1 - kept)
        buffers = dict(model.named_buffers())
        for name, buffer in self.model.named_buffers():
            buffer.copy_(buffers[name])
