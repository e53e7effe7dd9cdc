"""What a run folder says of its run, read without torch and again and again at little cost."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.jobs.going_back import WayBack, way_back
from playground.jobs.metrics import STEP, Metrics
from playground.jobs.run_files import RunFiles
from playground.jobs.troubles import Trouble, find_troubles

NUM_RECENT = 10  # lines over which the speed is averaged


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        images_seen: at the last report.
        total_images: of the whole run; None where the config does not say.
        images_per_second: the median of the last reports; None before the first.
        seconds_left: at that speed; None where something of it is unknown.
        memory_megabytes: of all its processes at the last report; None where it did not say.
        gpu_memory_megabytes: that it has reserved there at most; None on the CPU.
        device: what it runs on, as its maker calls it; empty where it did not say.
    """

    images_seen: int
    total_images: int | None
    images_per_second: float | None
    seconds_left: float | None
    memory_megabytes: float | None = None
    gpu_memory_megabytes: float | None = None
    device: str = ""


class Run:
    """A run folder, read only. Keep the object: `update` reads what is new since the last time.

    Nothing here raises for a damaged folder or one edited by hand: what cannot be
    read is left out, and `problems` says so, a sentence each.

    Attributes:
        config: the training's config as plain values; empty where there is none.
        metrics: the measurements; `metrics.columns["gan/loss"]` runs along `metrics.columns["images_seen"]`.
        sheets: the sample sheets (PNG files) by images seen, the oldest first.
        snapshots: checkpoint folders by images seen, the oldest first.
        checkpoint: the folder of the finished run's checkpoint; None before.
        problems: sentences about what is damaged.

    Args:
        path: the run folder; one that is not there is a run that has not begun.
    """

    def __init__(self, path: Path) -> None:
        self.files = RunFiles(path)
        self.metrics = Metrics(self.files.metrics)
        self.config: dict[str, Any] = {}
        self.sheets: dict[int, Path] = {}
        self.snapshots: dict[int, Path] = {}
        self.checkpoint: Path | None = None
        self.problems: list[str] = []
        self.update()

    def update(self) -> bool:
        """Reads what is new. Whether anything changed."""
        before = (self.config, list(self.sheets), list(self.snapshots), self.checkpoint, self.problems)
        self.problems = []
        self.config = self._read_config()
        measured = self._read_metrics()
        self.sheets = self.files.sheets_there()
        self.snapshots = self.files.snapshots_there()
        self.checkpoint = self.files.checkpoint_there()
        after = (self.config, list(self.sheets), list(self.snapshots), self.checkpoint, self.problems)
        return measured or before != after

    def progress(self) -> Progress:
        """How far the run is, and how long it still takes."""
        seen = int(self.metrics.columns[STEP][-1]) if len(self.metrics) else 0
        total = self.config.get("total_images")
        speeds = [speed for speed in self.metrics.columns.get("images_per_second", [])[-NUM_RECENT:] if speed > 0]
        speed = statistics.median(speeds) if speeds else None
        left = max(0, total - seen) / speed if total is not None and speed and math.isfinite(speed) else None
        memory, gpu_memory = (self._last(name) for name in ("memory_megabytes", "gpu_memory_megabytes"))
        return Progress(seen, total, speed, left, memory, gpu_memory, self.metrics.device)

    def _last(self, name: str) -> float | None:
        """A measurement of the last line; None where it lacks it."""
        value = self.metrics.columns.get(name, [math.nan])[-1]
        return value if math.isfinite(value) else None

    def troubles(self) -> list[Trouble]:
        """What goes wrong in it, the worst first."""
        return find_troubles(self.metrics, self.config)

    def way_back(self, troubles: Sequence[Trouble]) -> WayBack:
        """What to do about its troubles, of which there is at least one."""
        return way_back(self.files.states_there(), self.metrics, self.config, troubles)

    def _read_config(self) -> dict[str, Any]:
        file = self.files.config
        try:
            config = json.loads(file.read_text("utf-8"))
        except FileNotFoundError:
            if self.files.metrics.exists():
                self.problems.append(f"{file} is missing: the run cannot go on, but can be rerun.")
            return {}
        except (OSError, ValueError) as error:
            self.problems.append(f"{file} cannot be read ({error}): the run cannot go on, but can be rerun.")
            return {}
        total = config.get("total_images") if isinstance(config, dict) else None
        if not isinstance(total, int) or isinstance(total, bool) or total < 1:
            self.problems.append(f"{file} is no training config: the run cannot go on, but can be rerun.")
            return {}
        return config

    def _read_metrics(self) -> bool:
        try:
            changed = self.metrics.read_new()
        except OSError as error:
            self.problems.append(f"{self.files.metrics} cannot be read ({error.strerror}): there are no curves.")
            return False
        if self.metrics.num_damaged:
            number = self.metrics.num_damaged
            lines = "1 line is" if number == 1 else f"{number:,} lines are"
            self.problems.append(f"In {self.files.metrics} {lines} unreadable and left out of the curves.")
        return changed
