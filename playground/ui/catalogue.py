"""What checkpoints there are and what each can do, read from their headers alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from playground import checkpoints
from playground.checkpoints import Description
from playground.errors import PlaygroundError
from playground.models import Capability, family


class Origin(StrEnum):
    """Where a checkpoint comes from."""

    SHIPPED = "shipped"
    KEPT = "kept"
    OPENED = "snapshot of a run"


@dataclass(frozen=True)
class Entry:
    """One checkpoint folder.

    Attributes:
        name: the folder's name.
        description: its header, or None where it cannot be read.
        capabilities: what its model can do.
        problem: the sentence that says why it cannot be read, else empty.
        origin: an opened snapshot goes when its run is deleted.
    """

    name: str
    description: Description | None
    capabilities: frozenset[Capability]
    problem: str
    origin: Origin

    @property
    def title(self) -> str:
        return self.description.card.title if self.description else self.name

    @property
    def family_title(self) -> str:
        return family(self.description.family).model_class.title if self.description else "unreadable"


_read: dict[tuple[Path, int], Entry] = {}


def catalogue() -> list[Entry]:
    """Every checkpoint by name; opened snapshots come after the others, and damaged ones last."""
    entries = [entry for name in checkpoints.names() if (entry := _entry(name))]
    return sorted(entries, key=lambda entry: (bool(entry.problem), entry.origin is Origin.OPENED))


def playable() -> list[Entry]:
    """The checkpoints whose header can be read."""
    return [entry for entry in catalogue() if not entry.problem]


def _entry(name: str) -> Entry | None:
    """None for one that was deleted since it was listed."""
    try:
        file = checkpoints.folder(name) / checkpoints.WEIGHTS
        version = (file, file.stat().st_mtime_ns)
    except (PlaygroundError, FileNotFoundError):
        return None
    if version not in _read:
        _read[version] = _read_entry(name)
    return _read[version]


def _read_entry(name: str) -> Entry:
    try:
        description = checkpoints.describe(name)
        model = family(description.family).build(description.config)
    except PlaygroundError as error:
        return Entry(name, None, frozenset(), str(error), _origin(name))
    return Entry(name, description, model.capabilities, "", _origin(name))


def _origin(name: str) -> Origin:
    place = checkpoints.folder(name).parent
    if place == checkpoints.opened_folder():
        return Origin.OPENED
    return Origin.SHIPPED if place == checkpoints.SHIPPED else Origin.KEPT
