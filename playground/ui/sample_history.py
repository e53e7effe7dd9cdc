"""The sample sheets of a run: the same seeds through time, under a slider and as a film."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
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


def show_sample_history(
    run: str,
    frames: Sequence[Frame],
    largest: int,
    key: str,
    chosen: int | None,
    on_choice: Callable[[int | None], None],
) -> None:
    """Show the sheets of a run.

    Args:
        run: its name.
        frames: at least one, oldest first.
        largest: width of a sheet in CSS pixels, at most.
        key: unique on the page.
        chosen: after how many images the sheet was drawn that the slider stands at; None is the newest, whichever
            that is: new sheets then appear by themselves.
        on_choice: told where the reader leaves the slider, before the page runs again.
    """
    data = {
        "run": run,
        "label": f"Samples of {run}",
        "largest": largest,
        "chosen": chosen,
        "frames": json.dumps([vars(frame) for frame in frames]),
    }

    def left() -> None:
        value = st.session_state[key]["images_seen"]
        on_choice(int(value) if isinstance(value, int | float) else None)

    _mount(key=key, data=data, default={"images_seen": chosen}, on_images_seen_change=left)
