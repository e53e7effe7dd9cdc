"""A walk from an encoded picture: along single axes of the code, and through the classes."""

from __future__ import annotations

import numpy as np
import streamlit as st

from playground.recipe import Move, Recipe
from playground.render import LoadedModel
from playground.ui.inspector import show_inspector
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.words import in_words

AMOUNTS = [0.75 * step for step in range(-4, 5)]
PROBE = 2.0  # standard deviations: how far an axis is tried to see what it does
KEPT_MOVES = "walk_moves"


def show_code_walk(model: LoadedModel, start: Recipe) -> None:
    """Controls that move the code of `start`, and the pictures on the way."""
    axes = _most_visible_axes(model, start)
    if st.session_state.get("walk_start") != start.to_json():
        beginning = {"walk_axis": axes[0], "walk_amount": 0.0, "walk_class": next(iter(start.classes), None)}
        st.session_state.update({"walk_start": start.to_json(), KEPT_MOVES: []} | beginning)
    kept = tuple(Move(**move) for move in st.session_state[KEPT_MOVES])
    strips, chosen = st.columns([3, 1], gap="medium")

    with strips:
        with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
            axis = st.selectbox(
                "Axis of the code",
                axes,
                key="walk_axis",
                format_func=lambda axis: f"number {axis}",
                help="The most visible ones come first.",
                width=180,
            )
            amount = st.select_slider("Step", AMOUNTS, 0.0, key="walk_amount", format_func=_signed)
        direction = f"axis:{axis}"
        steps = [start.model_copy(update={"moves": _with(kept, direction, value)}) for value in AMOUNTS]
        here = steps[AMOUNTS.index(amount)]
        show_pictures(
            paint(steps),
            [in_words(recipe) for recipe in steps],
            Sheet("Steps along the axis", len(AMOUNTS), smallest=30, largest=96, selected=[AMOUNTS.index(amount)]),
            key="axis_strip",
            captions=[_signed(value) for value in AMOUNTS],
            on_pick=lambda index: st.session_state.update(walk_amount=AMOUNTS[index]),
        )
        _show_kept(kept, direction, amount)
        if model.class_names:
            here = _show_classes(model, here)
    with chosen:
        show_inspector(here, "walk", largest=224)


def _signed(amount: float) -> str:
    return f"{amount:+g}" if amount else "0"


def _with(kept: tuple[Move, ...], direction: str, amount: float) -> tuple[Move, ...]:
    return (*kept, Move(direction=direction, amount=amount)) if amount else kept


def _most_visible_axes(model: LoadedModel, start: Recipe) -> list[int]:
    """All axes of the code, the one whose step changes the most pixels first."""
    probes = [
        start.model_copy(update={"moves": (Move(direction=f"axis:{axis}", amount=PROBE),)})
        for axis in range(model.latent_dim)
    ]
    images = paint([start, *probes]).astype(float)
    change = np.abs(images[1:] - images[0]).mean(axis=(1, 2, 3))
    return [int(axis) for axis in np.argsort(-change, kind="stable")]


def _show_kept(kept: tuple[Move, ...], direction: str, amount: float) -> None:
    """The steps taken so far, and the buttons that take or forget them."""

    def keep() -> None:
        st.session_state[KEPT_MOVES] = [move.model_dump() for move in _with(kept, direction, amount)]
        st.session_state["walk_amount"] = 0.0

    def forget() -> None:
        st.session_state[KEPT_MOVES] = []

    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button("Keep this step", key="walk_keep", icon=":material/add_location:", on_click=keep, disabled=not amount)
        st.button("Back to the picture", icon=":material/undo:", on_click=forget, disabled=not kept)
        if kept:
            st.caption("So far: " + ", ".join(f"{move.amount:+g} along {move.direction}" for move in kept))


def _show_classes(model: LoadedModel, here: Recipe) -> Recipe:
    """The same code in every class; returns the one that is chosen."""
    names = model.class_names
    st.subheader("The same code in every class", anchor=False)
    recipes = [here.model_copy(update={"classes": {name: 1.0}}) for name in names]
    position = names.index(st.session_state["walk_class"])
    show_pictures(
        paint(recipes),
        [in_words(recipe) for recipe in recipes],
        Sheet("The code in every class", len(names), smallest=30, largest=80, selected=[position]),
        key="class_row",
        captions=names,
        on_pick=lambda index: st.session_state.update(walk_class=names[index]),
    )
    return recipes[position]
