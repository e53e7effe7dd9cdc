"""The shipped runtime: what the record says lies there, and nothing else is ever taken in."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import tarfile
from pathlib import Path

import pytest

from playground.errors import PlaygroundError
from playground.live import fetch_runtime


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A runtime of one small file, not fetched yet; its package lies beside it."""
    place = tmp_path / "runtime"
    place.mkdir()
    package = packed(tmp_path / "package.tgz", b"the file")
    fields = {"package": "small", "version": "1.0", "licence": "MIT", "texts": {}}
    fields |= {"sha256": sha256(package.read_bytes()), "files": {"small.mjs": sha256(b"the file")}}
    (place / "record.json").write_text(json.dumps(fields))
    monkeypatch.setattr(fetch_runtime, "RUNTIME", place)
    return place


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def packed(file: Path, content: bytes) -> Path:
    with tarfile.open(file, "w:gz") as opened:
        member = tarfile.TarInfo("package/dist/small.mjs")
        member.size = len(content)
        opened.addfile(member, io.BytesIO(content))
    return file


def test_the_shipped_files_are_as_recorded():
    fetch_runtime.check()
    num_bytes = sum(file.stat().st_size for file in fetch_runtime.RUNTIME.iterdir())
    assert num_bytes < 11_000_000


def test_a_changed_file_is_noticed(tmp_path, monkeypatch):
    copy = shutil.copytree(fetch_runtime.RUNTIME, tmp_path / "copy")
    monkeypatch.setattr(fetch_runtime, "RUNTIME", copy)
    (copy / "LICENSE").write_text("Do what you like.")
    with pytest.raises(PlaygroundError, match="LICENSE has the SHA-256"):
        fetch_runtime.check()


def test_fetching_twice_gives_the_same_bytes(runtime, capsys):
    package = str(runtime.parent / "package.tgz")
    assert fetch_runtime.main([package]) == 0
    first = (runtime / "small.mjs.gz").read_bytes()
    assert fetch_runtime.main([package]) == 0
    assert (runtime / "small.mjs.gz").read_bytes() == first
    assert capsys.readouterr().out.splitlines()[0] == "1 files of small 1.0 are as recorded."


def test_a_file_that_the_record_does_not_know_is_noticed(runtime):
    fetch_runtime.fetch(str(runtime.parent / "package.tgz"))
    (runtime / "stranger.mjs.gz").write_bytes(b"")
    with pytest.raises(PlaygroundError, match="not in the record"):
        fetch_runtime.check()


@pytest.mark.parametrize("package", ["other.tgz", "missing.tgz"])
def test_another_package_changes_nothing(runtime, capsys, package):
    packed(runtime.parent / "other.tgz", b"another file")
    assert fetch_runtime.main([str(runtime.parent / package)]) == 2
    assert [file.name for file in runtime.iterdir()] == ["record.json"]
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and said.endswith("fetch the package again.\n")
