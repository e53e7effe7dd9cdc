"""The drawing component: a black square to draw a digit on, with a mouse, a pen or a finger."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path

import streamlit as st

from playground.errors import PlaygroundError

MAX_DRAWING_LENGTH = 200_000
_PREFIX = "data:image/png;base64,"
_HERE = Path(__file__).parent
_HTML = """
<div class="drawing">
  <canvas aria-label="A black square: draw a digit with the mouse, a pen or a finger"></canvas>
  <div class="tools">
    <label>Brush <input type="range" min="8" max="44" value="24" aria-label="Width of the brush"></label>
    <button type="button" class="undo">Undo</button>
    <button type="button" class="clear">Clear</button>
  </div>
</div>
"""
_mount = st.components.v2.component(
    "playground_drawing",
    html=_HTML,
    css=(_HERE / "drawing.css").read_text(encoding="utf-8"),
    js=(_HERE / "drawing.js").read_text(encoding="utf-8"),
)


def show_drawing(key: str, stored: str) -> bytes | None:
    """Show the square and return what is drawn on it as a PNG file, or None while it is empty.

    Args:
        key: unique on the page.
        stored: name in the session's state where the drawing is kept when pages change.

    Raises `PlaygroundError` for something that the square cannot have sent.
    """

    def drawn() -> None:
        sent = st.session_state[key].get("drawn")
        if isinstance(sent, dict):
            st.session_state[stored] = sent.get("png", "")

    address = st.session_state.get(stored, "")
    _mount(key=key, data={"png": address}, on_drawn_change=drawn)
    return decode_drawing(address) if address else None


def decode_drawing(address: object) -> bytes:
    """The PNG file inside the `data:` address that the square sends."""
    broken = PlaygroundError("This drawing did not arrive whole: clear the square and draw again.")
    if not isinstance(address, str) or not address.startswith(_PREFIX) or len(address) > MAX_DRAWING_LENGTH:
        raise broken
    try:
        return base64.b64decode(address.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise broken from None
