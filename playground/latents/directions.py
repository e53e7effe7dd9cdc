"""Directions: unit vectors in latent space, by name."""

from __future__ import annotations

import re

import torch
from jaxtyping import Float
from torch import Tensor

from playground.errors import PlaygroundError

_AXIS = re.compile(r"axis:(\d{1,4})")


def direction(name: str, latent_dim: int) -> Float[Tensor, " latent_dim"]:
    """The unit vector of that name.

    `constant` has every coordinate alike: a step of c * sqrt(latent_dim) along it
    adds c to the whole code. `axis:K` is coordinate K, counted from 0. Any other
    name raises `PlaygroundError`.
    """
    if name == "constant":
        return torch.full((latent_dim,), latent_dim**-0.5)
    axis = _AXIS.fullmatch(name)
    if axis and int(axis[1]) < latent_dim:
        return torch.nn.functional.one_hot(torch.tensor(int(axis[1])), latent_dim).float()
    raise PlaygroundError(
        f"There is no direction {name!r}: use constant, or axis:0 to axis:{latent_dim - 1} for a single coordinate."
    )
