"""What trainings can run on at the same time, without asking torch."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
from collections.abc import Sequence

from playground.jobs.cluster import Cluster


@functools.cache
def devices() -> tuple[str, ...]:
    """`cuda:0`, `cuda:1` and so on where there are such devices, else `cpu`: a worker each.

    `CUDA_VISIBLE_DEVICES` narrows them as everywhere; an empty one leaves `cpu`.
    Where a Ray cluster is chosen, its places for jobs take the place of them all.
    """
    cluster = Cluster.chosen()
    if cluster is not None:
        return cluster.devices()
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    indices = _asked_of_driver() if visible is None else visible.split(",")
    return tuple(f"cuda:{index.strip()}" for index in indices if index.strip() not in ("", "-1")) or ("cpu",)


def environment(devices: Sequence[str]) -> dict[str, str]:
    """What a process's environment gets so that it sees these devices alone."""
    if devices[0] == "cpu":
        return {}
    indices = ",".join(device.removeprefix("cuda:") for device in devices)
    return {"CUDA_VISIBLE_DEVICES": indices, "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}


def num_needed(device: str, num_processes: int) -> int:
    """How many devices such as this one so many processes take: a GPU each; any other is shared by all."""
    return num_processes if device.startswith("cuda:") else 1


def _asked_of_driver() -> list[str]:
    """The indices that NVIDIA's own tool lists; none where it is missing or finds nothing."""
    if shutil.which("nvidia-smi") is None:
        return []
    asked = subprocess.run(["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"], capture_output=True, text=True)
    return asked.stdout.split() if asked.returncode == 0 else []
