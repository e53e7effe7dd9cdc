"""Curves made fit to be drawn: thinned to what a screen can show, and smoothed."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int

MAX_POINTS = 800  # a curve is never wider than this many screen pixels
Curve = tuple[Float[np.ndarray, " points"], Float[np.ndarray, " points"]]


def extremes(values: Float[np.ndarray, " length"], max_points: int = MAX_POINTS) -> Int[np.ndarray, " kept"]:
    """The indices of the points worth drawing: of each stretch its lowest and its highest, and both ends.

    So a spike of one line in 100,000 is drawn. At most `max_points` of them; of a longer curve no point that is
    not finite, where its stretch has another.
    """
    length = len(values)
    if length <= max_points:
        return np.arange(length)
    rows = _stretches(length, (max_points - 2) // 2)
    lowest = np.where(np.isfinite(values), values, np.inf)[rows].argmin(1)
    highest = np.where(np.isfinite(values), values, -np.inf)[rows].argmax(1)
    number = np.arange(len(rows))
    return np.unique(np.concatenate([[0], rows[number, lowest], rows[number, highest], [length - 1]]))


def trend(
    x: Float[np.ndarray, " length"], values: Float[np.ndarray, " length"], strength: float, max_points: int = MAX_POINTS
) -> Curve:
    """The exponential average of a curve, without a pull towards its start (Kingma and Ba, 2015, section 3).

    A curve of more than `max_points` is averaged over stretches first, so that the cost does not grow with a run.

    Args:
        x: where the values are.
        values: any numbers; one that is not finite is left out.
        strength: 0 gives the means themselves; 0.9 remembers about the last ten points.
    """
    finite = np.isfinite(values)
    x, values = x[finite], values[finite]
    if len(values) > max_points:
        rows = _stretches(len(values), max_points)
        x, values = x[rows[:, -1]], values[rows].mean(1)
    result = np.empty(len(values))
    total = weight = 0.0
    for index, value in enumerate(values.tolist()):
        total = strength * total + (1 - strength) * value
        weight = strength * weight + (1 - strength)
        result[index] = total / weight
    return x, result


def _stretches(length: int, num_stretches: int) -> Int[np.ndarray, "num_stretches width"]:
    """The indices of a curve, cut into rows that differ in length by one; a shorter row has its last index twice."""
    edges = np.linspace(0, length, num_stretches + 1).astype(int)
    width = int(np.diff(edges).max())
    return np.minimum(edges[:-1, None] + np.arange(width), edges[1:, None] - 1)
