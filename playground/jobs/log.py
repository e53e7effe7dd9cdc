"""The end of a trainer's log."""

from __future__ import annotations

import os
from pathlib import Path

MAX_BYTES = 65_536


def last_lines(file: Path, num_lines: int) -> list[str]:
    """The last lines of a log, at most 64 kB; of a progress bar's many states only the newest.

    A log that does not exist yet has none.
    """
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, os.SEEK_END)
            opened.seek(max(0, size - MAX_BYTES))
            text = opened.read().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return []
    lines = [line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n")]
    if lines and not lines[-1]:
        lines.pop()
    return lines[-num_lines:]
