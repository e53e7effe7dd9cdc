"""Whether a row of numbers falls, told from noise."""

from __future__ import annotations

import math
from collections.abc import Sequence

CERTAIN = 1.645  # of 20 rows of pure noise one is taken for a fall


def falls(values: Sequence[float]) -> bool:
    """Whether later values are lower than earlier ones, more often than chance would have it.

    The one-sided test of Mann, "Nonparametric tests against trend", 1945, with
    Kendall's variance for ties ("Rank correlation methods", 1975, chapter 4): it
    asks of each pair which is lower and not by how much, so no single line decides.
    Own code, because scipy alone takes longer to import than a page may take.

    Args:
        values: finite, at most a few hundred: each pair is looked at.
    """
    length = len(values)
    score = sum(
        (earlier > later) - (earlier < later) for place, later in enumerate(values) for earlier in values[:place]
    )
    ties = [values.count(value) for value in set(values)]
    variance = (
        length * (length - 1) * (2 * length + 5) - sum(tied * (tied - 1) * (2 * tied + 5) for tied in ties)
    ) / 18
    return variance > 0 and (score - 1) / math.sqrt(variance) > CERTAIN
