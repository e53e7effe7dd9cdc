"""Over how many processes and machines a training is spread."""

from __future__ import annotations

import sys

from pydantic import BaseModel, ConfigDict

from playground.errors import PlaygroundError

MAX_PROCESSES = 1024


class Processes(BaseModel):
    """The processes of one training; torchrun starts them and joins them.

    Attributes:
        num_processes: on each machine: one a GPU, or any number on the CPU.
        num_nodes: machines. On each but the queue's own somebody starts the same command.
        rendezvous: where they find each other, `host:port` of the first; empty on one machine.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    num_processes: int = 1
    num_nodes: int = 1
    rendezvous: str = ""

    @classmethod
    def checked(cls, num_processes: int = 1, num_nodes: int = 1, rendezvous: str = "") -> Processes:
        """The processes that were asked for. Raises `PlaygroundError` where they cannot be."""
        if not 1 <= num_processes <= MAX_PROCESSES or not 1 <= num_nodes <= MAX_PROCESSES:
            raise PlaygroundError(f"A training has 1 to {MAX_PROCESSES} processes on 1 to {MAX_PROCESSES} machines.")
        host, _, port = rendezvous.rpartition(":")
        if num_nodes > 1 and not (host and port.isascii() and port.isdigit()):
            raise PlaygroundError(
                "Several machines need a place to meet: the name and a free port of the first, such as node1:29400."
            )
        return cls(num_processes=num_processes, num_nodes=num_nodes, rendezvous=rendezvous if num_nodes > 1 else "")

    @property
    def alone(self) -> bool:
        """Whether there is but one process, which needs no torchrun."""
        return self.num_processes == self.num_nodes == 1

    def command(self, name: str, training: list[str], python: str = sys.executable) -> list[str]:
        """The command line of a training, in as many processes.

        Args:
            name: of the run, by which machines that meet know each other.
            training: the arguments of `python -m playground.training`.
            python: the interpreter.
        """
        if self.alone:
            return [python, "-m", "playground.training", *training]
        launcher = [python, "-m", "playground.training.torchrun", f"--nproc-per-node={self.num_processes}"]
        if self.num_nodes == 1:
            launcher += ["--standalone"]
        else:
            launcher += [f"--nnodes={self.num_nodes}", "--rdzv-backend=c10d"]
            launcher += [f"--rdzv-endpoint={self.rendezvous}", f"--rdzv-id={name}"]
        return [*launcher, "-m", "playground.training", *training]
