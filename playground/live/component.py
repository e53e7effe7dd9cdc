"""The live canvas as a Streamlit component: it shows a recipe, moves with the hand, and gives back a recipe."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from playground.live.files import runtime_version, web_version
from playground.recipe import Recipe
from playground.render import LoadedModel

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "playground_live",
    html='<div class="live"></div>\n',
    css=(_HERE / "web" / "live.css").read_text(encoding="utf-8"),
    js=(_HERE / "loader.js").read_text(encoding="utf-8"),
)


def show_live(
    model: LoadedModel, recipe: Recipe, arrival: str, session: str, on_recipe: Callable[[Recipe], None], key: str
) -> Recipe:
    """Show the live canvas. Returns what it committed last, `recipe` if that was nothing.

    Args:
        model: what draws.
        recipe: what is shown at first, a picture of `model`.
        arrival: changes when `recipe` comes from elsewhere than the canvas, which then shows it.
        session: differs between sessions. A canvas that outlives its session, because the server restarted, keeps
            its picture whatever arrives, and what it committed is returned to the new one.
        on_recipe: called with the recipe that a released control leaves, before the page runs again.
        key: unique on the page, the same at every run.
    """

    def committed() -> None:
        on_recipe(Recipe.from_json(st.session_state[key]["recipe"]))

    data = addresses_of(model) | {"recipe": for_javascript(recipe), "arrival": arrival, "session": session}
    found = _mount(key=key, data=data, default={"recipe": recipe.to_json()}, on_recipe_change=committed)
    return Recipe.from_json(found["recipe"])


def addresses_of(model: LoadedModel) -> dict[str, str]:
    """What the browser needs to find its modules, the runtime and the model."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return {
        "base": f"/{base}" if base else "",
        "version": web_version(),
        "runtime": runtime_version(),
        "model": model.name,
        "fingerprint": model.fingerprint,
    }


def for_javascript(recipe: Recipe) -> str:
    """The recipe as JSON with its seeds as texts: a JavaScript number loses digits above 2^53."""
    fields = recipe.model_dump(mode="json", exclude_defaults=True)
    if recipe.seeds:
        fields["seeds"] = [[str(seed), weight] for seed, weight in recipe.seeds]
    for style in fields.get("styles", ()):
        style["seed"] = str(style["seed"])
    return json.dumps(fields)
