"""Recipes between recipes: the frames of a walk from stop to stop."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal, TypeVar

from torch import Tensor

from playground.errors import PlaygroundError
from playground.latents.interpolate import even_steps, linear_weights, spherical_weights
from playground.latents.sample import code_of
from playground.models import GenerativeModel
from playground.recipe import Recipe

MAX_FRAMES = 600
Key = TypeVar("Key")


def walk(
    stops: Sequence[Recipe], model: GenerativeModel, num_frames: int, path: Literal["straight", "spherical"]
) -> list[Recipe]:
    """`num_frames` recipes from the first stop to the last, through all of them.

    Seeds are blended by weight, so that each frame stays a recipe of seeds;
    where a stop has an explicit code, moves or styles, frames carry explicit codes.
    Classes are blended in a straight line in either case.

    Args:
        stops: at least 2 recipes of one model, with the same psi and prior.
        model: that model.
        num_frames: 2 to 600.
        path: `straight` or `spherical` (see `spherical_weights`).
    """
    if len(stops) < 2:
        raise PlaygroundError("A walk needs at least two stops: choose another seed.")
    if not 2 <= num_frames <= MAX_FRAMES:
        raise PlaygroundError(f"A walk has 2 to {MAX_FRAMES} frames, not {num_frames}.")
    codes = [code_of(stop, model).flatten() for stop in stops]
    return [_between(stops, codes, leg, t, path) for leg, t in even_steps(len(stops), num_frames)]


def place_on_walk(
    stops: Sequence[Recipe], model: GenerativeModel, place: float, path: Literal["straight", "spherical"]
) -> Recipe:
    """The recipe `place` legs, 0 to the number of stops less 1, along the walk; the rest as in `walk`."""
    codes = [code_of(stop, model).flatten() for stop in stops]
    leg = min(int(place), len(stops) - 2)
    return _between(stops, codes, leg, place - leg, path)


def _between(stops: Sequence[Recipe], codes: Sequence[Tensor], leg: int, t: float, path: str) -> Recipe:
    """The recipe at `t`, 0 to 1, of one leg."""
    start, end = stops[leg], stops[leg + 1]
    weights = linear_weights(t) if path == "straight" else spherical_weights(codes[leg], codes[leg + 1], t)
    classes = _blend(_normalised(start.classes), _normalised(end.classes), linear_weights(t))
    if all(stop.seeds and not (stop.moves or stop.styles) for stop in (start, end)):
        seeds = _blend(_summed(start.seeds), _summed(end.seeds), weights)
        return start.model_copy(update={"seeds": tuple(seeds.items()), "classes": classes})
    code = weights[0] * codes[leg] + weights[1] * codes[leg + 1]
    return Recipe(model=start.model, code=tuple(code.tolist()), classes=classes)


def _summed(seeds: Sequence[tuple[int, float]]) -> dict[int, float]:
    total: dict[int, float] = defaultdict(float)
    for seed, weight in seeds:
        total[seed] += weight
    return total


def _normalised(classes: dict[str, float]) -> dict[str, float]:
    return {name: weight / sum(classes.values()) for name, weight in classes.items()}


def _blend(start: dict[Key, float], end: dict[Key, float], weights: tuple[float, float]) -> dict[Key, float]:
    """The weighted sum of two sparse vectors; entries that vanish are left out."""
    blended = {key: weights[0] * start.get(key, 0.0) + weights[1] * end.get(key, 0.0) for key in {**start, **end}}
    kept = {key: weight for key, weight in blended.items() if weight}
    return kept or blended
