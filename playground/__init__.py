"""Latent Playground: play generative image models.

>>> import playground
>>> model = playground.load("digits-cgan")
>>> images = model.sample(seeds=[7, 8], classes=["3", {"3": 0.5, "8": 0.5}])
>>> playground.render(playground.Recipe(model="digits-cgan", seeds=[(7, 1.0)], classes={"3": 1.0}))
"""

from playground.errors import PlaygroundError
from playground.recipe import Move, Recipe
from playground.render import LoadedModel, load, render, render_all

__all__ = ["LoadedModel", "Move", "PlaygroundError", "Recipe", "load", "render", "render_all"]
