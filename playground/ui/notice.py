"""A sentence after a click: it stays long enough to be read, whatever updates meanwhile."""

from __future__ import annotations

import time

import streamlit as st

from playground.errors import PlaygroundError
from playground.ui.problems import show_problem

NOTICE = "train_notice"
SECONDS = 15.0


def note_problem(problem: PlaygroundError) -> None:
    """Say this from the next look on."""
    st.session_state[NOTICE] = (str(problem), time.monotonic())


def forget_notice() -> None:
    """Another click makes the last sentence old."""
    st.session_state.pop(NOTICE, None)


def show_notice() -> None:
    """Draw the sentence, if there is one and it is young."""
    sentence, since = st.session_state.get(NOTICE, ("", 0.0))
    if sentence and time.monotonic() - since < SECONDS:
        show_problem(PlaygroundError(sentence))
