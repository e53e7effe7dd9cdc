"""The canvas's own mathematics, run in the browser, against the library's."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Error, Page, Route
from starlette.requests import Request

import playground
from playground import checkpoints
from playground.card import Card
from playground.latents.paths import place_on_walk
from playground.latents.sample import class_weights_of, code_of
from playground.live import files
from playground.models import GenerativeModel, family
from playground.recipe import MAX_SEED, Move, Recipe
from playground.training.fit import settle
from playground.ui.live_sheet import Binding

HOST = "http://canvas.test"
DIGITS = tuple("0123456789")
SMALL = {"generator_channels": (8, 8), "discriminator_channels": (8,), "image_size": 8}
SMALL_PAIR = {"encoder_channels": (8,), "decoder_channels": (8, 8), "image_size": 8}
CONFIGS = {  # codes shorter than 16, multiples of 16 and others: torch draws each its own way
    "cgan": {**SMALL, "latent_dim": 64, "class_names": DIGITS},
    "dense-gan": {"latent_dim": 100, "image_size": 8},
    "autoencoder": {**SMALL_PAIR, "latent_dim": 5, "mixture_components": 3},
    "vae": {**SMALL_PAIR, "latent_dim": 24, "mixture_components": 100},
    "cvae": {**SMALL_PAIR, "latent_dim": 16, "mixture_components": 7, "class_names": DIGITS},
    "style-gan": {**SMALL, "latent_dim": 20},
}
NUM_RECIPES = 200


def _fill(model: GenerativeModel, generator: torch.Generator) -> GenerativeModel:
    """Gives an untrained model principal directions, and a mixture worth drawing from."""
    size = model.latent_dim
    directions = torch.linalg.qr(torch.randn(size, size, generator=generator))[0][:16]
    model.take_principal(directions, 0.5 + torch.rand(len(directions), generator=generator))
    if model.config.mixture_components:
        weights = torch.rand(model.config.mixture_components, generator=generator)
        model.prior.weights.copy_(weights / weights.sum())
        model.prior.means.copy_(2 * torch.randn(model.prior.means.shape, generator=generator))
        model.prior.pack(torch.randn(model.prior.factors.shape, generator=generator) / size**0.5)
    settle(model)
    return model


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, GenerativeModel]:
    """Untrained models of several families as they come back from their checkpoints, by name."""
    monkeypatch.setenv("PLAYGROUND_CHECKPOINTS", str(tmp_path))
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    for name, config in CONFIGS.items():
        model = _fill(family(name).build(config).eval(), generator)
        checkpoints.save(tmp_path / name, model, Card(title=name))
    return {name: playground.load(name).checkpoint.model for name in CONFIGS}


@pytest.fixture
def canvas(tab: Page) -> Page:
    """An empty page that can import the canvas's modules; no server takes part."""

    def answer(route: Route) -> None:
        file = files.WEB / route.request.url.rpartition("/")[2]
        if file.suffix == ".js":
            route.fulfill(body=file.read_text(), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    tab.route(f"{HOST}/**", answer)
    tab.goto(f"{HOST}/")
    return tab


def _served(name: str) -> dict[str, object]:
    """What the app's routes say of a model."""
    asked = Request({"type": "http", "path_params": {"name": name, "fingerprint": playground.load(name).fingerprint}})
    return {
        "description": json.loads(files.description(asked).body),
        "numbers": base64.b64encode(files.latent(asked).body).decode(),
    }


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
    ]
    moves = [{"direction": kind, "amount": dice.uniform(-4, 4)} for kind in kinds if dice.random() < 0.4]
    chosen = dice.sample(model.class_names, dice.randrange(min(5, len(model.class_names) + 1)))
    classes = {kind: dice.uniform(0.01, 3) for kind in chosen}
    return Recipe(
        model=name,
        **source,
        classes=classes,
        psi=dice.choice([0, 0.5, 1, 1, dice.uniform(0, 1.5)]),
        moves=moves,
        prior=dice.choice(["fitted", "normal"]),
    )


def _as_the_canvas_writes(recipe: Recipe) -> dict[str, object]:
    """A recipe's JSON with its seeds as text, which no JavaScript number rounds."""
    plain = json.loads(recipe.to_json())
    if "seeds" in plain:
        plain["seeds"] = [[str(seed), weight] for seed, weight in plain["seeds"]]
    return plain


MEET = """
  const [{ readModel }, { codeOf, classWeightsOf }] =
    await Promise.all([import("/latent_model.js"), import("/recipe.js")]);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const open = ({ description, numbers }) => readModel(description, bytes(numbers));
"""


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
        [[_served(name) for name in models], [_as_the_canvas_writes(recipe) for recipe in recipes]],
    )
    for recipe, (code, weights) in zip(recipes, found, strict=True):
        model = models[recipe.model]
        expected = code_of(recipe, model)
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
        ({"moves": [{"direction": "toString", "amount": 1}]}, "no direction toString"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_one_sentence(canvas, models, change, words):
    recipe = {"seeds": [["1", 1]], **change}
    with pytest.raises(Error) as refused:
        canvas.evaluate(
            f"async ([served, recipe]) => {{ {MEET} codeOf(recipe, open(served)); }}", [_served("autoencoder"), recipe]
        )
    assert words in refused.value.message


def test_a_file_that_is_cut_off_is_noticed(canvas, models):
    served = _served("vae")
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
        _served("autoencoder"),
    )
    assert kept == [1024, True, False]


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
            [_served(name) for name in models],
            [[[_as_the_canvas_writes(stop) for stop in stops], place] for stops, place in walks],
            path,
        ],
    )
    for (stops, place), (code, weights) in zip(walks, found, strict=True):
        model = models[stops[0].model]
        recipe = place_on_walk(stops, model, place, path)
        assert torch.allclose(torch.tensor(code), code_of(recipe, model), atol=2e-5)
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
        [_as_the_canvas_writes(recipe), [vars(binding) for binding in bindings], values],
    )
    alone, moved, weightless = (Recipe.model_validate(one) for one in found)
    assert alone == recipe.model_copy(update={"psi": 0.4, "classes": {"7": 0.5}})
    assert moved.moves == (*recipe.moves, Move(direction="constant", amount=0.5))
    assert weightless.classes == {"2": 1.0}  # all weights 0 count alike, as on the page
