"""The folder of one run: config.json, metrics.jsonl, samples/, snapshots/ and state/."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.jobs.metrics import lines_until
from playground.jobs.run_files import RunFiles
from playground.training.config import TrainingConfig, validated
from playground.training.saving import replacing, saving


class RunFolder(RunFiles):
    """Writes the files of a run; every file is moved into place whole."""

    @classmethod
    def check_free(cls, path: Path) -> None:
        """Raises `PlaygroundError` where something stands in the way of a new run."""
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise PlaygroundError(
                f"{path} exists already and is not overwritten: name another --run-dir, or continue it with --resume."
            )

    @classmethod
    def create(cls, path: Path, config: TrainingConfig) -> RunFolder:
        """A new run's folder. Raises `PlaygroundError` where one exists or none can be made."""
        cls.check_free(path)
        run = cls(path)
        run._make_folders()
        try:
            write_whole(run.config, json.dumps(config.model_dump(mode="json"), indent=2).encode())
            run.metrics.touch()
        except OSError as error:
            raise PlaygroundError(
                f"The run folder {path} cannot be written ({error.strerror}): name another --run-dir."
            ) from None
        return run

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """An existing run's folder. Raises `PlaygroundError` where there is none to continue."""
        run = cls(path)
        if not run.config.is_file():
            raise PlaygroundError(f"There is no run in {path} to continue: leave --resume out to start one.")
        run._make_folders()
        return run

    def _make_folders(self) -> None:
        try:
            for folder in (self.samples, self.snapshots, self.state.parent):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PlaygroundError(
                f"The run folder {self.path} cannot be written ({error.strerror}): name another --run-dir."
            ) from None

    def read_config(self) -> TrainingConfig:
        """What the run was started with."""
        try:
            config = json.loads(self.config.read_text("utf-8"))
        except ValueError:  # no JSON, or no text at all
            config = None
        if not isinstance(config, dict):
            raise PlaygroundError(f"{self.config} is damaged: start a new run.")
        return validated(config)

    def report(self, measurements: Mapping[str, Any]) -> None:
        """Appends one line to metrics.jsonl; a line that is cut off is dropped when the run goes on."""
        with saving(self.metrics), self.metrics.open("a", encoding="utf-8") as file:
            file.write(json.dumps(measurements) + "\n")

    def forget_after(self, images_seen: int) -> None:
        """Drops the measurements after a position that the run goes back to, and what is no measurement."""
        kept = lines_until(self.metrics, images_seen)
        with replacing(self.metrics) as beside:
            beside.write_bytes(kept)

    def write_sample(self, images_seen: int, picture: UInt8[np.ndarray, "height width channels"]) -> None:
        """A sheet of samples as samples/000020480.png."""
        with replacing(self.samples / f"{images_seen:09d}.png") as beside:
            Image.fromarray(picture.squeeze(-1) if picture.shape[-1] == 1 else picture).save(beside, format="PNG")
