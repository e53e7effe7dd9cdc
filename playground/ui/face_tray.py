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
from playground.ui.data_check import as_text
from playground.ui.notice import forget_notice, note_problem
from playground.ui.pictures import Sheet, show_pictures

NUM_SHOWN = 60  # faces on one page of a sheet
SHOWN_SIZE = 96  # pixels
EVERY_REASON = "every reason"
BY_HAND = "moved by hand"


def show_kept(tray: Tray) -> list[LaidFace]:
    """Draw the kept faces and return all of them."""
    kept = tray.lying(Place.KEPT)
    st.header(f"Kept: {len(kept):,}", anchor=False)
    if kept:
        st.caption("A click rejects a face.")
        _show(tray, kept, Place.KEPT, tray.reject, [BY_HAND if face.objection else "" for face in kept])
    else:
        st.info("No face is kept here yet.")
    return kept


def show_rejected(tray: Tray) -> None:
    """Draw the rejected faces, each with its reason."""
    rejected = tray.lying(Place.REJECTED)
    st.header(f"Rejected: {len(rejected):,}", anchor=False)
    if not rejected:
        st.info("No face was rejected.")
        return
    reasons = [_short(face) for face in rejected]
    counts = Counter(_kind(reason) for reason in reasons)
    chosen = st.selectbox(
        "Show",
        [EVERY_REASON, *(kind for kind, _ in counts.most_common())],
        format_func=lambda kind: f"{kind} ({counts[kind] if kind in counts else len(rejected):,})",
        key="faces_reason",
    )
    st.caption("They are not learned from. A click keeps a face after all.")
    shown = [index for index, reason in enumerate(reasons) if chosen in (EVERY_REASON, _kind(reason))]
    _show(tray, [rejected[index] for index in shown], Place.REJECTED, tray.keep, [reasons[index] for index in shown])


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
    return face.objection.removeprefix("is ").partition(":")[0].partition(",")[0].partition(" of ")[0]


def _kind(reason: str) -> str:
    """Of a reason, without its number."""
    return reason.partition(" by ")[0] if reason != BY_HAND else reason


def data_set_sentence(tray: Tray) -> str:
    """Where the kept faces lie, for a caption."""
    return f"The kept faces are the pictures in `{as_text(str(tray.folder))}`."
