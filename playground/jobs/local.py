"""This machine as a place where trainings run."""

from __future__ import annotations

import os
import signal
from collections.abc import Sequence
from pathlib import Path

from playground.jobs import devices as device_names
from playground.jobs.job import Job
from playground.jobs.launch import GatedProcess
from playground.jobs.place import RUNS, Standing
from playground.jobs.process import Process
from playground.jobs.trainer import own_environment

POLITELY = ("nice", "-n", "10")  # on a small machine the app shares the processor with it


class ThisMachine:
    """Starts trainings as processes of this machine.

    Args:
        device: the worker's.
    """

    def __init__(self, device: str) -> None:
        self.device = device

    def ready(self) -> bool:
        """Not on a device that is no longer there."""
        return self.device in device_names.devices()

    def prepare(self, job: Job, devices: Sequence[str], command: Sequence[str], log: Path) -> StartedTrainer:
        """A process that waits at its gate."""
        environment = {**os.environ, **device_names.environment(devices), **own_environment(job)}
        return StartedTrainer(GatedProcess([*POLITELY, *command], environment, log))


class FoundTrainer:
    """A training that a former worker of this machine has started."""

    poll_seconds = 0.1

    def __init__(self, process: Process) -> None:
        self.process = process

    def look(self) -> Standing:
        """Only a parent would learn the exit code."""
        return RUNS if self.process.alive() else Standing(ended=True)

    def stop(self) -> bool:
        self.process.signal_group(signal.SIGTERM)
        return True

    def kill(self) -> None:
        self.process.signal_group(signal.SIGKILL)


class StartedTrainer(FoundTrainer):
    """A training that this worker itself starts."""

    def __init__(self, gated: GatedProcess) -> None:
        super().__init__(gated.process)
        self._gated = gated

    def begin(self) -> None:
        self._gated.open_gate()

    def withdraw(self) -> None:
        self._gated.shut_gate()

    def look(self) -> Standing:
        code = self._gated.exit_code()
        return RUNS if code is None else Standing(ended=True, exit_code=code)
