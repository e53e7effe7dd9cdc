"""The addresses behind the live canvas, on a real server."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import logging
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
import uvicorn
from starlette.applications import Starlette

from playground import checkpoints
from playground.card import Card
from playground.live import exporter, fetch_runtime, files, onnx_export
from playground.models import family

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 20


@dataclass
class Answer:
    """What came back, with the body as it was sent."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def is_kept_for_good(self) -> bool:
        return "immutable" in self.headers["Cache-Control"]


class Site:
    """The live canvas's files on uvicorn in a thread."""

    def __init__(self) -> None:
        self._server = uvicorn.Server(uvicorn.Config(Starlette(routes=files.routes()), log_config=None, lifespan="off"))
        listening = socket.create_server(("127.0.0.1", 0))
        self._port = listening.getsockname()[1]
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listening]}, name="server")
        self._thread.start()
        while not self._server.started:
            assert self._thread.is_alive()
            time.sleep(0.01)

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_SECONDS)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        return found

    def get_model(self, name: str, suffix: str, **headers: str) -> Answer:
        return self.get(f"/live/models/{name}/{checkpoints.describe(name).fingerprint}.{suffix}", **headers)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=PATIENCE_SECONDS)
        assert not self._thread.is_alive()


@pytest.fixture
def site(caplog: pytest.LogCaptureFixture) -> Iterator[Site]:
    site = Site()
    yield site
    site.stop()
    assert not [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]


@pytest.fixture
def python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for the Python of an export: notes its calls, fails with a sentence."""
    script = tmp_path / "python"
    script.write_text(
        f'#!/bin/sh\necho begin >> "{tmp_path}/calls"\nsleep 0.2\necho end >> "{tmp_path}/calls"\n'
        'echo noise >&2\necho "It cannot be done." >&2\nexit 2\n'
    )
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(exporter.sys, "executable", str(script))
    return script


def test_a_model_is_described(site, tiny_checkpoint):
    answer = site.get_model("tiny", "json")
    assert answer.status == 200 and answer.is_kept_for_good()
    assert json.loads(answer.body) == {
        "name": "tiny",
        "fingerprint": checkpoints.describe("tiny").fingerprint,
        "latent_dim": 4,
        "image_shape": [1, 8, 8],
        "class_names": ["0", "1", "2"],
        "num_multiply_adds": 448,
        "has_prior": False,
        "num_components": 0,
        "num_mapping_layers": 0,
        "num_principal": 0,
    }


def test_what_the_mathematics_needs_comes_in_the_documented_order(site, checkpoint_folder):
    torch.manual_seed(0)
    model = family("tiny-test").build({"latent_dim": 3, "image_size": 4, "mixture_components": 2})
    for buffer in (model.prior.weights, model.prior.means, model.prior.packed_factors):
        buffer.copy_(torch.rand(buffer.shape))
    model.take_principal(torch.linalg.qr(torch.randn(3, 3))[0][:2], torch.tensor([2.0, 0.5]))
    checkpoints.save(checkpoint_folder / "mixed", model.eval(), Card(title="A mixture"))

    answer = site.get_model("mixed", "latent")
    stored = checkpoints.load("mixed").model
    expected = [stored.principal.directions, stored.principal.scales]
    expected += [stored.prior.weights, stored.prior.means, stored.prior.packed_factors]
    assert answer.is_kept_for_good()
    numbers = np.frombuffer(answer.body, "<f4")
    assert np.array_equal(numbers, np.concatenate([tensor.numpy().ravel() for tensor in expected]))
    facts = json.loads(site.get_model("mixed", "json").body)
    assert (facts["has_prior"], facts["num_components"], facts["num_principal"]) == (True, 2, 2)


@pytest.mark.parametrize("suffix", ["json", "latent", "onnx"])
@pytest.mark.parametrize("path", ["tiny/000000000000", "nobody/000000000000", "..%2Ftiny/000000000000", "broken/0"])
def test_unknown_models_and_former_weights_are_not_found(site, tiny_checkpoint, suffix, path):
    broken = tiny_checkpoint.parent / "broken"
    broken.mkdir()
    (broken / checkpoints.WEIGHTS).write_bytes(b"no weights")
    answer = site.get(f"/live/models/{path}.{suffix}")
    assert answer.status == 404
    assert b"\n" not in answer.body and not answer.body.startswith(b"<")
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_our_modules_are_kept_until_one_of_them_changes(site, tmp_path, monkeypatch):
    monkeypatch.setattr(files, "WEB", tmp_path)
    (tmp_path / "one.js").write_text("export const one = 1;\n")
    (tmp_path / "secret.txt").write_text("secret")
    version = files.web_version()
    answer = site.get(f"/live/web/{version}/one.js")
    assert answer.body == b"export const one = 1;\n" and answer.is_kept_for_good()
    assert answer.headers["Content-Type"].startswith("text/javascript")
    assert site.get(f"/live/web/{version}/secret.txt").status == 404
    (tmp_path / "two.js").write_text("")
    assert files.web_version() != version
    assert site.get(f"/live/web/{version}/one.js").status == 404


def test_the_runtime_comes_compressed_with_the_types_that_browsers_ask_for(site):
    record = fetch_runtime.record()
    types = {".mjs": "text/javascript", ".wasm": "application/wasm"}
    for name, expected in record.files.items():
        answer = site.get(f"/live/runtime/{files.runtime_version()}/{name}")
        assert hashlib.sha256(gzip.decompress(answer.body)).hexdigest() == expected
        assert answer.headers["Content-Type"].split(";")[0] == types[Path(name).suffix]
        assert answer.headers["Content-Encoding"] == "gzip" and answer.is_kept_for_good()
    assert site.get(f"/live/runtime/{files.runtime_version()}/record.json").status == 404
    assert site.get(f"/live/runtime/0.0.0/{name}").status == 404


def test_an_exported_generator_comes_as_it_was_asked_for(site, tiny_checkpoint, monkeypatch):
    monkeypatch.setattr(onnx_export, "to_onnx", lambda model: b"a generator")
    onnx_export.export("tiny")
    small = site.get_model("tiny", "onnx", **{"Accept-Encoding": "gzip"})
    assert (small.status, gzip.decompress(small.body)) == (200, b"a generator")
    assert small.headers["Content-Encoding"] == "gzip" and small.is_kept_for_good()
    plain = site.get_model("tiny", "onnx")
    assert plain.body == b"a generator" and "Content-Encoding" not in plain.headers
    assert 'filename="tiny.onnx"' in plain.headers["Content-Disposition"]
    assert plain.headers["Vary"] == small.headers["Vary"] == "Accept-Encoding"


def test_whoever_asks_too_early_is_told_to_ask_again_and_then_why_it_failed(site, tiny_checkpoint, python):
    answer = site.get_model("tiny", "onnx")
    assert (answer.status, answer.headers["Retry-After"], answer.is_kept_for_good()) == (202, "1", False)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while answer.status == 202 and time.monotonic() < deadline:
        time.sleep(0.05)
        answer = site.get_model("tiny", "onnx")
    assert (answer.status, answer.body) == (503, b"It cannot be done.")
    assert (python.parent / "calls").read_text() == "begin\nend\n"  # however often it was asked


def test_exports_run_one_at_a_time(site, tiny_checkpoint, plain_checkpoint, python):
    waiting = {"tiny", "plain"}
    deadline = time.monotonic() + PATIENCE_SECONDS
    while waiting and time.monotonic() < deadline:
        waiting = {name for name in waiting if site.get_model(name, "onnx").status == 202}
        time.sleep(0.05)
    assert (python.parent / "calls").read_text() == "begin\nend\n" * 2


UNDER_A_BASE_PATH = """
import runpy, sys
from streamlit import config
config.set_option("server.baseUrlPath", "/some/where/")
app = runpy.run_path("app.py")
assert "torch" not in sys.modules, "app.py imports torch"
import anyio
sent = []
async def send(message): sent.append(message)
async def ask(path):
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": [], "query_string": b""}
    async def receive(): return {"type": "http.request", "body": b""}
    route = next(route for route in app["app"]._user_routes if route.matches(scope)[0].value)
    scope.update(route.matches(scope)[1])
    await route.app(scope, receive, send)
anyio.run(ask, "/some/where/live/models/nobody/0.json")
print(sent[0]["status"], sent[1]["body"].decode())
"""


def test_the_app_answers_below_its_base_path_and_starts_without_torch():
    finished = subprocess.run([sys.executable, "-c", UNDER_A_BASE_PATH], capture_output=True, text=True, cwd=ROOT)
    assert finished.stdout.strip() == "404 There is no checkpoint named 'nobody': choose another model.", (
        finished.stderr
    )
