"""What trainings can run on at the same time, without asking torch."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess


@functools.cache
def devices() -> tuple[str, ...]:
    """`cuda:0`, `cuda:1` and so on where there are such devices, else `cpu`: a worker each.

    `CUDA_VISIBLE_DEVICES` narrows them as everywhere; an empty one leaves `cpu`.
    """
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    indices = _asked_of_driver() if visible is None else visible.split(",")
    return tuple(f"cuda:{index.strip()}" for index in indices if index.strip() not in ("", "-1")) or ("cpu",)


def environment(device: str) -> dict[str, str]:
    """What a process's environment gets so that it sees this device alone."""
    if device == "cpu":
        return {}
    return {"CUDA_VISIBLE_DEVICES": device.removeprefix("cuda:"), "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}


def _asked_of_driver() -> list[str]:
    """The indices that NVIDIA's own tool lists; none where it is missing or finds nothing."""
    if shutil.which("nvidia-smi") is None:
        return []
    asked = subprocess.run(["nvidia-smi", "--query-gpu=index", "--format=csv,noheader"], capture_output=True, text=True)
    return asked.stdout.split() if asked.returncode == 0 else []
