"""Paths through latent space, written as weights, so that every step is a recipe."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor


def linear_weights(t: float) -> tuple[float, float]:
    """Weights of the two ends at `t` in [0, 1] of the straight line: (1 - t, t)."""
    return 1 - t, t


def spherical_weights(
    start: Float[Tensor, " latent_dim"], end: Float[Tensor, " latent_dim"], t: float
) -> tuple[float, float]:
    """Weights of the two ends at `t` in [0, 1] of the great circle between them.

    Shoemake, "Animating rotation with quaternion curves", 1985: sin((1 - t) a) /
    sin a and sin(t a) / sin a, where a is the angle between the ends. It keeps
    the length that codes from N(0, I) have, where the straight line passes
    nearer to the centre. Ends that point the same or the opposite way have no
    single great circle, nor has the centre: the straight line takes its place.
    """
    cosine = torch.nn.functional.cosine_similarity(start.double(), end.double(), dim=0).clamp(-1, 1)
    angle = torch.arccos(cosine)
    sine = torch.sin(angle)
    if sine < 1e-4 or not (start.any() and end.any()):
        return linear_weights(t)
    return float(torch.sin((1 - t) * angle) / sine), float(torch.sin(t * angle) / sine)


def even_steps(num_stops: int, num_frames: int) -> list[tuple[int, float]]:
    """`num_frames` even steps along a path of `num_stops` stops, both ends included.

    Each is the index of the stop before it and how far, in [0, 1], it is on the
    way to the next. At least 2 stops and 2 frames.
    """
    num_legs = num_stops - 1
    positions = [frame * num_legs / (num_frames - 1) for frame in range(num_frames)]
    return [(min(int(position), num_legs - 1), position - min(int(position), num_legs - 1)) for position in positions]
