"""Waiting for what must happen, however slow the machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def wait_for(happened: Callable[[], T], seconds: float = 120) -> T:
    """What `happened` gives once that is true; fails the test when it never is."""
    end = time.monotonic() + seconds
    while not (value := happened()):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)
    return value
