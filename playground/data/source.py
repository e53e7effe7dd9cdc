"""Where pictures of one's own come from: what a folder and a ZIP have in common."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import BaseModel, ConfigDict

MAX_FILES = 250_000  # CelebA has 202,599
MAX_FILE_BYTES = 50_000_000
ENDINGS = {".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff"}
VIDEOS = {".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi"}
ARCHIVES = {".zip", ".tar", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz"}
ATTRIBUTES = "attributes.csv"
_HIDDEN = {"__macosx", "thumbs.db", "desktop.ini"}


class Skipped(BaseModel):
    """A file that is left out, and why: a reason that completes "This file ..."."""

    model_config = ConfigDict(frozen=True)

    path: str
    reason: str


class UnreadableError(Exception):
    """This one file cannot be used; the text is the reason of its `Skipped`."""


@dataclass(frozen=True)
class Entry:
    """A file that may be used.

    Attributes:
        path: relative, with slashes, fit to be shown.
        key: what its source finds it by.
        num_bytes: its size, as far as the source says.
    """

    path: str
    key: Any
    num_bytes: int


@dataclass
class Listing:
    """What a source holds, by name and size alone: nothing of it has been decoded.

    Attributes:
        pictures: files that may be pictures.
        tables: files named attributes.csv.
        videos: they are skipped as pictures, but faces are found in them.
        folders: every folder that is not hidden, relative, with slashes.
        skipped: files that were left out already. Hidden ones are not even mentioned.
    """

    pictures: list[Entry] = field(default_factory=list)
    tables: list[Entry] = field(default_factory=list)
    videos: list[Entry] = field(default_factory=list)
    folders: set[str] = field(default_factory=set)
    skipped: list[Skipped] = field(default_factory=list)

    def add_folder(self, path: str) -> None:
        """A folder and those that it lies in."""
        parts = PurePosixPath(path).parts
        self.folders.update("/".join(parts[:length]) for length in range(1, len(parts) + 1))

    def add(self, entry: Entry) -> None:
        """A file, sorted by what its name and its size say of it."""
        ending = PurePosixPath(entry.path).suffix.lower()
        if PurePosixPath(entry.path).name.lower() == ATTRIBUTES:
            self.tables.append(entry)
        elif ending in VIDEOS:
            self.videos.append(entry)
            self.skip(
                entry.path,
                "is a video, no picture: on the page Faces, faces are taken out of it",
            )
        elif ending in ARCHIVES:
            self.skip(entry.path, "is an archive: unpack it beside the pictures")
        elif ending not in ENDINGS:
            self.skip(entry.path, "is no picture, by its name")
        elif entry.num_bytes > MAX_FILE_BYTES:
            self.skip(entry.path, f"is too large: a picture may have {MAX_FILE_BYTES / 1e6:.0f} MB")
        else:
            self.pictures.append(entry)

    def skip(self, path: str, reason: str) -> None:
        """A file that is left out."""
        self.skipped.append(Skipped(path=path, reason=reason))


class Source(ABC):
    """A folder or a ZIP, open for reading by several threads; used in a `with` statement.

    Attributes:
        listing: what is in it.
        fingerprint: the first 16 hex digits of the SHA-256 of its content.
    """

    listing: Listing
    fingerprint: str

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Lets go of what is open."""

    @abstractmethod
    def read(self, entry: Entry) -> bytes:
        """A file's content, at most `MAX_FILE_BYTES`. Raises `UnreadableError`."""


def is_hidden(parts: Iterable[str]) -> bool:
    """Whether a path, in parts, is one of the things that systems leave behind and nobody meant to give."""
    return any((part.startswith(".") and part != "..") or part.lower() in _HIDDEN for part in parts)


def plain(name: str) -> str:
    """A name fit for a page, a terminal and JSON: composed accents, and escapes for what cannot be shown."""
    composed = unicodedata.normalize("NFC", name)
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in composed)


def shown(path: Path) -> str:
    """The last part of a path, fit to be shown."""
    return plain(path.name)
