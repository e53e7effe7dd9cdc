"""Walks between recipes, and recipes that a slider changes."""

from __future__ import annotations

import random

import pytest
import torch

from playground.latents.paths import place_on_walk
from playground.latents.sample import class_weights_of, code_of
from playground.recipe import Move, Recipe
from playground.ui.live_sheet import Binding
from tests.browser.mathematics.asked import MEET, as_the_canvas_writes, served_model


@pytest.mark.parametrize("path", ["straight", "spherical"])
def test_places_on_a_walk_are_those_of_the_library(canvas, models, path):
    dice = random.Random(1)
    walks = []
    for name in ("cgan", "vae", "cvae", "dense-gan"):
        classes = [{"1": 1.0}, {"3": 0.5, "8": 2.0}, {"1": 0.25}] if models[name].class_names else [{}] * 3
        seeds = [[(dice.randrange(10_000), 1.0)] for _ in range(2)] + [[(4, 0.5), (9, -1.0)]]
        stops = [Recipe(model=name, seeds=one, classes=mix, psi=0.8) for one, mix in zip(seeds, classes, strict=True)]
        walks += [(stops, place) for place in (0.0, 0.37, 1.0, 1.83, 2.0)]
    same = Recipe(model="vae", seeds=[(3, 1.0)])  # no great circle leads from a code to itself
    walks.append(([same, same], 0.5))
    found = canvas.evaluate(
        f"""async ([served, walks, path]) => {{
          {MEET}
          const {{ along }} = await import("/paths.js");
          const models = Object.fromEntries(served.map((one) => [one.description.name, open(one)]));
          return walks.map(([stops, place]) => {{
            const model = models[stops[0].model];
            const recipe = along(stops, path, place, model);
            const weights = classWeightsOf(recipe.classes, model.classNames);
            return [[...codeOf(recipe, model)], weights && [...weights]];
          }});
        }}""",
        [
            [served_model(name) for name in models],
            [[[as_the_canvas_writes(stop) for stop in stops], place] for stops, place in walks],
            path,
        ],
    )
    for (stops, place), (code, weights) in zip(walks, found, strict=True):
        model = models[stops[0].model]
        recipe = place_on_walk(stops, model, place, path)
        assert torch.allclose(torch.tensor(code), code_of(recipe, model).flatten(), atol=2e-5)
        if weights is not None:
            expected = class_weights_of(recipe.classes, model.class_names)
            assert weights == pytest.approx(expected.tolist(), abs=1e-6)


def test_a_slider_moves_the_part_that_it_is_bound_to(canvas, models):
    recipe = Recipe(
        model="cgan", seeds=[(5, 1.0)], classes={"2": 1.0, "7": 0.5}, moves=[{"direction": "axis:1", "amount": 1}]
    )
    bindings = [
        Binding("psi", "psi"),
        Binding("share", "class", "2", factor=-1.0, offset=1.0),
        Binding("step", "move", "constant", factor=2.0, pictures=[1]),
    ]
    values = {"psi": 0.4, "share": 1.0, "step": 0.25}
    found = canvas.evaluate(
        """async ([recipe, bindings, values]) => {
          const { bound } = await import("/bindings.js");
          const none = { ...recipe, classes: { 2: 1 } };
          const made = [0, 1].map((index) => bound(recipe, index, bindings, values, null));
          return [...made, bound(none, 0, bindings, values, null)];
        }""",
        [as_the_canvas_writes(recipe), [vars(binding) for binding in bindings], values],
    )
    alone, moved, weightless = (Recipe.model_validate(one) for one in found)
    assert alone == recipe.model_copy(update={"psi": 0.4, "classes": {"7": 0.5}})
    assert moved.moves == (*recipe.moves, Move(direction="constant", amount=0.5))
    assert weightless.classes == {"2": 1.0}  # all weights 0 count alike, as on the page
