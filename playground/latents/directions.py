"""Directions: steps in latent space, by name."""

from __future__ import annotations

import re

import torch
from jaxtyping import Float
from torch import Tensor

from playground.errors import PlaygroundError
from playground.models import GenerativeModel

_NUMBERED = re.compile(r"(axis|principal):(\d{1,4})")


def step_along(name: str, model: GenerativeModel) -> Float[Tensor, " latent_dim"]:
    """What a move of amount 1 along the direction of that name adds to a code.

    `constant` has every coordinate alike and length 1: c * sqrt(latent_dim) of it
    adds c to the whole code. `axis:K` is 1 in coordinate K, counted from 0.
    `principal:K` is one standard deviation along the model's principal direction
    K (see `playground.latents.principal`), `label:NAME` one along that which a label
    names (see `playground.training.labelled`). Any other name raises `PlaygroundError`.
    """
    names = model.config.label_names
    if name.removeprefix("label:") in names and name.startswith("label:"):
        index = names.index(name.removeprefix("label:"))
        return (model.labelled.scales[index] * model.labelled.directions[index]).cpu()
    num_principal = len(model.principal.scales)
    if name == "constant":
        return torch.full((model.latent_dim,), model.latent_dim**-0.5)
    if found := _NUMBERED.fullmatch(name):
        kind, index = found[1], int(found[2])
        if kind == "axis" and index < model.latent_dim:
            return torch.nn.functional.one_hot(torch.tensor(index), model.latent_dim).float()
        if kind == "principal" and index < num_principal:
            return (model.principal.scales[index] * model.principal.directions[index]).cpu()
    others = f", principal:0 to principal:{num_principal - 1}" if num_principal else ""
    others += "".join(f", label:{known}" for known in names)
    raise PlaygroundError(
        f"There is no direction {name!r}: this model has constant, axis:0 to axis:{model.latent_dim - 1}{others}."
    )
