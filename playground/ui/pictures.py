"""The picture component: a sheet of pictures with hard pixels, alternative texts and selection."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from jaxtyping import UInt8

from playground.images import to_png

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "playground_pictures",
    html='<div class="pictures"></div>\n',
    css=(_HERE / "pictures.css").read_text(encoding="utf-8"),
    js=(_HERE / "pictures.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Sheet:
    """How a set of pictures is laid out.

    Attributes:
        label: what the pictures are, for people who do not see them.
        columns: pictures a row; sheets without headings take fewer where the
            window is too narrow for `smallest`.
        smallest, largest: bounds on a picture's width in CSS pixels; within them
            a model's pixel is a whole number of the screen's.
        column_headings, row_headings: texts beside the pictures, or none.
        operators: texts between the pictures of a single row: an equation.
        selected: indices of the ringed pictures.
    """

    label: str
    columns: int
    smallest: int = 36
    largest: int = 256
    column_headings: Sequence[str] = ()
    row_headings: Sequence[str] = ()
    operators: Sequence[str] = ()
    selected: Sequence[int] = field(default=())


def show_pictures(
    images: UInt8[np.ndarray, "batch height width channels"],
    texts: Sequence[str],
    sheet: Sheet,
    key: str,
    captions: Sequence[str] = (),
    on_pick: Callable[[int], None] | None = None,
    live: str = "",
) -> None:
    """Show pictures as PNG data, enlarged with hard pixels.

    Args:
        images: at least one picture, uint8.
        texts: one alternative text a picture.
        sheet: the layout.
        key: unique on the page, the same at every run.
        captions: one line below each picture, or none.
        on_pick: called with a picture's index when it is clicked or chosen with
            Enter, before the page runs again; without it nothing can be picked.
        live: what `live_data` gives, for pictures that follow sliders.
    """

    def picked() -> None:
        choice = st.session_state[key].get("picked")
        if isinstance(choice, dict) and choice.get("index") in range(len(images)):
            on_pick(choice["index"])

    pictures = tuple(
        {"src": _address("png", to_png(image)), "alt": text, "caption": captions[index] if captions else ""}
        for index, (image, text) in enumerate(zip(images, texts, strict=True))
    )
    data = _layout(sheet, images.shape[1], images.shape[2])
    data |= {"pictures": pictures, "selectable": on_pick is not None, "live": live}
    _mount(key=key, data=data, on_picked_change=picked if on_pick else lambda: None)


def show_film(gif: bytes, height: int, width: int, text: str, key: str) -> None:
    """Show a GIF of that many pixels, never scaled by anything but a whole number."""
    data = _layout(Sheet(text, 1, smallest=width, largest=width), height, width)
    data |= {
        "pictures": ({"src": _address("gif", gif), "alt": text, "caption": ""},),
        "selectable": False,
        "live": None,
    }
    _mount(key=key, data=data, on_picked_change=lambda: None)


def _layout(sheet: Sheet, height: int, width: int) -> dict[str, Any]:
    """What the browser needs to lay out pictures of that many pixels.

    Tuples, because Streamlit imports pandas to find out whether a list is a
    table: on the first page that would cost a visitor a second.
    """
    return {
        "label": sheet.label,
        "columns": sheet.columns,
        "smallest": sheet.smallest,
        "largest": sheet.largest,
        "column_headings": tuple(sheet.column_headings),
        "row_headings": tuple(sheet.row_headings),
        "operators": tuple(sheet.operators),
        "selected": tuple(int(index) for index in sheet.selected),
        "height": height,
        "width": width,
    }


def _address(kind: str, content: bytes) -> str:
    """A picture file as a `data:` address."""
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"
