"""Which pictures a training learns from: built in, in a folder or a ZIP on this machine, or uploaded."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from playground.data import NAMES
from playground.data.uploads import MAX_UPLOAD_MB, keep_upload
from playground.errors import PlaygroundError
from playground.jobs.queue import runs_folder
from playground.ui.problems import show_problem

FOLDER, UPLOAD = "folder", "upload"
WORDS = {FOLDER: "A folder or a ZIP on the server's machine", UPLOAD: "A ZIP to upload"}
CLASSES = "Sub-folders are the classes; without any, there are none."
KEPT = "train_kept_upload"  # the file that was kept last and its path


def choose_data(preset_data: str, key: str) -> str:
    """Draw the choice and return a name or a path as a config has it; empty while there is none yet.

    Args:
        preset_data: what the preset is for, chosen at first.
        key: of the selection.
    """
    options = [*NAMES, *WORDS]
    chosen = st.selectbox(
        "Data",
        options,
        index=options.index(preset_data),
        format_func=lambda option: WORDS.get(option, option),
        key=key,
        help="What it learns to draw.",
    )
    if chosen == FOLDER:
        return _path()
    return _uploaded() if chosen == UPLOAD else chosen


def _path() -> str:
    typed = st.text_input(
        "Path",
        key="train_folder",
        placeholder="/home/me/pictures",
        help=f"PNG, JPEG, WebP, BMP, GIF or TIFF. {CLASSES}",
    ).strip()
    return str(Path(typed).expanduser().absolute()) if typed else ""


def _uploaded() -> str:
    file = st.file_uploader(
        "A ZIP of pictures", ["zip"], key="train_upload", max_upload_size=MAX_UPLOAD_MB, help=CLASSES
    )
    if file is None:
        return ""
    if st.session_state.get(KEPT, ("",))[0] != file.file_id:  # it is hashed and written once, not at every click
        try:
            st.session_state[KEPT] = (file.file_id, keep_upload(file, file.name, runs_folder() / ".uploads"))
        except PlaygroundError as problem:
            show_problem(problem)
            return ""
    return str(st.session_state[KEPT][1])
