from __future__ import annotations

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from playground.ui import plotly_file
from playground.ui.sample_files import frames_of, router
from tests.own_loop import run_soon


def get(path: str) -> tuple[int, dict[bytes, bytes], bytes]:
    """The status, the headers and the body that the routes answer with."""
    sent = []

    async def receive() -> dict:
        raise AssertionError("nothing more is asked of the visitor")

    async def send(message: dict) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b"", "root_path": ""}
    scope["asgi"] = {"spec_version": "2.4"}  # before that, a file is sent while waiting for the visitor to leave
    run_soon(router()(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    samples = tmp_path / "runs" / "first" / "samples"
    samples.mkdir(parents=True)
    (samples / "000000320.png").write_bytes(b"a sheet")
    (tmp_path / "runs" / "first" / "000000320.png").write_bytes(b"a secret")
    (samples / "notes.png").write_bytes(b"a secret")
    return tmp_path / "runs"


def test_a_sheet_is_given_and_kept_for_good(runs):
    status, headers, body = get("/first/000000320.png")
    assert (status, body) == (200, b"a sheet")
    assert headers[b"content-type"] == b"image/png"
    assert b"immutable" in headers[b"cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "/first/000000640.png",
        "/second/000000320.png",
        "/first/notes.png",
        "/../000000320.png",
        "/first/../000000320.png",
        "/first/..%2f000000320.png",
        "/.hidden/000000320.png",
        "/first/000000320.png\n",
    ],
)
def test_nothing_else_is_given(path, runs):
    status, _, body = get(path)
    assert status == 404
    assert b"secret" not in body


def test_a_sheet_that_is_drawn_again_has_another_address(runs):
    sheet = runs / "first" / "samples" / "000000320.png"
    [before] = frames_of("first", [sheet])
    assert before.images_seen == 320
    assert before.address.startswith("/runs/first/000000320.png?")
    changed = sheet.stat().st_mtime_ns + 1_000_000
    os.utime(sheet, ns=(changed, changed))
    assert frames_of("first", [sheet])[0].address != before.address


def test_a_sheet_that_goes_while_it_is_listed_is_left_out(runs):
    sheet = runs / "first" / "samples" / "000000320.png"
    assert [frame.images_seen for frame in frames_of("first", [sheet.with_name("000000640.png"), sheet])] == [320]


def test_plotly_is_given_compressed_and_for_good():
    status, headers, body = get(plotly_file.address().removeprefix("/runs"))
    assert status == 200
    assert headers[b"content-encoding"] == b"gzip"
    assert b"immutable" in headers[b"cache-control"]
    assert hashlib.sha256(gzip.decompress(body)).hexdigest() == plotly_file.SHA256
    assert get("/plotly/0.0.1.js")[0] == 404
