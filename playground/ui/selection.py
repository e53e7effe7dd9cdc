"""The picture that was clicked last, kept when pages change, and the links that carry one."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import streamlit as st

from playground.errors import PlaygroundError
from playground.recipe import Recipe
from playground.ui.catalogue import playable
from playground.ui.painting import paint
from playground.ui.problems import show_problem
from playground.ui.seeds import thrown_seed

LINK = "recipe"
STARTS = {"Sample": ["sample_seeds"], "Classes": ["classes_seed", "blend_seed"], "Vectors": ["vector_a"]}


def select(recipe: Recipe) -> None:
    """Remember this picture as the chosen one."""
    st.session_state["chosen"] = recipe.to_json()


def selected() -> Recipe | None:
    """The chosen picture, if there is one and its model is still here."""
    stored = st.session_state.get("chosen")
    recipe = Recipe.from_json(stored) if stored else None
    return recipe if recipe and recipe.model in {entry.name for entry in playable()} else None


def plain_seed(recipe: Recipe) -> int | None:
    """The seed of a picture that is one seed and nothing else; None for mixes, codes and moved pictures."""
    is_plain = len(recipe.seeds) == 1 and recipe.seeds[0][1] == 1 and not recipe.moves
    return recipe.seeds[0][0] if is_plain else None


def link_to(recipe: Recipe) -> str:
    """The address of the Live page with this picture on it."""
    here = urlsplit(st.context.url or "")
    base = here.path.rsplit("/", 1)[0]
    return urlunsplit((here.scheme, here.netloc, f"{base}/", f"{LINK}={recipe.to_link()}", ""))


def write_link(page: str, recipe: Recipe) -> None:
    """Put this picture into the address of a page, which is no new arrival."""
    link = recipe.to_link()
    st.session_state["arrival"] = (page, link)
    st.query_params[LINK] = link


def read_link(page: str) -> None:
    """Take over the recipe in the address of a page, before that page's controls are drawn.

    Once for each arrival: what the controls say afterwards counts more than the
    address. A damaged link, or one to a model that is not here, is said in a
    sentence and changes nothing.
    """
    link = st.query_params.get(LINK)
    arrival = (page, link) if link else None
    known = st.session_state.get("arrival")
    st.session_state["arrival"] = arrival
    if arrival is None or arrival == known:
        return
    try:
        recipe = Recipe.from_link(link)
        if recipe.model not in {entry.name for entry in playable()}:
            raise PlaygroundError(f"This link is to a picture of {recipe.model}, and there is no such model here.")
        paint([recipe])  # what cannot be drawn cannot be put into the controls either
    except PlaygroundError as problem:
        show_problem(problem)
        return
    select(recipe)
    _set_controls(recipe)
    _start_page(page, recipe)


def _set_controls(recipe: Recipe) -> None:
    """Put the recipe into the controls that all pages share, as far as they can say it."""
    state = st.session_state
    state["model"] = recipe.model
    state["psi"] = min(2.0, max(0.0, recipe.psi))
    state["prior"] = recipe.prior
    state["classes"] = list(recipe.classes)
    for name, weight in recipe.classes.items():
        state[f"weight_{name}"] = min(1.0, weight / max(recipe.classes.values()))


def _start_page(page: str, recipe: Recipe) -> None:
    """Put the picture where the page starts from."""
    state = st.session_state
    seed = plain_seed(recipe)
    if page == "Reconstruct":
        state["reconstruct_source"] = "A generated picture"
        state["reconstruct_recipe"] = recipe.to_json()
    elif page == "Interpolate" and seed is not None:
        state["interpolate_seeds"] = _with_another(state.get("interpolate_seeds"), seed)
    elif page in STARTS and seed is not None:
        state.update(dict.fromkeys(STARTS[page], str(seed)))


def _with_another(stops: str | None, seed: int) -> str:
    """The list of stops with this seed at its end, unless it stands there already; a first one gets company."""
    if stops is None:
        return f"{seed}, {thrown_seed()}"
    return stops if stops.endswith(f" {seed}") else f"{stops}, {seed}"
