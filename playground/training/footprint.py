"""What a training holds of the machine that it runs on."""

from __future__ import annotations

import os
import platform
from contextlib import suppress
from pathlib import Path

import psutil
import torch

from playground.training.rank import LAUNCHER

MEGABYTE = 1_000_000


class Footprint:
    """The memory of a training and the name of its device.

    Args:
        device: of the first process, which measures.
    """

    def __init__(self, device: torch.device) -> None:
        self.device = device

    def megabytes(self) -> dict[str, int]:
        """The memory now.

        `memory_megabytes` is the resident memory of all its processes on this
        machine, in which pages that several share count for each of them.
        `gpu_memory_megabytes`, on a GPU alone, is the most that the first process
        has ever reserved there, which is what no one else can have.
        """
        held = {"memory_megabytes": resident_bytes(_root()) // MEGABYTE}
        if self.device.type == "cuda":
            held["gpu_memory_megabytes"] = torch.cuda.max_memory_reserved(self.device) // MEGABYTE
        return held

    def device_name(self) -> str:
        """What it runs on, as its maker calls it."""
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else processor_name()


def _root() -> int:
    """The launcher of several processes, else this one."""
    return int(os.environ.get(LAUNCHER, os.getpid()))


def resident_bytes(pid: int) -> int:
    """The resident memory of a process and all its descendants; 0 where there is none."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):  # it ended between the two looks
                total += process.memory_info().rss
    return total


def processor_name() -> str:
    """The processor, in its maker's words where the system tells them."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        named = [line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line]
        if named:
            return named[0]
    return platform.machine()
