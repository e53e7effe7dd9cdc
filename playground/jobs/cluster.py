"""The Ray cluster that trainings are sent to, where one is chosen."""

from __future__ import annotations

import os
import re
import urllib.request
from dataclasses import dataclass
from importlib.util import find_spec

from playground.errors import PlaygroundError

ANSWER_SECONDS = 3.0


@dataclass(frozen=True)
class Cluster:
    """What the environment says of it.

    Attributes:
        address: of its job API, such as `http://127.0.0.1:8265`: `PLAYGROUND_CLUSTER`.
        num_jobs: that it is given at the same time: `PLAYGROUND_CLUSTER_JOBS`, else 1.
        num_gpus: that each process of a job asks it for: `PLAYGROUND_CLUSTER_GPUS`, else none.
    """

    address: str
    num_jobs: int
    num_gpus: int

    @classmethod
    def chosen(cls) -> Cluster | None:
        """The cluster that the environment names; None where it names none. Raises `PlaygroundError` for nonsense."""
        address = os.environ.get("PLAYGROUND_CLUSTER", "").strip().rstrip("/")
        if not address:
            return None
        if not re.fullmatch(r"https?://\S+", address):
            raise PlaygroundError(
                f"PLAYGROUND_CLUSTER is {address!r}: give the address of Ray's job API, such as http://127.0.0.1:8265."
            )
        return cls(address, _number("PLAYGROUND_CLUSTER_JOBS", 1), _number("PLAYGROUND_CLUSTER_GPUS", 0))

    def devices(self) -> tuple[str, ...]:
        """A name for each of the jobs that it may have at once; each has a worker here that looks after it."""
        return tuple(f"ray:{number}" for number in range(self.num_jobs))

    def problem(self) -> str:
        """Why nothing can be sent to it now, in a sentence; empty where all is well."""
        if find_spec("ray") is None:
            return "PLAYGROUND_CLUSTER is set, but Ray is not installed: pip install 'ray[default]', or unset it."
        try:
            with urllib.request.urlopen(f"{self.address}/api/version", timeout=ANSWER_SECONDS):
                return ""
        except (OSError, ValueError) as error:
            cause = getattr(error, "reason", error)
            reason = getattr(cause, "strerror", None) or cause
            return f"The Ray cluster at {self.address} does not answer ({reason}): queued runs wait until it does."


def _number(name: str, least: int) -> int:
    said = os.environ.get(name, "").strip() or str(least)
    if not said.isascii() or not said.isdigit() or int(said) < least:
        raise PlaygroundError(f"{name} is {said!r}: give a whole number, {least} or more.")
    return int(said)
