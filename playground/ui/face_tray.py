"""The kept and the rejected faces of a collection: a click moves a face from the ones to the others."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st
from jaxtyping import UInt8
from PIL import Image

from playground.data.face_extraction.tray import LaidFace, Place, Tray
from playground.errors import PlaygroundError
from playground.ui.notice import forget_notice, note_problem, show_notice
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.train_on import train_on

NUM_SHOWN = 60  # faces on one page of a sheet
SHOWN_SIZE = 96  # pixels
EVERY_REASON = "rejected for any reason"
BY_HAND = "moved by hand"


def show_tray(tray: Tray) -> None:
    """Draw the kept or the rejected faces, as chosen."""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        place = st.segmented_control(
            "Faces",
            [Place.KEPT, Place.REJECTED],
            default=Place.KEPT,
            required=True,
            format_func=str.capitalize,
            key="faces_place",
            persist_state="session",
        )
        kept = tray.lying(Place.KEPT)
        _show_use(tray, len(kept))
    if place == Place.KEPT:
        _show_kept(tray, kept)
    else:
        _show_rejected(tray, tray.lying(Place.REJECTED))
    show_notice()


def _show_use(tray: Tray, num_kept: int) -> None:
    """The way on to a training."""
    wanted = st.button(
        "Use as a data set",
        icon=":material/model_training:",
        disabled=not num_kept,
        key="faces_use",
        help="Opens the page Train with the kept faces to learn from.",
    )
    if wanted:
        train_on(tray.folder)


def _show_kept(tray: Tray, kept: Sequence[LaidFace]) -> None:
    if not kept:
        st.info("No face is kept here yet. Those that were found but will not do are among the rejected ones.")
        return
    st.markdown(f"**{_faces(len(kept))}** to learn from. A click rejects one.")
    _show(tray, kept, Place.KEPT, tray.reject, [BY_HAND if face.objection else "" for face in kept])


def _show_rejected(tray: Tray, rejected: Sequence[LaidFace]) -> None:
    if not rejected:
        st.info("No face was rejected.")
        return
    st.markdown(f"**{_faces(len(rejected))}** that nothing is learned from. A click keeps one after all.")
    reasons = [_short(face) for face in rejected]
    counts = Counter(map(_kind, reasons))
    chosen = st.selectbox(
        "Show",
        [EVERY_REASON, *(kind for kind, _ in counts.most_common())],
        format_func=lambda kind: f"{kind} ({counts[kind]:,})" if kind in counts else kind,
        key="faces_reason",
    )
    shown = [index for index, reason in enumerate(reasons) if chosen in (EVERY_REASON, _kind(reason))]
    if not shown:  # the last one of that kind has just been kept
        st.info("There are no more of these.")
        return
    faces, captions = [rejected[index] for index in shown], [reasons[index] for index in shown]
    _show(tray, faces, Place.REJECTED, tray.keep, captions)


def _show(
    tray: Tray, faces: Sequence[LaidFace], place: Place, move: Callable[[str], None], captions: Sequence[str]
) -> None:
    """One page of them; a click moves one."""
    num_pages = -(-len(faces) // NUM_SHOWN)
    page = 1
    if num_pages > 1:
        page = st.number_input(f"Page, of {num_pages:,}", 1, num_pages, key=f"faces_page_{place}", width=160)
    shown = slice((page - 1) * NUM_SHOWN, page * NUM_SHOWN)
    names = [face.name for face in faces[shown]]

    def picked(index: int) -> None:
        forget_notice()
        try:
            move(names[index])
        except PlaygroundError as problem:
            note_problem(problem)

    show_pictures(
        np.stack([_small(tray, name, place) for name in names]),
        [_in_words(face) for face in faces[shown]],
        Sheet(f"The {place} faces", 12, smallest=SHOWN_SIZE, largest=SHOWN_SIZE),
        key=f"faces_{place}",
        captions=captions[shown],
        on_pick=picked,
    )


def _small(tray: Tray, name: str, place: Place) -> UInt8[np.ndarray, "size size 3"]:
    """A face as it is shown; grey where its picture has just gone or is damaged."""
    try:
        content = tray.file(name, place).read_bytes()
        with Image.open(io.BytesIO(content), formats=("PNG",)) as opened:
            return np.asarray(opened.convert("RGB").resize((SHOWN_SIZE, SHOWN_SIZE), Image.Resampling.LANCZOS))
    except (OSError, ValueError, SyntaxError):
        return np.full((SHOWN_SIZE, SHOWN_SIZE, 3), 128, np.uint8)


def _in_words(face: LaidFace) -> str:
    """Where a face comes from, and why it was rejected, if it was."""
    moment = f", {face.seconds:.1f} s" if face.seconds else ""
    return f"A face in {face.path}{moment}" + (f"; it {face.objection}" if face.objection else "")


def _short(face: LaidFace) -> str:
    """The objection in a few words."""
    if not face.objection:
        return BY_HAND
    words = face.objection.removeprefix("is ").partition(":")[0].partition(",")[0].partition(" of ")[0]
    return words.replace(" degrees", "°")


def _kind(reason: str) -> str:
    """Of a reason, without its number."""
    return reason.partition(" by ")[0] if reason != BY_HAND else reason


def _faces(count: int) -> str:
    return "1 face" if count == 1 else f"{count:,} faces"
