"""A short command whose answer a page waits for without standing still."""

from __future__ import annotations

import fcntl
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from playground.jobs.launch import ROOT
from playground.jobs.log import last_lines

FOLDER = ".errands"  # in the runs folder; no run has a name with a dot in front
TRIES, TRY_SECONDS = 10, 0.01  # somebody who only looks holds the lock for microseconds
# The answer appears whole, under its name, and only when the command succeeded.
SCRIPT = '(nice -n 10 "$@" >"$0.partial" && mv "$0.partial" "$0") &'


class Errand:
    """Runs a command in the background, once however often it is asked for, and keeps what it printed.

    The command outlives the page, the session and the server that asked. It
    inherits a lock, which the system frees when it ends, however it ends: so
    anybody can tell whether it runs.

    Args:
        runs: the runs folder.
        name: of the errand, fit to be a file's name; the same errand has the same name.
        command: what to run, from the repository's root.
    """

    def __init__(self, runs: Path, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = tuple(command)
        self._folder = runs / FOLDER
        self._answer = self._folder / f"{name}.answer"
        self._log = self._folder / f"{name}.log"
        self._lock = self._folder / f"{name}.lock"

    def start(self) -> None:
        """Starts it, unless it runs already; a former answer is forgotten."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock.open("w") as lock:
            if not _taken(lock):
                return
            self._answer.unlink(missing_ok=True)
            with self._log.open("wb") as said:
                subprocess.run(
                    ["sh", "-c", SCRIPT, str(self._answer), *self.command],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=said,
                    stderr=said,
                    start_new_session=True,
                    pass_fds=[lock.fileno()],
                    check=True,
                )

    def running(self) -> bool:
        """Whether it is under way."""
        try:
            with self._lock.open() as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def answer(self) -> str | None:
        """What it printed; None before it has succeeded."""
        try:
            return self._answer.read_text("utf-8")
        except FileNotFoundError:
            return None

    def problem(self) -> str:
        """The last line that it said, where it has ended without an answer; else empty."""
        if self.running() or self._answer.exists() or not self._log.exists():
            return ""
        said = [line.strip() for line in last_lines(self._log, 20) if line.strip()]
        return said[-1] if said else "It was ended from outside: ask again."


def _taken(lock: IO[str]) -> bool:
    """Takes the lock. False where the command has it."""
    for _ in range(TRIES):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(TRY_SECONDS)
    return False
