"""What became of every file that faces were looked for in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    Attributes:
        path: fit to be shown.
        num_kept: faces that lie among the kept ones.
        objections: of the other faces, each completing "This face ...".
        note: why it gave none, or not all, completing "This file ..."; empty where there is nothing to say.
    """

    path: str
    num_kept: int = 0
    objections: tuple[str, ...] = ()
    note: str = ""

    def to_text(self) -> str:
        """One line."""
        parts = []
        if self.num_kept or self.objections:
            parts.append(f"{_faces(self.num_kept)} kept")
        if self.objections:
            reasons = Counter(self.objections)
            told = "; ".join(reason if count == 1 else f"{count} times: {reason}" for reason, count in reasons.items())
            parts.append(f"{_faces(len(self.objections))} rejected ({told})")
        if self.note:
            parts.append(f"this file {self.note}")
        return f"{self.path}: {', '.join(parts)}."


@dataclass(frozen=True)
class FaceReport:
    """What became of all files, in their order."""

    files: tuple[FileReport, ...]

    @property
    def num_kept(self) -> int:
        return sum(file.num_kept for file in self.files)

    @property
    def num_rejected(self) -> int:
        return sum(len(file.objections) for file in self.files)

    @property
    def summary(self) -> str:
        """One sentence."""
        without = sum(not file.num_kept and not file.objections for file in self.files)
        files = "1 file" if len(self.files) == 1 else f"{len(self.files):,} files"
        told = f"{files}: {_faces(self.num_kept)} kept, {self.num_rejected:,} rejected"
        return f"{told}, {without:,} without any face." if without else f"{told}."

    def to_text(self) -> str:
        """A line a file, and the summary."""
        return "\n".join([*(file.to_text() for file in self.files), self.summary])


def _faces(count: int) -> str:
    return "1 face" if count == 1 else f"{count:,} faces"
