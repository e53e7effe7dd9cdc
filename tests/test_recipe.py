import json

import pytest

from playground.errors import PlaygroundError
from playground.recipe import MAX_SEED, Move, Recipe, check_seed


def test_json_and_link_carry_every_part():
    recipe = Recipe(
        model="m",
        seeds=[(7, 0.25), (MAX_SEED, -1)],
        classes={"3": 0.5, "8": 0.5},
        psi=0.8,
        moves=[Move(direction="axis:1", amount=2.5)],
        prior="normal",
    )
    assert Recipe.from_json(recipe.to_json()) == recipe
    assert Recipe.from_link(recipe.to_link()) == recipe


def test_json_leaves_defaults_out():
    assert json.loads(Recipe(model="m", seeds=[(7, 1)]).to_json()) == {"model": "m", "seeds": [[7, 1.0]]}


def test_link_is_url_safe_and_short():
    link = Recipe(model="digits-cgan", seeds=[(7, 1)], classes={"3": 1}).to_link()
    assert link.replace("-", "").replace("_", "").isalnum()
    assert len(link) < 120


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seeds": [(-1, 1)]}, "out of range"),
        ({"seeds": [(2**63, 1)]}, "out of range"),
        ({"seeds": [("seven", 1)]}, "whole number"),
        ({"seeds": [(1.5, 1)]}, "whole number"),
        ({"seeds": [(7, float("nan"))]}, "finite"),
        ({"code": [0.0, float("nan")]}, "finite"),
        ({"code": [float("inf")]}, "finite"),
        ({"seeds": [(7, 1)], "psi": float("nan")}, "finite"),
        ({"seeds": [(7, 1)], "psi": "much"}, "not a number"),
        ({}, "either seeds or an explicit code"),
        ({"seeds": [(7, 1)], "code": [1.0]}, "not both"),
        ({"seeds": [(7, 1)], "classes": {"3": -1}}, "negative"),
        ({"seeds": [(7, 1)], "classes": {"3": 0}}, "above 0"),
        ({"seeds": [(7, 1)], "prior": "uniform"}, "prior"),
        ({"seeds": [(7, 1)], "colour": 1}, "colour"),
        ({"seeds": [(0, 1)] * 65}, "seeds"),
    ],
)
def test_bad_recipes_get_one_sentence(fields, words):
    with pytest.raises(PlaygroundError, match=words) as caught:
        Recipe(model="m", **fields)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"model": 3}', "x" * 300_000])
def test_bad_json_gets_one_sentence(text):
    with pytest.raises(PlaygroundError):
        Recipe.from_json(text)


def test_bad_links_get_one_sentence():
    good = Recipe(model="m", seeds=[(7, 1)]).to_link()
    for link in ["", "!!", "A", good[:-4], "é", good * 2000]:
        with pytest.raises(PlaygroundError, match="damaged or cut off"):
            Recipe.from_link(link)


def test_the_range_of_seeds_is_0_to_2_to_the_63_minus_1():
    assert check_seed(0) == 0
    assert check_seed(str(MAX_SEED)) == 2**63 - 1
