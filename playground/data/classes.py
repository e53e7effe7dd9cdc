"""Which class a picture is of: the sub-folder that it lies in."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playground.data.source import Entry, Listing
from playground.errors import PlaygroundError

MAX_CLASSES = 1000


@dataclass(frozen=True)
class Classes:
    """The classes of a listing.

    Attributes:
        names: in natural order, so that 10 comes after 9; empty where there are fewer than two sub-folders.
        prefix: the folder that the class folders lie in, as `photos/`; empty where they lie at the top.
    """

    names: tuple[str, ...]
    prefix: str

    @classmethod
    def of(cls, listing: Listing) -> Classes:
        """Raises `PlaygroundError` where there are more than `MAX_CLASSES`."""
        prefix = ""
        while len(inner := _inside(listing, prefix)) == 1 and not _loose(listing, prefix):
            prefix += f"{inner.pop()}/"  # the whole lies in one folder, as most ZIPs have it
        if len(inner) > MAX_CLASSES:
            raise PlaygroundError(
                f"There are {len(inner):,} sub-folders, and each is a class: a model can tell {MAX_CLASSES:,} apart."
            )
        return cls(tuple(sorted(inner, key=_natural)) if len(inner) > 1 else (), prefix)

    def label(self, picture: Entry) -> int | None:
        """Its class as an index into `names`: 0 where there are none, None where it lies beside the class folders."""
        if not self.names:
            return 0
        folder, slash, _ = picture.path.removeprefix(self.prefix).partition("/")
        return self.names.index(folder) if slash else None


def _inside(listing: Listing, prefix: str) -> set[str]:
    """The folders right below a prefix."""
    below = (folder.removeprefix(prefix) for folder in listing.folders if folder.startswith(prefix))
    return {folder.partition("/")[0] for folder in below if folder}


def _loose(listing: Listing, prefix: str) -> bool:
    """Whether a picture lies right below a prefix."""
    return any("/" not in picture.path.removeprefix(prefix) for picture in listing.pictures)


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)]
