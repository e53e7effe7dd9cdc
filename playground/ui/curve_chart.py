"""A Plotly chart whose data change in place: no flicker, and the reader's zoom stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from playground.ui.plotly_file import address

_mount = st.components.v2.component(
    "playground_curves",
    html='<div class="curves"></div>\n',
    js=Path(__file__).with_suffix(".js").read_text(encoding="utf-8"),
    isolate_styles=False,  # Plotly puts its styles into the page's head
)


def show_chart(figure: dict[str, Any], text: str, key: str) -> None:
    """Show a figure.

    Args:
        figure: Plotly's `data` and `layout` as plain values, which Plotly checks here, so that a slip is an error and
            no blank chart; the zoom stays as long as `layout.uirevision` does.
        text: what it shows, for people who do not see it.
        key: unique on the page.
    """
    _mount(key=key, data={"figure": go.Figure(figure).to_json(), "alt": text, "plotly": address()})
