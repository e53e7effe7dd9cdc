"""Every checkpoint as a card: what it draws, what it can do, how good it is."""

from __future__ import annotations

import streamlit as st

from playground.errors import PlaygroundError
from playground.ui.catalogue import catalogue
from playground.ui.gallery_card import show_card

CARDS_A_ROW = 3

st.title("Gallery")
st.markdown("The models on this machine. Every picture on their cards was drawn just now, from the seeds 0 to 5.")

entries = catalogue()
if not entries:
    raise PlaygroundError(
        "There are no checkpoints yet: train one with `python -m playground.training --preset digits-cgan "
        "--run-dir runs/first`, or name a folder of checkpoints in PLAYGROUND_CHECKPOINTS."
    )
for start in range(0, len(entries), CARDS_A_ROW):
    for column, entry in zip(st.columns(CARDS_A_ROW), entries[start : start + CARDS_A_ROW], strict=False):
        with column:
            show_card(entry)
