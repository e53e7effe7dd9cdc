"""What the browser's mathematics is asked: models as the app serves them, recipes as the canvas writes them."""

from __future__ import annotations

import base64
import json

from starlette.requests import Request

import playground
from playground.live import files
from playground.live.component import for_javascript
from playground.recipe import Recipe

MEET = """
  const [{ readModel }, { codeOf, classWeightsOf }] =
    await Promise.all([import("/latent_model.js"), import("/recipe.js")]);
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
  const open = ({ description, numbers }) => readModel(description, bytes(numbers));
"""


def served_model(name: str) -> dict[str, object]:
    """What the app's routes say of a model."""
    asked = Request({"type": "http", "path_params": {"name": name, "fingerprint": playground.load(name).fingerprint}})
    return {
        "description": json.loads(files.description(asked).body),
        "numbers": base64.b64encode(files.latent(asked).body).decode(),
    }


def as_the_canvas_writes(recipe: Recipe) -> dict[str, object]:
    """A recipe's JSON with its seeds as text, which no JavaScript number rounds."""
    return json.loads(for_javascript(recipe))
