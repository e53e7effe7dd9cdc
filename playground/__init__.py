"""Latent Playground: play generative image models.

>>> import playground
>>> model = playground.load("digits-cgan")
>>> images = model.sample(seeds=[7, 8], classes=["3", {"3": 0.5, "8": 0.5}])
>>> playground.render(playground.Recipe(model="digits-cgan", seeds=[(7, 1.0)], classes={"3": 1.0}))
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from playground.errors import PlaygroundError

if TYPE_CHECKING:
    from playground.recipe import Layers, Move, Recipe, Style
    from playground.render import LoadedModel, load, render, render_all

__all__ = ["Layers", "LoadedModel", "Move", "PlaygroundError", "Recipe", "Style", "load", "render", "render_all"]

_HOMES = dict.fromkeys(("Layers", "Move", "Recipe", "Style"), "recipe")


class _Package(ModuleType):
    """Imports what it offers when that is first asked for: the queue of trainings, say, needs no torch."""

    def __getattr__(self, name: str) -> Any:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"playground.{_HOMES.get(name, 'render')}"), name)

    def __setattr__(self, name: str, value: Any) -> None:
        # An import of the module `playground.render`, by whomever, would hide the function of that name.
        super().__setattr__(name, value.render if name == "render" and isinstance(value, ModuleType) else value)


sys.modules[__name__].__class__ = _Package
