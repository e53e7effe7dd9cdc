"""The front door: one picture that moves with the hand."""

from __future__ import annotations

from secrets import token_hex

import streamlit as st

from playground.live.component import show_live
from playground.recipe import Recipe
from playground.ui.inspector import show_recipe
from playground.ui.model_picker import current_model
from playground.ui.selection import select, selected, write_link
from playground.ui.start import start_recipe
from playground.ui.take_to import show_ways_on


def keep(recipe: Recipe) -> None:
    """Make the picture on the canvas the chosen one, and the address its link."""
    select(recipe)
    st.session_state["live_kept"] = recipe.to_json()
    write_link("Live", recipe)


model = current_model()
chosen = selected()
if chosen is None or chosen.model != model.name:
    chosen = start_recipe(model.name, model.class_names)
elif chosen.to_json() != st.session_state.get("live_kept"):
    st.session_state["live_arrival"] = st.session_state["live_kept"] = chosen.to_json()

is_new = "live_session" not in st.session_state
session = st.session_state.setdefault("live_session", token_hex(8))
with st.container(horizontal=True, vertical_alignment="center"):
    st.title("Live")
    show_recipe(chosen, "live", "right")
shown = show_live(model, chosen, st.session_state.get("live_arrival", ""), session, keep, "live")
if is_new and shown != chosen and shown.model == model.name:  # an open tab that has outlived the former server
    keep(shown)
    st.rerun()
show_ways_on(chosen)
