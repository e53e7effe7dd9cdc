"""What a run has measured, read line by line as the lines come."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import BinaryIO

STEP = "images_seen"
NUM_REMEMBERED = 64  # bytes before the place read up to, by which a rewritten file is told


class Metrics:
    """The columns of a growing metrics.jsonl.

    Attributes:
        columns: each measurement's values, one a line, in the order of the file;
            NaN on lines that lack it. `images_seen` is one of them.
        not_finite: where each measurement was first infinite or no number, in images seen.
        num_damaged: lines that are no measurements; they are left out.
        device: what the trainer that has measured last runs on, as its maker calls it; empty where none has said.

    Args:
        file: the file, which need not exist yet.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._start_over()

    def __len__(self) -> int:
        return len(self.columns[STEP])

    def read_new(self) -> bool:
        """Reads what was appended since the last time, or all of a file that was rewritten.

        Returns whether anything changed. Raises `OSError` where the file is there and cannot be read.
        """
        restarted = False
        try:
            with self.file.open("rb") as opened:
                if not self._continues(opened):
                    self._start_over()
                    restarted = True
                opened.seek(self._position)
                whole = self._whole_lines(opened.read())
        except FileNotFoundError:
            restarted = self._position > 0
            self._start_over()
            return restarted
        for line in whole.splitlines():
            self._add(line)
        return restarted or bool(whole)

    def _start_over(self) -> None:
        self.columns: dict[str, list[float]] = {STEP: []}
        self.not_finite: dict[str, float] = {}
        self.num_damaged = 0
        self.device = ""
        self._position = 0
        self._remembered = b""

    def _continues(self, opened: BinaryIO) -> bool:
        """Whether the file still has what was last read, where it was."""
        opened.seek(self._position - len(self._remembered))
        return opened.read(len(self._remembered)) == self._remembered

    def _whole_lines(self, new: bytes) -> bytes:
        """The new lines up to the last that is complete; the rest is read next time."""
        whole = new[: new.rfind(b"\n") + 1]
        self._position += len(whole)
        self._remembered = (self._remembered + whole[-NUM_REMEMBERED:])[-NUM_REMEMBERED:]
        return whole

    def _add(self, line: bytes) -> None:
        try:
            measurements = json.loads(line)
            numbers = {name: float(value) for name, value in measurements.items() if _is_number(value)}
            if not math.isfinite(numbers[STEP]):
                raise ValueError("no position in the run")
        except (ValueError, AttributeError, KeyError):
            self.num_damaged += 1
            return
        self.device = str(measurements.get("device", self.device))
        for name, value in numbers.items():
            if not math.isfinite(value):
                self.not_finite.setdefault(name, numbers[STEP])
        num_before = len(self)
        for name in numbers.keys() - self.columns.keys():
            self.columns[name] = [math.nan] * num_before
        for name, values in self.columns.items():
            values.append(numbers.get(name, math.nan))


def lines_until(file: Path, images_seen: int) -> bytes:
    """The lines of a metrics.jsonl up to a place in the run, without those that are no measurements.

    A file that is not there has none. Raises `OSError` where it cannot be read.
    """
    kept = []
    for line in file.read_bytes().splitlines() if file.is_file() else ():
        try:
            if json.loads(line)[STEP] <= images_seen:
                kept.append(line + b"\n")
        except (ValueError, TypeError, KeyError):
            continue
    return b"".join(kept)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
