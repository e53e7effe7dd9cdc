"""The form that takes faces out of photos and videos: where they are, and what a face must be like."""

from __future__ import annotations

import shlex
import tempfile
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from playground.data.face_extraction.extraction import extract
from playground.data.face_extraction.report import FaceReport
from playground.data.face_extraction.settings import FaceSettings
from playground.data.source import ENDINGS, VIDEOS
from playground.data.uploads import MAX_UPLOAD_MB, keep_upload
from playground.errors import PlaygroundError
from playground.ui.problems import show_problem

UPLOAD, PATH = "Upload", "On the server's machine"
LABELS = {
    "size": ("Size of a picture", 16),
    "min_side": ("Smallest face", 8),
    "min_sharpness": ("Least sharpness", 0.01),
    "max_tilt": ("Largest tilt", 5.0),
    "min_difference": ("Least difference", 4),
    "every_seconds": ("Seconds between frames", 0.5),
}
NUM_LINES_OPEN = 12  # files whose lines are shown without being asked for
REPORT = "faces_report"  # the last one of this session, and of which folder


def show_face_form(folder: Path) -> None:
    """Draw the form; when its button is clicked, find the faces and lay them into the folder."""
    where = st.segmented_control(
        "Photos and videos", [UPLOAD, PATH], default=UPLOAD, required=True, key="faces_where", persist_state="session"
    )
    files, path = (_uploads(), None) if where == UPLOAD else ([], _path())
    settings = _settings()
    wanted = st.button(
        "Find faces",
        type="primary",
        icon=":material/face:",
        width="stretch",
        disabled=not files and path is None,
        key="faces_find",
    )
    with st.expander("The same on the command line", icon=":material/terminal:"):
        st.code(_command(path, folder, settings), language="bash", wrap_lines=True)
    if wanted:
        try:
            st.session_state[REPORT] = (folder, _find(files, path, folder, settings))
        except PlaygroundError as problem:
            st.session_state.pop(REPORT, None)
            show_problem(problem)


def show_report(folder: Path) -> None:
    """Draw what became of each file of the last extraction into this folder."""
    of, report = st.session_state.get(REPORT, (None, None))
    if of != folder:
        return
    st.markdown(f"**{report.summary}**")
    few = len(report.files) <= NUM_LINES_OPEN
    with st.expander("What became of each file", icon=":material/rule:", expanded=few):
        lines = "\n".join(file.to_text() for file in report.files)
        st.code(lines, language=None, wrap_lines=True, height="content" if few else 320)


def _uploads() -> list[UploadedFile]:
    endings = sorted(ending.removeprefix(".") for ending in (*ENDINGS, *VIDEOS, ".zip"))
    return st.file_uploader(
        "Photos, videos, or ZIPs of photos",
        endings,
        accept_multiple_files=True,
        max_upload_size=MAX_UPLOAD_MB,
        key="faces_upload",
        help="They are looked at on the server's machine and not kept there; the faces are.",
    )


def _path() -> Path | None:
    typed = st.text_input(
        "Path",
        key="faces_path",
        placeholder="/home/me/photos",
        help="A photo, a video, a ZIP of photos, or a folder of photos and videos with all that is in it.",
    ).strip()
    return Path(typed).expanduser().absolute() if typed else None


def _settings() -> FaceSettings:
    values = {}
    with st.expander("What a face must be like", icon=":material/tune:"):
        for name, field in FaceSettings.model_fields.items():
            label, step = LABELS[name]
            low, high = (getattr(bound, key) for bound, key in zip(field.metadata, ("ge", "le"), strict=True))
            kind = type(field.default)
            values[name] = st.number_input(
                label,
                kind(low),
                kind(high),
                field.default,
                kind(step),
                key=f"faces_{name}",
                persist_state="session",
            )
            st.caption(field.description)
    return FaceSettings.of(**values)


def _find(files: list[UploadedFile], path: Path | None, folder: Path, settings: FaceSettings) -> FaceReport:
    """The faces of the uploads, which are removed afterwards, or of what lies at a path."""
    place = st.empty()
    bar = place.progress(0.0, "Reading")

    def show(share: float, name: str) -> None:
        bar.progress(share, name)

    try:
        with tempfile.TemporaryDirectory() as uploads:
            kept = [keep_upload(file, file.name, Path(uploads)) for file in files]
            return extract(kept if path is None else [path], folder, settings, show)
    finally:
        place.empty()


def _command(path: Path | None, folder: Path, settings: FaceSettings) -> str:
    changed = settings.model_dump(exclude_defaults=True)
    options = [word for name, value in changed.items() for word in (f"--{name.replace('_', '-')}", f"{value:g}")]
    given = str(path) if path else "photos"
    return shlex.join(["python", "-m", "playground.data.face_extraction", given, "--out", str(folder), *options])
