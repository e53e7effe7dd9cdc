"""The way to the Train page with a folder to learn from, for pages that know nothing of trainings."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_ASKED = "train_on"


def train_on(folder: Path) -> None:
    """Open the Train page with this folder chosen."""
    st.session_state[_ASKED] = str(folder)
    st.switch_page("train.py")


def asked_folder() -> Path | None:
    """The folder that another page has just sent here; None otherwise."""
    asked = st.session_state.pop(_ASKED, None)
    return Path(asked) if asked else None
