"""The files that faces are looked for in: named one by one, in folders, or in ZIPs."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from playground.data.decoding import decode_whole
from playground.data.face_extraction.alignment import Photo
from playground.data.face_extraction.video import Frame, frames_of
from playground.data.preparation import open_source
from playground.data.source import MAX_FILE_BYTES, Entry, Listing, Source, UnreadableError, shown
from playground.errors import PlaygroundError

PHOTO_SIDE = 2000  # pixels: a JPEG whose sides are more than twice that is decoded at a half


@dataclass(frozen=True)
class Looked:
    """An opened file.

    Attributes:
        fingerprint: the first 16 hex digits of the SHA-256 of its content.
        frames: its one picture, or those of a video; reading them raises `UnreadableError`.
    """

    fingerprint: str
    frames: Iterator[Frame]


@dataclass(frozen=True)
class Given:
    """A file that faces are looked for in.

    Attributes:
        path: fit to be shown.
        look: opens it, told the seconds between a video's frames. Raises `UnreadableError`.
    """

    path: str
    look: Callable[[float], Looked]


@contextmanager
def opened_inputs(paths: Sequence[Path]) -> Iterator[list[Given]]:
    """The files of all inputs, in their order, for as long as the `with` statement lasts.

    Args:
        paths: of photos, videos, ZIPs of photos, and folders of all of these but ZIPs.

    Raises `PlaygroundError` where there is nothing at a path, or something that looks like an attack.
    """
    with ExitStack() as stack:
        files: list[Given] = []
        for path in paths:
            if path.is_dir() or path.suffix.lower() == ".zip":
                files += _files_of(stack.enter_context(open_source(path)), shown(path))
            else:
                files += _file(path)
        yield files


def _files_of(source: Source, name: str) -> list[Given]:
    """The files of a folder or a ZIP; those that are skipped say why when they are opened."""
    listing = source.listing
    looks = {skipped.path: partial(_refuse, skipped.reason) for skipped in listing.skipped}
    looks |= {table.path: partial(_refuse, "is a table, no picture") for table in listing.tables}
    looks |= {picture.path: partial(_look_at_photo, partial(source.read, picture)) for picture in listing.pictures}
    looks |= {video.path: partial(_look_at_video, video.key) for video in listing.videos}
    return [Given(f"{name}/{path}", looks[path]) for path in sorted(looks)]


def _file(path: Path) -> list[Given]:
    """A file that was named by itself."""
    if not path.is_file():
        raise PlaygroundError(f"There is nothing at {path}: name a photo, a video, a folder or a ZIP.")
    listing = Listing()
    listing.add(Entry(shown(path), path, path.stat().st_size))
    if listing.videos:
        return [Given(shown(path), partial(_look_at_video, path))]
    if listing.pictures:
        return [Given(shown(path), partial(_look_at_photo, partial(_read, path)))]
    return [Given(skipped.path, partial(_refuse, skipped.reason)) for skipped in listing.skipped] or [
        Given(shown(path), partial(_refuse, "is a table, no picture"))
    ]


def _refuse(reason: str, every_seconds: float) -> Looked:
    raise UnreadableError(reason)


def _look_at_photo(read: Callable[[], bytes], every_seconds: float) -> Looked:
    content = read()
    return Looked(hashlib.sha256(content).hexdigest()[:16], _only(content))


def _only(content: bytes) -> Iterator[Frame]:
    yield Frame(photo_in(content), 0.0, 1.0)


def photo_in(content: bytes) -> Photo:
    """The picture of a file, whole, upright and RGB, within the bounds of `decode_whole`. Raises `UnreadableError`."""
    return np.asarray(decode_whole(content, PHOTO_SIDE)[0])


def _look_at_video(path: object, every_seconds: float) -> Looked:
    if not isinstance(path, Path):
        raise UnreadableError("is a video within an archive: unpack it, and give it by itself")
    try:
        with path.open("rb") as file:
            fingerprint = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})") from None
    return Looked(fingerprint, frames_of(path, every_seconds))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES)
    except OSError as error:
        raise UnreadableError(f"cannot be read ({error.strerror})") from None
