"""How processes are started: a worker that belongs to nobody, and a trainer that waits at a gate."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from playground.jobs.process import Process

ROOT = Path(__file__).resolve().parents[2]


def start_detached(command: Sequence[str], log: Path) -> None:
    """Starts a process in a session of its own, whose parent is gone at once: nothing here waits for it."""
    with log.open("ab") as said:
        subprocess.run(
            ["sh", "-c", '"$@" &', "sh", *command],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            check=True,
        )


class GatedProcess:
    """A command that waits until its process is written down somewhere.

    A shell holds the place, and becomes the command (with the same process id
    and start) once the gate opens. If whoever started it dies before, the gate
    falls shut and the command never runs: no trainer runs that no book knows.

    Args:
        command: what to run, from the repository's root, in a session of its own.
        environment: of the command.
        log: what it says is appended here.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as said:
            self._child = subprocess.Popen(
                ["sh", "-c", 'read -r go && exec "$@" </dev/null', "sh", *command],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
        process = Process.of(self._child.pid)
        assert process is not None, "a child that nobody has waited for cannot be gone"
        self.process = process

    def open_gate(self) -> None:
        """Lets the command run."""
        assert self._child.stdin is not None
        with suppress(BrokenPipeError):  # somebody killed the shell
            self._child.stdin.write(b"go\n")
            self._child.stdin.close()

    def shut_gate(self) -> None:
        """The command never runs; the shell exits."""
        assert self._child.stdin is not None
        self._child.stdin.close()
        self._child.wait()

    def exit_code(self) -> int | None:
        """The exit code, or the negative number of the signal that ended it; None while it lives.

        Nothing that the command started outlives it.
        """
        if self._child.returncode is None:
            if self.process.alive():
                return None
            with suppress(ProcessLookupError, PermissionError):  # it was alone
                os.killpg(self.process.pid, signal.SIGKILL)  # until it is waited for, its id is nobody else's
        return self._child.wait()
