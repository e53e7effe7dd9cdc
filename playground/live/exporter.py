"""Exports that visitors wait for, each in a process of its own, one at a time."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TIMEOUT_SECONDS = 600


class Exporter:
    """Runs `python -m playground.live.onnx_export`, so that an export never takes the painting's thread.

    To be used from one event loop. An export that failed is not tried again
    until the weights change or the server restarts.
    """

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._exports: dict[tuple[str, str], asyncio.Task[str | None]] = {}

    def problem(self, name: str, fingerprint: str) -> str | None:
        """Ask for an export. None while it waits or runs; one sentence once it failed."""
        key = (name, fingerprint)
        if key not in self._exports:
            self._exports[key] = asyncio.create_task(self._export(name))
        export = self._exports[key]
        if not export.done():
            return None
        if export.result() is None:  # finished, and yet asked for again: its file has gone since
            del self._exports[key]
        return export.result()

    async def _export(self, name: str) -> str | None:
        """Run one export. None when it succeeded, else its sentence."""
        async with self._one_at_a_time:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "playground.live.onnx_export", name),
                cwd=ROOT,
                env=os.environ | {"OMP_NUM_THREADS": "1"},
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                _step_back(process.pid)
                _, said = await asyncio.wait_for(process.communicate(), TIMEOUT_SECONDS)
            except TimeoutError:
                return f"The export of {name} took more than {TIMEOUT_SECONDS} seconds: play it on the server."
            finally:
                if process.returncode is None:
                    process.kill()
        if process.returncode == 0:
            return None
        lines = said.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else f"The export of {name} was stopped: play it on the server."


def _step_back(pid: int) -> None:
    """Let a process take only the time that painting leaves, where the system can."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, pid, 10)
