"""From a recipe to what a model decodes: its latent code and its class weights."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from jaxtyping import Float
from torch import Tensor

from playground.errors import PlaygroundError
from playground.latents.directions import step_along
from playground.models import GenerativeModel
from playground.models.prior import GaussianMixture, StandardNormal
from playground.recipe import Recipe


def code_of(recipe: Recipe, model: GenerativeModel) -> Float[Tensor, " latent_dim"]:
    """The latent code that a recipe describes, float32 on the CPU.

    The weighted sum of its seeds' codes, each truncated by psi, or the explicit
    code times psi; then the moves. Raises `PlaygroundError` for a code of the
    wrong length and an unknown direction.
    """
    if recipe.code is not None:
        if len(recipe.code) != model.latent_dim:
            raise PlaygroundError(
                f"This recipe's code has {len(recipe.code)} numbers, {recipe.model} takes {model.latent_dim}."
            )
        code = recipe.psi * torch.tensor(recipe.code, dtype=torch.float32)
    else:
        has_mixture = isinstance(model.prior, GaussianMixture)
        prior = StandardNormal(model.latent_dim) if has_mixture and recipe.prior == "normal" else model.prior
        code = sum(
            (weight * prior.draw(seed, recipe.psi) for seed, weight in recipe.seeds), torch.zeros(model.latent_dim)
        )
    for move in recipe.moves:
        code = code + move.amount * step_along(move.direction, model)
    if not code.isfinite().all():
        raise PlaygroundError("This recipe's latent code is not finite: use smaller weights, moves or psi.")
    return code


def class_weights_of(
    classes: Mapping[str, float], class_names: tuple[str, ...]
) -> Float[Tensor, " num_classes"] | None:
    """Class weights as a row that sums to 1; None for an unconditional model.

    Args:
        classes: class name -> weight, not negative; empty means all alike.
        class_names: the model's classes in order; empty when it has none.

    Raises `PlaygroundError` for a class that the model does not have.
    """
    if not class_names:
        if classes:
            raise PlaygroundError("This model is unconditional and takes no classes: leave them out.")
        return None
    if unknown := [name for name in classes if name not in class_names]:
        raise PlaygroundError(f"There is no class {unknown[0]!r}: this model knows {', '.join(class_names)}.")
    if not classes:
        return torch.full((len(class_names),), 1 / len(class_names))
    weights = torch.tensor([classes.get(name, 0.0) for name in class_names], dtype=torch.float64)
    return (weights / weights.sum()).float()
