"""A ZIP of pictures, read in place: nothing is ever unpacked to a path that an archive names."""

from __future__ import annotations

import hashlib
import stat
import zipfile
import zlib
from pathlib import Path
from typing import BinaryIO

from playground.data.source import MAX_FILE_BYTES, MAX_FILES, Entry, Listing, Source, UnreadableError, is_hidden, plain
from playground.errors import PlaygroundError

MAX_DIRECTORY_BYTES = 40_000_000  # of the archive's own list of its files, which is held in memory
MAX_RATIO = 200  # of a file's size to its packed size: no picture can be packed so small
MAX_TOTAL_RATIO = 20  # of all together, once they are more than
HARMLESS_BYTES = 1_000_000_000
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # of the others a few bytes may unpack to gigabytes at once
_ENCRYPTED = 0x1


class ZipSource(Source):
    """The files of a ZIP, in the order of their names.

    Raises `PlaygroundError` where it is damaged, has too many files, or would
    unpack to far more than it is.
    """

    def __init__(self, path: Path) -> None:
        self.name = plain(path.name)
        self.listing = Listing()
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise PlaygroundError(f"{self.name} cannot be read ({error.strerror}): check the file.") from None
        try:
            self._check_directory(self._file)
            self.fingerprint = hashlib.file_digest(self._file, "sha256").hexdigest()[:16]
            self._archive = zipfile.ZipFile(self._file)
            self._list(path.stat().st_size)
        except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError):
            self._file.close()
            raise PlaygroundError(f"{self.name} is no ZIP, or a damaged one: pack the pictures again.") from None
        except BaseException:
            self._file.close()
            raise

    def close(self) -> None:
        """Closes the file."""
        self._archive.close()
        self._file.close()

    def read(self, entry: Entry) -> bytes:
        """A file's content, unpacked in memory. Raises `UnreadableError`."""
        try:
            with self._archive.open(entry.key) as file:
                content = file.read(MAX_FILE_BYTES + 1)
                rest = file.read(1)  # the checksum is compared at the end alone
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise UnreadableError("is damaged within the archive") from None
        if len(content) != entry.num_bytes or rest:
            raise UnreadableError("is damaged within the archive: its size is not what the archive says")
        return content

    def _check_directory(self, file: BinaryIO) -> None:
        """Refuses a list of files that would fill the memory, before it is read.

        By the private function that `ZipFile` itself asks next: another reading
        might see another list in a file that was made to have two.
        """
        end = zipfile._EndRecData(file)
        if end is None:
            raise zipfile.BadZipFile
        if end[zipfile._ECD_SIZE] > MAX_DIRECTORY_BYTES:
            raise PlaygroundError(f"{self.name} holds more files than the {MAX_FILES:,} that are read: split it.")
        file.seek(0)

    def _list(self, num_packed_bytes: int) -> None:
        infos = [info for info in self._archive.infolist() if not is_hidden(_parts(info))]
        if len(infos) > MAX_FILES:
            raise PlaygroundError(
                f"{self.name} holds {len(infos):,} files: {MAX_FILES:,} are read at most, so split it."
            )
        total = sum(info.file_size for info in infos)
        if total > HARMLESS_BYTES and total > MAX_TOTAL_RATIO * num_packed_bytes:
            raise PlaygroundError(
                f"{self.name} would unpack to {total / 1e9:,.1f} GB, {total / num_packed_bytes:,.0f} times its size: "
                "no ZIP of pictures does, so it is not read."
            )
        seen: set[str] = set()
        for info in sorted(infos, key=lambda info: "/".join(_parts(info))):
            path = "/".join(_parts(info))
            reason = "is in the archive twice" if path in seen else _reason_against(info)
            seen.add(path)
            if reason:
                self.listing.skip(plain(path), reason)
            elif info.is_dir():
                self.listing.add_folder(plain(path))
            else:
                self.listing.add_folder(plain(path).rpartition("/")[0])
                self.listing.add(Entry(plain(path), info, info.file_size))


def _parts(info: zipfile.ZipInfo) -> list[str]:
    """The path of a file in parts; an absolute one begins with an empty part. Some systems pack backslashes."""
    path = info.filename.replace("\\", "/")
    return [part for number, part in enumerate(path.split("/")) if (part or number == 0) and part != "."]


def _reason_against(info: zipfile.ZipInfo) -> str:
    """Why a file of the archive is left out; empty where nothing speaks against it."""
    parts = _parts(info)
    if ".." in parts or not parts[0] or parts[0].endswith(":"):
        return "has a path that leads out of the archive"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if info.is_dir():
        return ""
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted: unpack the archive with its password and pack it again without"
    if info.compress_type not in METHODS:
        return "is packed in a way that is not read: pack it again as an ordinary ZIP"
    if info.file_size > MAX_RATIO * max(1, info.compress_size):
        return f"would unpack to {info.file_size / max(1, info.compress_size):,.0f} times its size, as no picture does"
    return ""
