"""The lock that one worker a device holds, and by which others find it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from pydantic import ValidationError

from playground.jobs.process import Process


class WorkerLock:
    """A file that is locked while a worker lives, and says which one.

    The system itself frees the lock when its holder dies, however it dies. What
    the file says lets others look without touching the lock.

    Args:
        runs: the runs folder.
        device: whose worker; each device has a lock of its own.
    """

    def __init__(self, runs: Path, device: str) -> None:
        self.file = runs / f".worker-{device.replace(':', '-')}.lock"
        self._descriptor: int | None = None

    def take(self) -> bool:
        """Takes the lock. False where another worker has it."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        self._say(Process.of(os.getpid()))
        return True

    def leave(self) -> None:
        """Gives the lock back. Whoever looks from here on finds no worker."""
        assert self._descriptor is not None
        self._say(None)
        os.close(self._descriptor)
        self._descriptor = None

    def holder(self) -> Process | None:
        """The living worker; None where there is none."""
        try:
            process = Process.model_validate_json(self.file.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        return process if process.alive() else None

    def _say(self, process: Process | None) -> None:
        assert self._descriptor is not None
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, process.model_dump_json().encode() if process else b"", 0)
