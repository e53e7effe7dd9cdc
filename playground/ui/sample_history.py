"""The sample sheets of a run: the same seeds through time, under a slider and as a film."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "playground_sample_history",
    html='<div class="history"></div>\n',
    css=(_HERE / "sample_history.css").read_text(encoding="utf-8"),
    js=(_HERE / "sample_history.js").read_text(encoding="utf-8"),
)


@dataclass(frozen=True)
class Frame:
    """One sheet.

    Attributes:
        images_seen: by the run when it drew the sheet.
        address: where the browser finds it; another picture has another address.
    """

    images_seen: int
    address: str


def show_sample_history(run: str, frames: Sequence[Frame], largest: int, key: str) -> int | None:
    """Show the sheets of a run and return after how many images the chosen one was drawn.

    None means the newest, whichever that is: new sheets then appear by themselves.

    Args:
        run: its name.
        frames: at least one, oldest first.
        largest: width of a sheet in CSS pixels, at most.
        key: unique on the page.
    """
    data = {
        "run": run,
        "label": f"Samples of {run}",
        "largest": largest,
        "frames": json.dumps([vars(frame) for frame in frames]),
    }
    found = _mount(key=key, data=data, default={"images_seen": None}, on_images_seen_change=lambda: None)
    return found["images_seen"]
