"""What the app does between its start and its first visitor."""

from __future__ import annotations

import gc

from playground.errors import PlaygroundError
from playground.recipe import Recipe
from playground.render import render
from playground.ui.catalogue import playable


def warm_up() -> None:
    """Import torch, load every checkpoint that can be and draw one picture with each.

    The imports end up outside the garbage collector's sight, so that later
    collections do not walk through them. A damaged checkpoint is left for the
    pages to report.
    """
    for entry in playable():
        try:
            render(Recipe(model=entry.name, seeds=((0, 1.0),)))
        except PlaygroundError:
            continue
    gc.freeze()
