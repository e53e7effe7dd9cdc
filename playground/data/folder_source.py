"""A folder of pictures on this machine."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from playground.data.source import MAX_FILE_BYTES, MAX_FILES, Entry, Listing, Source, UnreadableError, is_hidden, plain
from playground.errors import PlaygroundError


class FolderSource(Source):
    """The files of a folder and of the folders in it, in the order of their names.

    Links to files are followed as long as they stay inside; links to folders are not.

    Raises `PlaygroundError` where it cannot be read, or has too many files.
    """

    def __init__(self, path: Path) -> None:
        self.root = path.resolve()
        self.listing = Listing()
        try:
            self._list()
            self.fingerprint = self._fingerprint()
        except OSError as error:
            raise PlaygroundError(
                f"{plain(error.filename or str(path))} cannot be read ({error.strerror}): "
                "let this user read the whole folder."
            ) from None

    def close(self) -> None:
        """Nothing is kept open."""

    def read(self, entry: Entry) -> bytes:
        """A file's content. Raises `UnreadableError`."""
        try:
            with entry.key.open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise UnreadableError(f"cannot be read ({error.strerror})") from None
        if len(content) > MAX_FILE_BYTES:
            raise UnreadableError(f"is too large: a picture may have {MAX_FILE_BYTES / 1e6:.0f} MB")
        return content

    def _list(self) -> None:
        num_files = 0
        for place, folders, files in os.walk(self.root, onerror=_refuse):
            folders[:] = sorted(name for name in folders if not is_hidden([name]))
            for name in folders:
                self._add_folder(Path(place, name))
            for name in sorted(name for name in files if not is_hidden([name])):
                num_files += 1
                self._add_file(Path(place, name))
            if num_files > MAX_FILES:
                raise PlaygroundError(
                    f"{plain(str(self.root))} holds more than {MAX_FILES:,} files: choose a folder of pictures alone."
                )

    def _relative(self, path: Path) -> str:
        return plain(path.relative_to(self.root).as_posix())

    def _add_folder(self, path: Path) -> None:
        if path.is_symlink():
            self.listing.skip(self._relative(path), "is a link to a folder, which is not followed")
        else:
            self.listing.add_folder(self._relative(path))

    def _add_file(self, path: Path) -> None:
        shown = self._relative(path)
        if path.is_symlink() and not path.resolve().is_relative_to(self.root):
            self.listing.skip(shown, "is a link that leads out of the folder")
        elif not path.exists():
            self.listing.skip(shown, "is a link to nothing")
        elif not stat.S_ISREG(path.stat().st_mode):
            self.listing.skip(shown, "is no plain file")
        else:
            self.listing.add(Entry(shown, path, path.stat().st_size))

    def _fingerprint(self) -> str:
        """Of names and contents, and of what is skipped, which the report tells: a copy of the folder has the same."""
        skipped = [(file.path, file.reason) for file in self.listing.skipped]
        whole = hashlib.sha256(repr((sorted(self.listing.folders), sorted(skipped))).encode())
        for entry in sorted(self.listing.pictures + self.listing.tables, key=lambda entry: entry.path):
            with entry.key.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            whole.update(f"{content} {entry.path}\n".encode())
        return whole.hexdigest()[:16]


def _refuse(error: OSError) -> None:
    raise error
