from __future__ import annotations

import numpy as np
import pytest

import playground
from playground import Move, Recipe
from playground.ui.words import in_python, in_words

RECIPES = [
    Recipe(model="tiny", seeds=[(7, 1.0)], classes={"1": 1.0}),
    Recipe(model="tiny", seeds=[(7, 0.5), (8, -0.5)], classes={"1": 1.0, "2": 3.0}, psi=0.5, prior="normal"),
    Recipe(
        model="tiny", seeds=[(7, 1.0)], moves=[Move(direction="axis:1", amount=2), Move(direction="constant", amount=1)]
    ),
    Recipe(model="tiny", code=[0.5, 1.0, -1.0, 2.0]),
]


@pytest.mark.parametrize("recipe", RECIPES)
def test_the_python_call_makes_the_same_picture(recipe, tiny_checkpoint):
    *first, last = in_python(recipe).strip().splitlines()
    names: dict = {}
    exec("\n".join([*first, f"picture = {last}"]), names)
    assert np.array_equal(names["picture"], playground.render(recipe))


def test_a_long_code_is_carried_as_json():
    recipe = Recipe(model="tiny", code=[0.25] * 64)
    names: dict = {"playground": playground}
    call = in_python(recipe).splitlines()[-1].removeprefix("playground.render(").removesuffix(")")
    assert eval(call, names) == recipe


def test_words_name_all_that_makes_the_picture():
    assert in_words(RECIPES[0]) == "tiny, seed 7, class 1"
    assert in_words(RECIPES[1]) == (
        "tiny, seeds +0.50 x 7, -0.50 x 8, classes 25 % 1, 75 % 2, psi 0.5, codes from N(0, I)"
    )
    assert "+2.00 along axis:1" in in_words(RECIPES[2])
