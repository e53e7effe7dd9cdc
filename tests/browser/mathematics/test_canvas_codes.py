"""Codes and class weights of recipes, and what refuses to have one."""

from __future__ import annotations

import random

import pytest
import torch
from playwright.sync_api import Error

from playground.latents.sample import class_weights_of, code_of
from playground.models import GenerativeModel
from playground.recipe import MAX_SEED, Recipe
from tests.browser.mathematics.asked import MEET, as_the_canvas_writes, served_model

NUM_RECIPES = 200


def _recipe(name: str, model: GenerativeModel, dice: random.Random) -> Recipe:
    """Any recipe of a model: blends, explicit codes, moves of every kind, both priors."""
    if dice.random() < 0.2:
        source = {"code": [dice.gauss(0, 1.5) for _ in range(model.latent_dim)]}
    else:
        pool = [0, 7, 2**31, 2**32, 2**32 + 7, 2**53 + 1, MAX_SEED, dice.randrange(1000), dice.randrange(MAX_SEED)]
        source = {"seeds": [(dice.choice(pool), dice.uniform(-2, 2)) for _ in range(dice.choice([1, 1, 2, 4, 9]))]}
    kinds = [
        "constant",
        f"axis:{dice.randrange(model.latent_dim)}",
        *(f"principal:{dice.randrange(model.config.num_principal)}" for _ in range(2)),
        f"label:{dice.choice(model.config.label_names)}",
    ]
    moves = [{"direction": kind, "amount": dice.uniform(-4, 4)} for kind in kinds if dice.random() < 0.4]
    styles = []
    if model.num_layers > 1:
        last = dice.randrange(model.num_layers)
        layers = {"first": dice.randrange(last + 1), "last": last}
        styles = [{"seed": dice.choice([3, 2**53 + 1, MAX_SEED]), **layers} for _ in range(dice.randrange(3))]
        moves = [{**move, "layers": layers} if dice.random() < 0.5 else move for move in moves]
    chosen = dice.sample(model.class_names, dice.randrange(min(5, len(model.class_names) + 1)))
    classes = {kind: dice.uniform(0.01, 3) for kind in chosen}
    return Recipe(
        model=name,
        **source,
        classes=classes,
        psi=dice.choice([0, 0.5, 1, 1, dice.uniform(0, 1.5)]),
        styles=styles,
        moves=moves,
        prior=dice.choice(["fitted", "normal"]),
    )


def test_codes_and_class_weights_are_those_of_the_library(canvas, models):
    dice = random.Random(0)
    names = [list(models)[turn % len(models)] for turn in range(NUM_RECIPES)]
    recipes = [_recipe(name, models[name], dice) for name in names]
    found = canvas.evaluate(
        f"""async ([served, recipes]) => {{
          {MEET}
          const models = Object.fromEntries(served.map((one) => [one.description.name, open(one)]));
          return recipes.map((recipe) => {{
            const model = models[recipe.model];
            const weights = classWeightsOf(recipe.classes ?? {{}}, model.classNames);
            return [[...codeOf(recipe, model)], weights && [...weights]];
          }});
        }}""",
        [[served_model(name) for name in models], [as_the_canvas_writes(recipe) for recipe in recipes]],
    )
    for recipe, (code, weights) in zip(recipes, found, strict=True):
        model = models[recipe.model]
        expected = code_of(recipe, model).flatten()
        worst = float((torch.tensor(code) - expected).abs().max())
        assert worst <= 2e-5 * max(1.0, float(expected.abs().max())), recipe.to_json()
        expected_weights = class_weights_of(recipe.classes, model.class_names)
        if expected_weights is None:
            assert weights is None
        else:
            assert weights == pytest.approx(expected_weights.tolist(), abs=1e-6)


def test_random_numbers_are_torch_s(canvas):
    asked = [(seed, length) for seed in (0, 42, 2**32 + 1, MAX_SEED) for length in [*range(1, 50), 100, 512, 1000]]
    found = canvas.evaluate(
        """async (asked) => {
          const { Generator } = await import("/random.js");
          return asked.map(([seed, length]) => {
            const generator = new Generator(seed);
            return [[...generator.randn(length)], generator.rand(), [...generator.randn(3)]];
          });
        }""",
        [(str(seed), length) for seed, length in asked],
    )
    for (seed, length), (normal, uniform, more) in zip(asked, found, strict=True):
        generator = torch.Generator().manual_seed(seed)
        assert normal == pytest.approx(torch.randn(length, generator=generator).tolist(), abs=1e-5)
        assert uniform == float(torch.rand((), generator=generator))
        assert more == pytest.approx(torch.randn(3, generator=generator).tolist(), abs=1e-5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seeds": [[2**53, 1]]}, "above 2^53 as text"),
        ({"seeds": [[str(2**63), 1]]}, "from 0 to 2^63-1"),
        ({"seeds": [["-1", 1]]}, "from 0 to 2^63-1"),
        ({"seeds": [["7", 1e300]]}, "not finite"),
        ({"code": [1, 2]}, "has 2 numbers, autoencoder takes 5"),
        ({"moves": [{"direction": "axis:5", "amount": 1}]}, "no direction axis:5"),
        ({"moves": [{"direction": "principal:5", "amount": 1}]}, "no direction principal:5"),
        ({"moves": [{"direction": "label:toString", "amount": 1}]}, "no direction label:toString"),
        ({"moves": [{"direction": "toString", "amount": 1}]}, "no direction toString"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(canvas, models, change, words):
    recipe = {"seeds": [["1", 1]], **change}
    with pytest.raises(Error) as refused:
        canvas.evaluate(
            f"async ([served, recipe]) => {{ {MEET} codeOf(recipe, open(served)); }}",
            [served_model("autoencoder"), recipe],
        )
    assert words in refused.value.message


def test_a_file_that_is_cut_off_is_noticed(canvas, models):
    served = served_model("vae")
    served["numbers"] = served["numbers"][:-8]
    with pytest.raises(Error, match="vae is cut off"):
        canvas.evaluate(f"async (served) => {{ {MEET} open(served); }}", served)


def test_draws_are_kept_for_dragging_but_not_without_end(canvas, models):
    kept = canvas.evaluate(
        f"""async (served) => {{
          {MEET}
          const model = open(served);
          for (let seed = 0; seed < 1500; seed++) codeOf({{ seeds: [[seed, 1]] }}, model);
          const prior = model.priors.fitted;
          const before = prior.drawn(1499);
          return [prior.kept.size, prior.drawn(1499) === before, prior.kept.has(0)];
        }}""",
        served_model("autoencoder"),
    )
    assert kept == [1024, True, False]
