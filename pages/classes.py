"""The same seeds in every class, and the way from one class to another."""

from __future__ import annotations

import streamlit as st

from playground.models import Capability
from playground.ui.inspector import show_inspector
from playground.ui.live_sheet import Binding, live_data
from playground.ui.model_picker import current_model
from playground.ui.needs import stop_without
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.seeds import following, seed_field
from playground.ui.selection import select
from playground.ui.settings import settings_panel
from playground.ui.words import in_words

NUM_STEPS = 9

st.title("Classes")
model = current_model()
st.markdown("Each row is one seed, each column one class: the code stays along a row, and the class alone changes.")
stop_without(model, Capability.CLASSES)

names = model.class_names
pictures, controls = st.columns([3, 1], gap="medium")
with controls, st.container(border=True):
    first = seed_field("First seed", "classes_seed", 0)
    num_rows = st.slider("Rows", 1, 12, 5, key="classes_rows", persist_state="session")
    settings = settings_panel(model, with_classes="page decides")

seeds = following(first, num_rows)
recipes = [settings.recipe(seed).model_copy(update={"classes": {name: 1.0}}) for seed in seeds for name in names]
with pictures:
    show_pictures(
        paint(recipes),
        [in_words(recipe) for recipe in recipes],
        Sheet(
            f"Every class of {model.name} from {len(seeds)} seeds",
            len(names),
            smallest=30,
            largest=96,
            column_headings=names,
            row_headings=[str(seed) for seed in seeds],
        ),
        key="class_sheet",
        on_pick=lambda index: (
            select(recipes[index]),
            st.session_state.update(blend_seed=str(seeds[index // len(names)]), blend_from=names[index % len(names)]),
        ),
        live=live_data(recipes, settings.bindings),
    )

st.header("From one class to another", anchor=False)
strip, single = st.columns([3, 1], gap="medium")
with strip:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seed = seed_field("Seed", "blend_seed", 0)
        start = st.selectbox("From", names, index=min(3, len(names) - 1), key="blend_from", persist_state="session")
        end = st.selectbox("To", names, index=min(8, len(names) - 1), key="blend_to", persist_state="session")
    share = st.slider(f"Share of {end}", 0.0, 1.0, 0.5, 0.01, key="blend_share", persist_state="session")


def between(part: float) -> dict[str, float]:
    """The class mix that far on the way."""
    return {start: 1.0} if start == end else {start: 1 - part, end: part}


shares = [step / (NUM_STEPS - 1) for step in range(NUM_STEPS)]
steps = [settings.recipe(seed).model_copy(update={"classes": between(part)}) for part in shares]
with strip:
    nearest = min(range(NUM_STEPS), key=lambda step: abs(shares[step] - share))
    show_pictures(
        paint(steps),
        [in_words(recipe) for recipe in steps],
        Sheet(f"From {start} to {end}", NUM_STEPS, smallest=30, largest=96, selected=[nearest]),
        key="class_strip",
        captions=[f"{part:.0%}" for part in shares],
        on_pick=lambda index: st.session_state.update(blend_share=shares[index]),
        live=live_data(steps, settings.bindings),
    )
with single:
    blended = settings.recipe(seed).model_copy(update={"classes": between(share)})
    mix = [Binding("blend_share", "class", start, factor=-1.0, offset=1.0), Binding("blend_share", "class", end)]
    show_inspector(blended, "blend", 224, [*settings.bindings, *(mix if start != end else ())])
