"""Coroutines in tests: in a thread of their own, since what drives a browser leaves a loop running in the main one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

TIMEOUT_SECONDS = 20

Result = TypeVar("Result")


def run_soon(work: Coroutine[object, object, Result]) -> Result:
    """Run it; what somebody waits for in it for ever fails instead of hanging."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(work, TIMEOUT_SECONDS)).result()
