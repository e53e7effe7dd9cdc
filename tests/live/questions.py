"""What the tests of the socket ask, and a way to make every question wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from playground.render import submit
from tests.live.viewer import PATIENCE_SECONDS


@contextmanager
def busy() -> Iterator[None]:
    """The inference thread is held, so that whatever is asked waits."""
    gate = threading.Event()
    holding = submit(lambda: gate.wait(PATIENCE_SECONDS))
    try:
        yield
    finally:
        gate.set()
        assert holding.result()


def codes(count: int) -> np.ndarray:
    return np.random.default_rng(count).standard_normal((count, 4)).astype(np.float32)


def one_hot(count: int) -> np.ndarray:
    return np.eye(3, dtype=np.float32)[np.arange(count) % 3]
