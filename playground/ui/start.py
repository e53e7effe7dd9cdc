"""What somebody sees first of a model."""

from __future__ import annotations

from collections.abc import Sequence

from playground.recipe import Recipe

SEED = 14  # which is worth a look with each model in the box
CLASS = 3  # its place among the classes, or the last one


def start_recipe(name: str, class_names: Sequence[str]) -> Recipe:
    """The first picture of the checkpoint `name`; the canvas starts anew from the same (`startState` in state.js).

    Args:
        name: of the checkpoint.
        class_names: empty for a model without classes.
    """
    classes = {class_names[min(CLASS, len(class_names) - 1)]: 1.0} if class_names else {}
    return Recipe(model=name, seeds=((SEED, 1.0),), classes=classes)
