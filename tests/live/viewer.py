"""A viewer of the live canvas, in place of a browser."""

from __future__ import annotations

import json
import struct
from contextlib import ExitStack

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from playground import checkpoints

PATIENCE_SECONDS = 20


class Viewer:
    """A client that speaks the protocol."""

    def __init__(self, address: str, **options) -> None:
        self._open = ExitStack()
        self.connection = self._open.enter_context(connect(address, compression=None, max_size=None, **options))

    def open(self, name: str) -> dict:
        return self.say({"model": name, "fingerprint": checkpoints.describe(name).fingerprint})

    def say(self, value: object) -> dict:
        self.connection.send(json.dumps(value))
        return self.hear()

    def ask(self, number: int, z: np.ndarray, y: np.ndarray | None = None) -> None:
        weights = b"" if y is None else y.astype("<f4").tobytes()
        self.connection.send(struct.pack("<2I", number, len(z)) + z.astype("<f4").tobytes() + weights)

    def hear(self) -> dict:
        said = self.connection.recv(timeout=PATIENCE_SECONDS)
        assert isinstance(said, str), said
        return json.loads(said)

    def see(self) -> tuple[int, np.ndarray]:
        """The number of the next answer and its pictures."""
        answer = self.connection.recv(timeout=PATIENCE_SECONDS)
        assert isinstance(answer, bytes), answer
        number, *shape = struct.unpack_from("<5I", answer)
        return number, np.frombuffer(answer, dtype=np.uint8, offset=20).reshape(shape)

    def goodbye(self) -> tuple[int, str]:
        """The code and the reason with which the server closes."""
        with pytest.raises(ConnectionClosed) as closed:
            self.connection.recv(timeout=PATIENCE_SECONDS)
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code, closed.value.rcvd.reason

    def leave(self) -> None:
        self._open.close()
