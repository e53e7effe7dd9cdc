"""The curves of one run or several as a Plotly figure, raw and smoothed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from playground.ui.smoothing import extremes, trend

INKS = {  # one pair a theme: what lines are drawn with, and what is written beside them
    "light": (("#b4430a", "#1f6f8b", "#6a4c93", "#3f7d20", "#a8324a", "#8a6d00"), "#23211d", "#ddd8cb"),
    "dark": (("#f59e4c", "#5ec2dd", "#b69ae0", "#8fcf6a", "#f07f92", "#e0c341"), "#ecebe6", "#35353b"),
}
DASHES = ("solid", "dash", "dot", "dashdot")  # the measurements of a run share its colour when runs are compared
DRAWS = ("generator", "autoencoder")
HEIGHT = 400
FONT = "Source Sans, sans-serif"  # the page's own


@dataclass(frozen=True)
class Measured:
    """One measurement of a run.

    Attributes:
        run: whose it is, for the legend.
        name: what is measured, such as `generator/loss`.
        images_seen: where, increasing.
        values: one for each of these places.
    """

    run: str
    name: str
    images_seen: Float[np.ndarray, " length"]
    values: Float[np.ndarray, " length"]


def groups(names: Sequence[str]) -> dict[str, list[str]]:
    """The measurements by what they are called behind the slash: both losses of a GAN belong in one picture.

    The losses come first, speed and learning rate last, and what draws before what judges.
    """
    found: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda name: (name.partition("/")[0] not in DRAWS, name)):
        if name != "images_seen":
            found.setdefault(name.rpartition("/")[2], []).append(name)
    late = ("images_per_second", "learning_rate", "memory_megabytes", "gpu_memory_megabytes")
    order = sorted(found, key=lambda group: (group != "loss", group in late, group))
    return {group: found[group] for group in order}


def figure(measured: Sequence[Measured], strength: float, theme: str, view: str) -> dict[str, Any]:
    """A Plotly figure as plain values: each curve faint as it was measured, and strong as its trend.

    Args:
        measured: the curves; those of several runs are told apart by colour, those of one run too.
        strength: of the smoothing, 0 to below 1; at 0 the curves are drawn once, strong.
        theme: `light` or `dark`.
        view: the reader's zoom lasts as long as this stays the same.
    """
    colours, ink, line = INKS[theme]
    runs = list(dict.fromkeys(curve.run for curve in measured))
    names = list(dict.fromkeys(curve.name for curve in measured))
    traces = []
    for curve in measured:
        by_run = len(runs) > 1
        colour = colours[(runs.index(curve.run) if by_run else names.index(curve.name)) % len(colours)]
        label = " ".join(
            ([curve.run] if by_run else []) + ([in_words(curve.name)] if len(names) > 1 or not by_run else [])
        )
        style = {"color": colour, "dash": DASHES[names.index(curve.name) % len(DASHES)] if by_run else "solid"}
        if strength:
            kept = extremes(curve.values)
            traces.append(
                _line(curve.images_seen[kept], curve.values[kept], {**style, "width": 1}, label)
                | {"opacity": 0.3, "showlegend": False, "hoverinfo": "skip"}
            )
            x, y = trend(curve.images_seen, curve.values, strength)
        else:
            kept = extremes(curve.values)
            x, y = curve.images_seen[kept], curve.values[kept]
        traces.append(_line(x, y, {**style, "width": 2.5}, label) | {"hovertemplate": "%{y:.4g}"})
    axis = {"gridcolor": line, "zeroline": False, "linecolor": line, "tickfont": {"color": ink}, "automargin": True}
    return {
        "data": traces,
        "layout": {
            "template": "none",
            "uirevision": view,
            "height": HEIGHT,
            "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": ink, "size": 13, "family": FONT},
            "hovermode": "x unified",
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"color": ink}},
            "showlegend": True,
            "xaxis": {
                **axis,
                "title": {"text": "images seen", "font": {"size": 13}},
                "rangemode": "tozero",
                "showgrid": False,
            },
            "yaxis": axis,
        },
    }


def in_words(name: str) -> str:
    """`generator/log_likelihood` as `generator log likelihood`."""
    return name.replace("/", " ").replace("_", " ")


def _line(x: np.ndarray, y: np.ndarray, style: dict[str, Any], label: str) -> dict[str, Any]:
    """One line. It passes over what was not measured, or was no number: JSON has no word for that but null."""
    values = [float(f"{value:.5g}") if np.isfinite(value) else None for value in y.tolist()]
    return {
        "type": "scatter",
        "mode": "lines",
        "connectgaps": True,
        "x": x.tolist(),
        "y": values,
        "line": style,
        "name": label,
    }
