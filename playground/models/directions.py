"""The directions that a checkpoint carries, so that they are the same on every machine."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Directions(nn.Module):
    """Directions in latent space.

    Args:
        num_directions: how many; 0 where they were never computed.
        latent_dim: their length.

    Buffers: `directions` [num_directions, latent_dim], unit vectors; `scales`
    [num_directions], what one standard deviation of the model's own codes is
    along each.
    """

    directions: Tensor
    scales: Tensor

    def __init__(self, num_directions: int, latent_dim: int) -> None:
        super().__init__()
        stored = num_directions > 0  # so that checkpoints without directions hold no empty tensors
        self.register_buffer("directions", torch.eye(num_directions, latent_dim), persistent=stored)
        self.register_buffer("scales", torch.ones(num_directions), persistent=stored)
