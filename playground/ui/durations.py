"""Times as one says them."""

from __future__ import annotations

MINUTE, HOUR, DAY = 60, 3600, 86400


def in_words(seconds: float | int) -> str:
    """A duration to two figures that matter: `45 s`, `3 min 20 s`, `2 h 5 min`, `3 days 4 h`."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return f"{whole} s"
    if whole < HOUR:
        return _joined(whole // MINUTE, "min", whole % MINUTE, "s")
    if whole < DAY:
        return _joined(whole // HOUR, "h", whole % HOUR // MINUTE, "min")
    days = whole // DAY
    return _joined(days, "day" if days == 1 else "days", whole % DAY // HOUR, "h")


def _joined(large: int, large_unit: str, small: int, small_unit: str) -> str:
    return f"{large} {large_unit} {small} {small_unit}" if small else f"{large} {large_unit}"
