"""Layers of a style-based model, and the canvas's state that holds them."""

from __future__ import annotations

from playground.latents.layers import layer_groups
from playground.recipe import Recipe
from tests.browser.mathematics.asked import MEET, as_the_canvas_writes, served_model


def test_groups_of_layers_are_those_of_the_library(canvas):
    counts = range(3, 20)
    found = canvas.evaluate(
        """async (counts) => {
          const { layerGroups } = await import("/layers.js");
          const named = (count) => layerGroups(count).map(({ name, layers }) => [name, layers]);
          return counts.map((count) => Object.fromEntries(named(count)));
        }""",
        list(counts),
    )
    assert found == [{name: part.model_dump() for name, part in layer_groups(count).items()} for count in counts]


def test_a_state_keeps_styles_and_the_layers_of_moves(canvas, models):
    recipe = Recipe(
        model="style-gan",
        seeds=[(5, 1.0)],
        styles=[{"seed": 8, "first": 1, "last": 1}],
        moves=[
            {"direction": "axis:1", "amount": 1, "layers": {"first": 0, "last": 1}},
            {"direction": "label:odd @ 1-2", "amount": 2},
        ],
    )
    back = canvas.evaluate(
        f"""async ([served, other, recipe]) => {{
          {MEET}
          const {{ stateOf, recipeOf, carriedOver }} = await import("/state.js");
          const model = open(served);
          const state = stateOf(recipe, model);
          return [recipeOf(state, model), recipeOf(carriedOver(state, open(other)), open(other))];
        }}""",
        [served_model("style-gan"), served_model("dense-gan"), as_the_canvas_writes(recipe)],
    )
    assert Recipe.model_validate(back[0]) == recipe
    without = Recipe.model_validate(back[1])
    assert (without.styles, without.moves) == ((), recipe.moves[1:])
