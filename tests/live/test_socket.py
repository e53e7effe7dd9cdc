"""The socket on a real server, as browsers meet it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

import playground
from playground import checkpoints
from playground.card import Card
from playground.live import socket
from playground.models import ModelConfig
from tests.live.questions import busy, codes, one_hot
from tests.live.server import Server
from tests.live.viewer import PATIENCE_SECONDS, Viewer


@pytest.fixture(scope="module")
def shared_server() -> Iterator[Server]:
    server = Server(socket.routes())
    yield server
    server.stop()


@pytest.fixture
def own_server(no_complaints) -> Iterator[Server]:
    """For tests that count viewers, or stop it."""
    server = Server(socket.routes())
    yield server
    server.stop()


@pytest.fixture(autouse=True)
def no_complaints(tiny_checkpoint, plain_checkpoint, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A server that logs an error fails the test."""
    yield
    assert not [record for record in caplog.get_records("call") if record.levelno >= logging.ERROR]


@pytest.fixture
def address(shared_server: Server) -> str:
    return f"ws://{shared_server.host}{socket.ADDRESS}"


@pytest.fixture
def own_address(own_server: Server) -> str:
    return f"ws://{own_server.host}{socket.ADDRESS}"


@pytest.fixture
def viewer(address: str) -> Iterator[Viewer]:
    """A viewer who has opened the model `tiny`: 4 numbers, 3 classes, 8 by 8 grey pixels."""
    viewer = Viewer(address)
    assert viewer.open("tiny") == {"ready": "tiny"}
    yield viewer
    viewer.leave()


def test_pixels_are_those_of_the_renderer(viewer):
    model = playground.load("tiny")
    for seed in range(3):
        z = codes(seed + 1)[:1]
        viewer.ask(seed, z, np.float32([[0.25, 0.75, 0]]))
        number, pictures = viewer.see()
        assert number == seed
        assert np.array_equal(pictures, model.decode(z, {"0": 1.0, "1": 3.0}))


def test_an_unconditional_model_takes_no_weights(address):
    viewer = Viewer(address)
    assert viewer.open("plain") == {"ready": "plain"}
    viewer.ask(2**32 - 1, codes(1))
    number, pictures = viewer.see()
    assert number == 2**32 - 1
    assert np.array_equal(pictures, playground.load("plain").decode(codes(1)))
    viewer.leave()


def test_sixty_four_pictures_come_in_order(viewer):
    viewer.ask(1, codes(64), one_hot(64))
    _, pictures = viewer.see()
    expected = playground.load("tiny").decode(codes(64), [str(index % 3) for index in range(64)])
    assert pictures.shape == (64, 8, 8, 1)
    assert abs(pictures.astype(int) - expected).max() <= 1


def test_the_latest_question_wins(viewer):
    with busy():
        for number in (1, 2, 3, 4):
            viewer.ask(number, codes(1), one_hot(1))
            viewer.connection.ping().wait(PATIENCE_SECONDS)
        viewer.ask(5, codes(1), one_hot(1) * 2)
        assert viewer.hear()["number"] == 5  # so all before it were read
    assert [viewer.see()[0], viewer.see()[0]] == [1, 4]
    viewer.ask(6, codes(1), one_hot(1))
    assert viewer.see()[0] == 6


def test_another_model_drops_what_was_asked_of_the_first(viewer):
    with busy():
        viewer.ask(1, codes(1), one_hot(1))
        viewer.ask(2, codes(1), one_hot(1))
        assert viewer.open("plain") == {"ready": "plain"}
    viewer.ask(3, codes(1))
    number, pictures = viewer.see()
    assert number == 3
    assert np.array_equal(pictures, playground.load("plain").decode(codes(1)))


NAN = np.float32([[0, 0, np.nan, 0]])


@pytest.mark.parametrize(
    ("z", "y", "words"),
    [
        (NAN, one_hot(1), "finite"),
        (codes(1) * np.float32(np.inf), one_hot(1), "finite"),
        (codes(1), one_hot(1) * np.float32(np.nan), "finite"),
        (codes(1), one_hot(1) * 2, "sum to 1"),
        (codes(1), np.float32([[-1, 1, 1]]), "negative"),
        (codes(1), None, "it needs 36"),
        (codes(2)[:, :3], one_hot(2), "needs"),
        (codes(65), one_hot(65), "1 to 64"),
        (codes(0), one_hot(0), "1 to 64"),
    ],
)
def test_a_bad_question_gets_one_sentence_and_the_next_an_answer(viewer, z, y, words):
    viewer.ask(7, z, y)
    problem = viewer.hear()
    assert problem["number"] == 7
    assert words in problem["problem"]
    viewer.ask(8, codes(1), one_hot(1))
    assert viewer.see()[0] == 8


def test_a_question_before_a_model_is_open_gets_one_sentence(address):
    viewer = Viewer(address)
    viewer.ask(3, codes(1), one_hot(1))
    assert viewer.hear() == {"problem": "No model is open: open one before asking for its pictures.", "number": 3}
    viewer.leave()


def test_more_pixels_than_an_answer_may_have_are_refused(viewer, monkeypatch):
    monkeypatch.setattr("playground.live.pixels.MAX_ANSWER_BYTES", 100)
    viewer.ask(1, codes(2), one_hot(2))
    assert "fewer" in viewer.hear()["problem"]
    viewer.ask(2, codes(1), one_hot(1))
    assert viewer.see()[0] == 2


def test_a_model_that_cannot_be_opened_gets_one_sentence(viewer, tiny_checkpoint):
    fingerprint = checkpoints.describe("tiny").fingerprint
    for name in ("nobody", str(tiny_checkpoint), "../tiny", ""):
        assert "no checkpoint" in viewer.say({"model": name, "fingerprint": fingerprint})["problem"]
    assert "reload" in viewer.say({"model": "tiny", "fingerprint": "0" * 12})["problem"]
    viewer.ask(1, codes(1), one_hot(1))
    assert "No model is open" in viewer.hear()["problem"]
    assert viewer.open("tiny") == {"ready": "tiny"}


def test_a_damaged_model_gets_one_sentence(viewer, tiny_checkpoint):
    (tiny_checkpoint / checkpoints.WEIGHTS).write_bytes(b"no weights")
    assert "damaged" in viewer.say({"model": "tiny", "fingerprint": "0" * 12})["problem"]


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("hello", 1008),
        ("[" * 1900, 1008),
        ("[]", 1008),
        ('{"model": "tiny"}', 1008),
        ('{"model": "tiny", "fingerprint": 5}', 1008),
        ('"' + "a" * 5000 + '"', 1009),
        (b"", 1003),
        (b"1234567", 1003),
        (bytes(2_000_001), 1009),
    ],
)
def test_garbage_is_closed_with_a_reason(viewer, message, code):
    viewer.connection.send(message)
    closed_with, reason = viewer.goodbye()
    assert closed_with == code
    assert reason.endswith(".")


def test_too_many_viewers_are_refused_with_a_sentence(own_address, monkeypatch):
    monkeypatch.setattr(socket, "MAX_VIEWERS", 2)
    first, second, third = (Viewer(own_address) for _ in range(3))
    assert third.goodbye() == (1013, "2 viewers are here already: try again later.")
    assert first.open("tiny") == second.open("tiny") == {"ready": "tiny"}
    first.leave()
    assert _comes_in(own_address)
    second.leave()


def _comes_in(address: str) -> bool:
    """Whether there is room for one more, tried for a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        viewer = Viewer(address)
        try:
            return viewer.open("tiny") == {"ready": "tiny"}
        except ConnectionClosed:
            time.sleep(0.02)
        finally:
            viewer.leave()
    return False


def test_a_flood_stands_behind_everybody_else(viewer, address, monkeypatch):
    model = playground.load("tiny").checkpoint.model
    decode, painted = model.decode, []
    monkeypatch.setattr(model, "decode", lambda z, y: (painted.append(len(z)), decode(z, y))[1])
    calm = Viewer(address)
    calm.open("tiny")
    with busy():
        for number in range(100):
            viewer.ask(number, codes(1), one_hot(1))
        calm.ask(1, codes(64), one_hot(64))
        for either in (viewer, calm):
            either.ask(2, codes(0), one_hot(0))
            assert either.hear()["number"] == 2  # so all before it were read
    assert calm.see()[0] == 1
    assert viewer.see()[0] < viewer.see()[0] == 99
    assert painted == [1, *[4] * 16, 1]
    calm.leave()


def test_a_viewer_who_reads_nothing_is_dropped(own_address, checkpoint_folder, tiny, monkeypatch):
    monkeypatch.setattr(socket, "MAX_VIEWERS", 1)
    monkeypatch.setattr(socket, "STALLED_SECONDS", 0.2)
    wide = type(tiny)(ModelConfig(latent_dim=4, image_size=128))  # a megabyte an answer soon fills the buffers
    checkpoints.save(checkpoint_folder / "wide", wide, Card(title="A wide model"))
    stalled = Viewer(own_address, max_queue=1, close_timeout=0.1)
    assert stalled.open("wide") == {"ready": "wide"}
    is_over = threading.Event()

    def ask_on() -> None:
        while not is_over.wait(0.01):
            stalled.ask(1, codes(64))

    asking = threading.Thread(target=ask_on)
    asking.start()
    assert _comes_in(own_address)
    is_over.set()
    asking.join()
    stalled.connection.close_socket()


def test_a_failing_model_closes_its_viewer_and_no_other(viewer, address, monkeypatch, caplog):
    other = Viewer(address)
    other.open("plain")

    def fail(*_):
        raise RuntimeError("out of memory")

    monkeypatch.setattr(playground.load("tiny").checkpoint.model, "decode", fail)
    viewer.ask(1, codes(1), one_hot(1))
    with pytest.raises(ConnectionClosed):
        viewer.connection.recv(timeout=PATIENCE_SECONDS)
    other.ask(1, codes(1))
    assert other.see()[0] == 1
    other.leave()
    assert "out of memory" in caplog.text
    caplog.clear()


def test_the_server_stops_cleanly_under_its_viewers(own_server, own_address):
    painting, waiting = Viewer(own_address), Viewer(own_address)
    with busy():
        for viewer in (painting, waiting):
            assert viewer.open("tiny") == {"ready": "tiny"}
            viewer.ask(1, codes(1), one_hot(1))
            viewer.ask(2, codes(1), one_hot(1) * 2)
            assert viewer.hear()["number"] == 2
        own_server.stop()
    assert painting.goodbye()[0] == waiting.goodbye()[0] == 1012
    painting.leave()
    waiting.leave()
