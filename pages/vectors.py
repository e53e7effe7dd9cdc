"""Arithmetic with latent codes: A - B + C, and a constant added to the whole."""

from __future__ import annotations

import math

import streamlit as st

from playground.recipe import Move
from playground.ui.inspector import show_recipe
from playground.ui.live_sheet import Binding, live_data
from playground.ui.model_picker import current_model
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.seeds import seed_field
from playground.ui.settings import settings_panel
from playground.ui.words import classes_in_words, in_words

PARTS = {"A": 3, "B": 13, "C": 8}
CONSTANTS = [step / 4 for step in range(-4, 5)]

st.title("Vectors")
model = current_model()
st.markdown("Codes are vectors, so they add and subtract: what comes out is a code again, and a picture.")
pictures, controls = st.columns([3, 1], gap="medium")

with controls, st.container(border=True):
    seeds = [seed_field(f"Seed {part}", f"vector_{part.lower()}", seed) for part, seed in PARTS.items()]
    usual_length = st.toggle(
        "Bring back to usual length",
        key="vector_length",
        persist_state="session",
        help="A sum of three codes is about 1.7 times as long as a code from N(0, I). Divided by the square root "
        "of 3 it has the usual length again.",
    )
    constant = st.slider(
        "Constant c, added to every number",
        min(CONSTANTS),
        max(CONSTANTS),
        0.0,
        0.05,
        key="vector_constant",
        persist_state="session",
    )
    settings = settings_panel(model)

scale = 1 / math.sqrt(3) if usual_length else 1.0
weighted = [(seed, sign * scale) for seed, sign in zip(seeds, (1, -1, 1), strict=True)]


def moved(amount: float) -> list[Move]:
    """A step that adds `amount` to each number of the code."""
    return [Move(direction="constant", amount=amount * math.sqrt(model.latent_dim))] if amount else []


parts = [settings.recipe(seed) for seed in seeds]
result = settings.mix(weighted, moved(constant))
equation = [*parts, result]
addend = Binding("vector_constant", "move", "constant", factor=math.sqrt(model.latent_dim), pictures=[len(parts)])
with pictures:
    show_pictures(
        paint(equation),
        [f"{name}: {in_words(recipe)}" for name, recipe in zip([*PARTS, "The result"], equation, strict=True)],
        Sheet(
            "A minus B plus C, and the result",
            4,
            smallest=52,
            largest=192,
            operators=["\N{MINUS SIGN}", "+", "="],
        ),
        key="equation",
        captions=[f"{name}: seed {seed}" for name, seed in zip(PARTS, seeds, strict=True)] + ["the result"],
        live=live_data(equation, [*settings.bindings, addend]),
    )
    numerator = r"z_A - z_B + z_C"
    total = rf"\frac{{{numerator}}}{{\sqrt{{3}}}}" if usual_length else numerator
    space = rf"z \in \mathbb{{R}}^{{{model.latent_dim}}}"
    st.latex(rf"z = {total} + c\,\mathbf{{1}}, \qquad c = {constant:g}, \qquad {space}")
    if result.classes:
        st.caption(f"The result is drawn as {classes_in_words(result.classes)}.", text_alignment="center")
    show_recipe(result, "result", "center")
    st.subheader("The result with a constant added to the whole vector", anchor=False)
    steps = [settings.mix(weighted, moved(amount)) for amount in CONSTANTS]
    nearest = min(range(len(CONSTANTS)), key=lambda step: abs(CONSTANTS[step] - constant))
    show_pictures(
        paint(steps),
        [in_words(recipe) for recipe in steps],
        Sheet("The result moved by constants", len(CONSTANTS), smallest=30, largest=96, selected=[nearest]),
        key="constants",
        captions=[f"{amount:+.2f}" if amount else "0" for amount in CONSTANTS],
        on_pick=lambda index: st.session_state.update(vector_constant=CONSTANTS[index]),
        live=live_data(steps, settings.bindings),
    )
