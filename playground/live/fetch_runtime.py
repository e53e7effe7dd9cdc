"""Fetches onnxruntime-web's files, and checks those that are here.

The record `runtime/record.json` names the package's version and checksum, and
the files of it that the canvas uses, each with its own. To check the files:

    python -m playground.live.fetch_runtime

To take them from the package anew, from a file or an address:

    npm pack onnxruntime-web@VERSION
    python -m playground.live.fetch_runtime onnxruntime-web-VERSION.tgz
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import sys
import tarfile
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from playground.command import command
from playground.errors import PlaygroundError
from playground.files import write_whole

RUNTIME = Path(__file__).resolve().parent / "runtime"
TIMEOUT_SECONDS = 120


class Record(BaseModel):
    """What `runtime/record.json` says.

    Attributes:
        package, version, licence: of the package, as its registry names them.
        sha256: of the package file.
        files: name -> SHA-256, of the package's files as they are in use.
        texts: name -> SHA-256, of the licence and the third-party notices.
    """

    package: str
    version: str
    licence: str
    sha256: str
    files: dict[str, str]
    texts: dict[str, str]


def record() -> Record:
    """The record beside the files."""
    return Record.model_validate_json((RUNTIME / "record.json").read_text(encoding="utf-8"))


def compressed(name: str) -> Path:
    """Where a file of the runtime lies: its gzip form, and no other."""
    return RUNTIME / f"{name}.gz"


def check() -> None:
    """Raise `PlaygroundError` unless every file is what the record says, and nothing else lies there."""
    known = record()
    for name, expected in known.files.items():
        _check_content(name, gzip.decompress(_read(compressed(name))), expected)
    for name, expected in known.texts.items():
        _check_content(name, _read(RUNTIME / name), expected)
    names = {"record.json", *known.texts, *(compressed(name).name for name in known.files)}
    if strangers := sorted({file.name for file in RUNTIME.iterdir()} - names):
        raise PlaygroundError(f"{RUNTIME / strangers[0]} is not in the record: delete it.")


def fetch(package: str) -> None:
    """Take the recorded files out of a package file.

    Args:
        package: the path of a file, or an https address.

    Raises `PlaygroundError` for a package or a file in it that the record does
    not know; nothing is written then.
    """
    known = record()
    content = _download(package) if package.startswith("https://") else _read(Path(package))
    _check_content(package, content, known.sha256)
    taken: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as opened:
        for name, expected in known.files.items():
            taken[name] = opened.extractfile(f"package/dist/{name}").read()
            _check_content(name, taken[name], expected)
    for name, file in taken.items():
        write_whole(compressed(name), gzip.compress(file, compresslevel=9, mtime=0))


def _download(address: str) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_SECONDS) as answer:
            return answer.read()
    except (urllib.error.URLError, OSError) as error:
        raise PlaygroundError(f"{address} cannot be fetched ({error}): give the package as a file.") from None


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise PlaygroundError(f"{file} cannot be read ({error.strerror}): fetch the package again.") from None


def _check_content(name: str, content: bytes, expected: str) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise PlaygroundError(f"{name} has the SHA-256 {found}, the record says {expected}: fetch the package again.")


@command
def main(argv: Sequence[str] | None) -> None:
    """Fetch or check."""
    parser = argparse.ArgumentParser(
        prog="python -m playground.live.fetch_runtime", description=__doc__.splitlines()[0]
    )
    parser.add_argument("package", nargs="?", help="the package's file or https address (default: only check)")
    arguments = parser.parse_args(argv)
    if arguments.package is not None:
        fetch(arguments.package)
    check()
    known = record()
    print(f"{len(known.files)} files of {known.package} {known.version} are as recorded.")


if __name__ == "__main__":
    sys.exit(main())
