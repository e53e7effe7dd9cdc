"""Writing into a run's folder while it goes on: whole or not at all, and a sentence where the disk is full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playground.errors import PlaygroundError


@contextmanager
def saving(file: Path) -> Iterator[None]:
    """Raises `PlaygroundError` in place of what the system says while `file` is written."""
    try:
        yield
    except (OSError, RuntimeError) as error:  # torch.save tells of a full disk by a RuntimeError
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise PlaygroundError(
            f"{file} cannot be written ({reason}): make room, then resume; what was saved before is whole."
        ) from None


@contextmanager
def replacing(file: Path) -> Iterator[Path]:
    """A free name beside `file`; what is written there by the end takes the place of `file`.

    Raises `PlaygroundError` where that fails; `file` is as it was then, and nothing is left beside it.
    """
    partial = file.with_name(f".{file.name}.partial")
    with saving(file):
        try:
            partial.unlink(missing_ok=True)
            yield partial
            descriptor = os.open(partial, os.O_RDONLY)
            try:
                os.fsync(descriptor)  # before the name moves: after a power cut it must not name an empty file
            finally:
                os.close(descriptor)
            partial.replace(file)
        finally:
            with suppress(OSError):  # it has moved, or the folder itself is gone
                partial.unlink()
