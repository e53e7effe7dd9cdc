"""Recipes -> pixels for pages: the renderer, with the last answers kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from jaxtyping import UInt8

from playground.recipe import Recipe
from playground.render import load, render_all

KEPT_ANSWERS = 200
FRAMES_A_STEP = 16


def paint(recipes: Sequence[Recipe]) -> UInt8[np.ndarray, "batch height width channels"]:
    """The pictures of at least one recipe, all of the same model; the same question is not asked twice."""
    fingerprint = load(recipes[0].model).fingerprint
    return _painted(fingerprint, tuple(recipe.to_json() for recipe in recipes))


def paint_in_steps(
    recipes: Sequence[Recipe], report: Callable[[float], None]
) -> UInt8[np.ndarray, "batch height width channels"]:
    """As `paint`, for many pictures: `report` hears the share that is done, 0 to 1, as it grows."""
    parts = []
    for start in range(0, len(recipes), FRAMES_A_STEP):
        parts.append(render_all(recipes[start : start + FRAMES_A_STEP]))
        report(min(1.0, (start + FRAMES_A_STEP) / len(recipes)))
    return np.concatenate(parts)


@lru_cache(maxsize=KEPT_ANSWERS)
def _painted(fingerprint: str, recipes: tuple[str, ...]) -> UInt8[np.ndarray, "batch height width channels"]:
    """`fingerprint` is part of the question: a retrained model gives new answers."""
    pictures = render_all([Recipe.from_json(recipe) for recipe in recipes])
    pictures.setflags(write=False)
    return pictures
