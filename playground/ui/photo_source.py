"""A photo for the Reconstruct page: its face, aligned as those are that models learn from, or all of it."""

from __future__ import annotations

import hashlib

import numpy as np
import streamlit as st
from jaxtyping import UInt8

from playground.data.face_extraction.extraction import face_of
from playground.data.face_extraction.inputs import photo_in
from playground.data.source import UnreadableError
from playground.errors import PlaygroundError
from playground.images import open_image

FILE_ENDINGS = ["png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff"]
FOUND = "reconstruct_face"  # the photo that was looked at last, and its face
Picture = UInt8[np.ndarray, "height width channels"]


def uploaded_photo(image_shape: tuple[int, int, int]) -> Picture | None:
    """Draw the controls and return a picture in the model's size, or None while there is none."""
    file = st.file_uploader("A photo", FILE_ENDINGS, key="reconstruct_photo")
    as_face = st.toggle(
        "Find the face",
        True,
        key="reconstruct_find_face",
        persist_state="session",
        help="Turned upright and cut out with the eyes where those of the training faces are. Off: the whole photo.",
    )
    if file is None:
        return None
    content = file.getvalue()
    whole = open_image(content, image_shape)  # refuses what is no picture
    if not as_face:
        return whole
    face = _face_in(content, image_shape[1])
    if face is None:
        st.warning(
            "No face with two visible eyes was found in this photo, so all of it is taken as it is. "
            "A face that looks into the camera, upright and well lit, is found most easily.",
            icon=":material/face:",
        )
        return whole
    return face


def _face_in(content: bytes, size: int) -> Picture | None:
    """The largest face, looked for once: a click elsewhere on the page finds nothing again."""
    asked = (hashlib.sha256(content).digest(), size)
    if st.session_state.get(FOUND, (None,))[0] != asked:
        try:
            st.session_state[FOUND] = (asked, face_of(photo_in(content), size))
        except UnreadableError as reason:
            raise PlaygroundError(f"This picture {reason}: save it again, or choose another.") from None
    return st.session_state[FOUND][1]
