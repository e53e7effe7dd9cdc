"""A new run folder that goes on from another run's saved state, with other settings."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.jobs.launch import ROOT
from playground.jobs.run_files import RunFiles


def copy_run(origin: Path, run_dir: Path, preset: str, changes: Sequence[str]) -> None:
    """Copies a run up to its newest saved state, with the config of these settings.

    Args:
        origin: the run folder to go on from.
        run_dir: the new run folder, which must not exist.
        preset, changes: what the new run is trained with.

    Raises `PlaygroundError` where there is no saved state, or a setting is wrong.
    """
    if not (origin / "state" / "resume.pt").is_file():
        raise PlaygroundError(f"{origin.name} has no saved state yet: wait for its first snapshot, or rerun it.")
    config = resolved(preset, changes)
    try:
        for folder in ("state", "samples", "snapshots"):
            (run_dir / folder).mkdir(parents=True)
        # The state first: what a running trainer measures meanwhile is of later steps, and the new one forgets it.
        shutil.copy2(origin / "state" / "resume.pt", run_dir / "state" / "resume.pt")
        shutil.copyfile(origin / "metrics.jsonl", run_dir / "metrics.jsonl")
        _copy_sheets(origin, run_dir, drawn_before=(run_dir / "state" / "resume.pt").stat().st_mtime)
        write_whole(run_dir / "config.json", config)
    except OSError as error:
        raise PlaygroundError(f"{origin.name} cannot be copied ({error.strerror}): {error.filename}.") from None


def _copy_sheets(origin: Path, run_dir: Path, drawn_before: float) -> None:
    """The sample sheets of the way to the saved state; those that came after it are of another way."""
    for sheet in RunFiles(origin).sheets_there().values():
        if sheet.stat().st_mtime <= drawn_before:
            shutil.copy2(sheet, run_dir / "samples" / sheet.name)


def resolved(preset: str, changes: Sequence[str]) -> bytes:
    """The whole config of a preset with changes, as JSON. Raises `PlaygroundError` as the training does."""
    command = [sys.executable, "-m", "playground.training", "--dry-run", "--preset", preset]
    for change in changes:
        command += ["--set", change]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if asked.returncode != 0:
        raise PlaygroundError(asked.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return asked.stdout
