"""Where things lie in a run folder, for the training that writes it and for those who read it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

STATE = "state.pt"  # in a snapshot's folder: all that continuing from it needs
ROOT = Path(__file__).resolve().parents[2]
KEPT, OPENED = "checkpoints", ".opened"  # folders of checkpoints beside the runs
RESERVED = {KEPT, "logs"}  # what no run can be named


def runs_folder() -> Path:
    """Where runs are kept: `PLAYGROUND_RUNS`, or `runs` in the repository."""
    own = os.environ.get("PLAYGROUND_RUNS")
    return Path(own).expanduser().absolute() if own else ROOT / "runs"


def opened_from(runs: Path, run: str) -> list[Path]:
    """The checkpoint folders of a run's snapshots that pages have opened."""
    return sorted((runs / OPENED).glob(f"{run}@*"))


class RunFiles:
    """The names of a run's files, as the training writes them.

    Args:
        path: the run folder, which need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.config = path / "config.json"
        self.metrics = path / "metrics.jsonl"
        self.samples = path / "samples"
        self.snapshots = path / "snapshots"
        self.state = path / "state" / "resume.pt"
        self.checkpoints = path / "checkpoint"

    def sheets_there(self) -> dict[int, Path]:
        """The sample sheets by the images seen when they were drawn, the oldest first."""
        return _by_number(self.samples.glob("*.png"))

    def snapshots_there(self) -> dict[int, Path]:
        """The snapshots, each a checkpoint folder, by the images seen, the oldest first."""
        return _by_number(file.parent for file in self.snapshots.glob("*/model.safetensors"))

    def states_there(self) -> dict[int, Path]:
        """The states of the snapshots that can be continued, by the images seen, the oldest first."""
        states = {images_seen: folder / STATE for images_seen, folder in self.snapshots_there().items()}
        return {images_seen: state for images_seen, state in states.items() if state.is_file()}

    def checkpoint_there(self) -> Path | None:
        """The checkpoint folder of a finished run; its card is written last."""
        return next((file.parent for file in self.checkpoints.glob("*/card.md")), None)


def _by_number(paths: Iterable[Path]) -> dict[int, Path]:
    """Those whose names are numbers; anything else was put there by hand."""
    return {int(path.stem): path for path in sorted(paths) if path.stem.isascii() and path.stem.isdigit()}
