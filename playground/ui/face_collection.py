"""Collections of faces: folders beside the runs, each with a tray, made and looked at on the page Faces."""

from __future__ import annotations

import re
from pathlib import Path

import streamlit as st

from playground.data.face_extraction.tray import RECORD
from playground.errors import PlaygroundError
from playground.jobs.queue import runs_folder

FIRST = "my-faces"
_NAME = re.compile(r"[\w-][\w .-]{0,59}")


def collections_folder() -> Path:
    """Where collections lie; it need not exist. Its name keeps it out of the list of runs."""
    return runs_folder() / ".faces"


def collection(name: str) -> Path:
    """The folder of a collection. Raises `PlaygroundError` for a name that no folder should have."""
    if not _NAME.fullmatch(name):
        raise PlaygroundError(
            f"A collection cannot be named {name!r}: use up to 60 letters, digits, blanks, dots and dashes."
        )
    return collections_folder() / name


def choose_collection() -> Path:
    """Draw the choice of a collection, an old or a new one, and return its folder."""
    known = sorted(record.parent.name for record in collections_folder().glob(f"*/{RECORD}"))
    name = st.selectbox(
        "Collection",
        known or [FIRST],
        key="faces_collection",
        persist_state="session",
        accept_new_options=True,
        help="A folder of faces that is a data set. Choose one to add to it, or type a new name.",
    )
    return collection(name or FIRST)
