"""Removing a run for ever, in an order that leaves no half-removed run behind."""

from __future__ import annotations

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path

from playground.errors import PlaygroundError


def num_bytes(path: Path) -> int:
    """What a file, or a folder with everything in it, takes on the disk; links are not followed.

    A file of several names, as a newest state is that a snapshot holds, counts once.
    """
    if path.is_symlink() or not path.is_dir():
        files = [path]
    else:
        files = [Path(place, name) for place, _, names in os.walk(path) for name in names]
    sizes = {}
    for file in files:
        with suppress(FileNotFoundError):  # a running trainer moves files into place
            found = file.lstat()
            sizes[found.st_dev, found.st_ino] = found.st_size
    return sum(sizes.values())


def set_aside(runs: Path, *paths: Path) -> Path:
    """Moves what is there of these into a new folder that no run has for its own, and returns that.

    Raises `PlaygroundError` where the system refuses.
    """
    aside = runs / f".deleted-{secrets.token_hex(4)}"
    try:
        aside.mkdir()
        for number, path in enumerate(paths):
            if path.exists() or path.is_symlink():
                path.rename(aside / str(number))
    except OSError as error:
        raise PlaygroundError(f"{path} cannot be removed ({error.strerror}): remove it by hand.") from None
    return aside


def remove(aside: Path) -> None:
    """Removes what was set aside; what a former removal left behind, too."""
    for folder in aside.parent.glob(".deleted-*"):
        shutil.rmtree(folder, ignore_errors=folder != aside)
