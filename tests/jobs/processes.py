"""Quick workers, and waiting for what must happen, however slow the machine."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

QUICK_WORKER = (sys.executable, str(Path(__file__).with_name("quick_worker.py")))
T = TypeVar("T")


def wait_for(happened: Callable[[], T], seconds: float = 120) -> T:
    """What `happened` gives once that is true; fails the test when it never is."""
    end = time.monotonic() + seconds
    while not (value := happened()):
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.01)
    return value
