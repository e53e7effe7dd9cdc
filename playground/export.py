"""Recipes into files: a PNG, a folder of PNGs, or an .npz with labels."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.images import grid, sheet_columns, to_png
from playground.recipe import Recipe
from playground.render import LoadedModel


def write(out: Path, model: LoadedModel, recipes: Sequence[Recipe]) -> Path:
    """Render recipes into `out` and return it.

    A name ending in .png gets one picture with its recipe inside, or a grid; one
    ending in .npz gets `images` uint8 [batch, height, width, channels] and
    `labels` int64 [batch], the index of the heaviest class (-1 without classes);
    any other name is a folder that gets one PNG a recipe. Each file is written
    beside its name and moved into place.
    """
    images = model.render(recipes)
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        if out.suffix.lower() == ".png":
            whole = (
                to_png(images[0], recipes[0].to_json())
                if len(recipes) == 1
                else to_png(grid(images, sheet_columns(len(images))))
            )
            write_whole(out, whole)
        elif out.suffix.lower() == ".npz":
            buffer = io.BytesIO()
            np.savez_compressed(buffer, images=images, labels=_labels(model, recipes))
            write_whole(out, buffer.getvalue())
        elif out.suffix:
            raise PlaygroundError(f"{out.name} ends in {out.suffix}: use .png, .npz, or a folder without an ending.")
        else:
            out.mkdir(parents=True, exist_ok=True)
            for index, (image, recipe) in enumerate(zip(images, recipes, strict=True)):
                write_whole(out / f"{index:06d}.png", to_png(image, recipe.to_json()))
    except OSError as error:
        raise PlaygroundError(f"{out} cannot be written ({error.strerror}): choose another place.") from None
    return out


def _labels(model: LoadedModel, recipes: Sequence[Recipe]) -> np.ndarray:
    names = model.class_names
    return np.array(
        [
            names.index(max(recipe.classes, key=recipe.classes.__getitem__)) if recipe.classes else -1
            for recipe in recipes
        ],
        dtype=np.int64,
    )
