"""A process that can be named again after any restart: by its id and by when it started.

The start is read from the system itself rather than through psutil, whose
`create_time` moves with the wall clock on Linux: a machine whose clock is set
right after a pause would be told that its living trainer is another process.
The id of this boot and the clock ticks since it began never move.
"""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

from pydantic import BaseModel, ConfigDict

PROC = Path("/proc")


class Process(BaseModel):
    """A process of this machine, living or gone.

    Attributes:
        pid: its id, which the system gives to another process one day.
        started: when it started, in the system's own words; with the id it names one process for ever.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Process | None:
        """The living process with this id; None where there is none."""
        started = start_of(pid)
        return None if started is None else cls(pid=pid, started=started)

    def alive(self) -> bool:
        """Whether this very process still runs; a zombie does not."""
        return start_of(self.pid) == self.started

    def signal_group(self, number: signal.Signals) -> None:
        """Sends a signal to the process and its descendants, if it is the leader of its group and lives."""
        if self.alive():
            try:
                os.killpg(self.pid, number)
            except ProcessLookupError:
                return  # it ended between the two lines


def start_of(pid: int) -> str | None:
    """When a living process started, in the system's own words; None where none lives."""
    if PROC.joinpath("self", "stat").is_file():
        return _start_on_linux(pid)
    said = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True).stdout
    state, _, started = said.strip().partition(" ")
    return None if not state or state.startswith("Z") else started.strip()


def _start_on_linux(pid: int) -> str | None:
    try:
        told = PROC.joinpath(str(pid), "stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The name in parentheses may hold anything; fields 3 (state) and 22 (start) are counted from behind it.
    fields = told.rpartition(")")[2].split()
    if fields[0] in "ZX":
        return None
    boot = PROC.joinpath("sys", "kernel", "random", "boot_id").read_text().strip()
    return f"{boot} {fields[19]}"
