"""Whether the browser draws what `playground.render` draws: 200 random recipes of each digit model.

The page's own modules turn recipes into codes and class weights and have the
browser's back end decode them, one by one as on the canvas.
"""

from __future__ import annotations

import base64
import json
import random

import numpy as np
from playwright.async_api import Browser

import playground
from benchmarks.live.line import Line
from playground import LoadedModel, PlaygroundError, Recipe, checkpoints
from playground.live.files import runtime_version, web_version

NUM_RECIPES = 200
DRAW = """async ({ version, runtime, name, fingerprint, recipes }) => {
  const here = `${location.origin}/live`;
  const module = (file) => import(`${here}/web/${version}/${file}.js`);
  const [{ loadModel }, { codeOf, classWeightsOf }, { BrowserBackend }] =
    await Promise.all([module("model"), module("recipe"), module("browser_backend")]);
  const addresses = {
    worker: `${here}/web/${version}/worker.js`,
    runtime: `${here}/runtime/${runtime}/`,
    network: ({ name, fingerprint }) => `${here}/models/${name}/${fingerprint}.onnx`,
  };
  const model = await loadModel(`${here}/models/`, name, fingerprint);
  const backend = new BrowserBackend();
  await backend.open(addresses, model);
  const drawn = [];
  for (const recipe of recipes) {
    const weights = classWeightsOf(recipe.classes ?? {}, model.classNames);
    const pixels = await backend.pixels(model, codeOf(recipe, model), weights, 1);
    drawn.push(btoa(String.fromCharCode(...pixels)));
  }
  backend.close();
  return drawn;
}"""


async def measure_likeness(browser: Browser, address: str) -> list[Line]:
    """A line for each digit model; one that cannot be opened says so."""
    lines = []
    for name in checkpoints.names():
        if name.startswith("digits-"):
            try:
                lines.append(await _compare(browser, address, playground.load(name)))
            except PlaygroundError as problem:
                lines.append(Line(f"browser and server draw alike: {name}", str(problem), "", False))
    return lines


async def _compare(browser: Browser, address: str, model: LoadedModel) -> Line:
    dice = random.Random(0)
    recipes = [_recipe(model, dice) for _ in range(NUM_RECIPES)]
    page = await browser.new_page()
    await page.goto(f"{address}/_stcore/health")
    drawn = await page.evaluate(
        DRAW,
        {
            "version": web_version(),
            "runtime": runtime_version(),
            "name": model.name,
            "fingerprint": model.fingerprint,
            "recipes": [_as_the_canvas_writes(recipe) for recipe in recipes],
        },
    )
    await page.close()
    worst = []
    for recipe, content in zip(recipes, drawn, strict=True):
        expected = model.render([recipe])[0].astype(int)
        pixels = np.frombuffer(base64.b64decode(content), dtype=np.uint8).reshape(expected.shape)
        worst.append(int(abs(pixels - expected).max()))
    num_different = sum(difference > 0 for difference in worst)
    measured = f"at most {max(worst)} grey levels apart; {num_different} of {NUM_RECIPES} recipes differ at all"
    return Line(f"browser and server draw alike: {model.name}", measured, "at most 1 grey level", max(worst) <= 1)


def _recipe(model: LoadedModel, dice: random.Random) -> Recipe:
    """Any recipe that the canvas can make: blends, directions of every kind, truncation, class mixes, both priors."""
    seeds = [(dice.randrange(2**63), dice.uniform(0.05, 1)) for _ in range(dice.choice([1, 1, 2, 4]))]
    length = sum(weight**2 for _, weight in seeds) ** 0.5
    kinds = ["constant", f"axis:{dice.randrange(model.latent_dim)}"]
    kinds += [f"principal:{dice.randrange(model.checkpoint.model.config.num_principal)}" for _ in range(2)]
    chosen = dice.sample(model.class_names, dice.randrange(min(5, len(model.class_names) + 1)))
    return Recipe(
        model=model.name,
        seeds=[(seed, weight / length) for seed, weight in seeds],
        classes={name: dice.uniform(0.01, 1) for name in chosen},
        psi=dice.choice([0.0, 0.5, 1.0, dice.uniform(0, 2)]),
        moves=[{"direction": kind, "amount": dice.uniform(-3, 3)} for kind in kinds if dice.random() < 0.5],
        prior=dice.choice(["fitted", "normal"]),
    )


def _as_the_canvas_writes(recipe: Recipe) -> dict[str, object]:
    """A recipe's JSON with its seeds as text, which no JavaScript number rounds."""
    plain = json.loads(recipe.to_json())
    return plain | {"seeds": [[str(seed), weight] for seed, weight in plain["seeds"]]}
