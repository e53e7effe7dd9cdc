"""Which pictures a training learns from: built in, in a folder or a ZIP on this machine, or uploaded."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from playground.data import NAMES
from playground.data.uploads import MAX_UPLOAD_MB, keep_upload
from playground.errors import PlaygroundError
from playground.jobs.queue import runs_folder
from playground.training.config import preset_names, resolve
from playground.training.data_fit import image_size_of, needs_classes
from playground.ui.problems import show_problem

FOLDER, UPLOAD = "folder", "upload"
WORDS = {FOLDER: "A folder or a ZIP on the server's machine", UPLOAD: "A ZIP to upload"}
CLASSES = "Sub-folders are the classes; without any, there are none."
PRESET = "train_preset"
TYPED = "train_folder"
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


def take_folder(folder: Path) -> None:
    """Choose a folder of pictures without classes for the next run, with a preset that does for it.

    That is the one of the largest pictures among those that are told no classes.
    """
    configs = [resolve(name, []) for name in preset_names()]
    fitting = [config for config in configs if not needs_classes(config)]
    preset = max(fitting, key=image_size_of).preset
    st.session_state[PRESET] = preset
    st.session_state[data_key(preset)] = FOLDER
    st.session_state[TYPED] = str(folder)


def data_key(preset: str) -> str:
    """Of the choice of data that belongs to a preset."""
    return f"train_{preset}_data"


def _path() -> str:
    typed = st.text_input(
        "Path",
        key=TYPED,
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
