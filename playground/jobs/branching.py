"""A new run folder that goes on from another run's saved state, with other settings."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.jobs.launch import ROOT
from playground.jobs.metrics import lines_until
from playground.jobs.run_files import RunFiles

FIXED = ("family", "model", "objective.kind", "objective.adversary_channels")  # what the saved weights are of


def copy_run(origin: Path, run_dir: Path, preset: str, changes: Sequence[str], at: int | None) -> None:
    """Copies a run up to a saved state, with the config of these settings.

    Args:
        origin: the run folder to go on from.
        run_dir: the new run folder, which must not exist.
        preset, changes: what the new run is trained with.
        at: the images seen at the snapshot to go on from; None for the newest state.

    Raises `PlaygroundError` where there is no such state, or a setting is wrong or cannot change on the way.
    """
    state = _state_at(origin, at)
    config = resolved(preset, changes)
    refuse_changes(_config_of(origin), json.loads(config), at)
    try:
        for folder in ("state", "samples", "snapshots"):
            (run_dir / folder).mkdir(parents=True)
        # The state first: what a running trainer measures meanwhile is of later steps, and the new one forgets it.
        shutil.copy2(state, run_dir / "state" / "resume.pt")
        past = lines_until(origin / "metrics.jsonl", sys.maxsize if at is None else at)
        (run_dir / "metrics.jsonl").write_bytes(past)
        _copy_sheets(origin, run_dir, at, drawn_before=(run_dir / "state" / "resume.pt").stat().st_mtime)
        write_whole(run_dir / "config.json", config)
    except OSError as error:
        raise PlaygroundError(f"{origin.name} cannot be copied ({error.strerror}): {error.filename}.") from None


def refuse_changes(before: Mapping[str, Any], after: Mapping[str, Any], at: int | None) -> None:
    """Raises `PlaygroundError` where a run cannot go on with other settings.

    Learning rate, penalty, length, data and all else may change; the networks may not, whose weights go on.

    Args:
        before, after: the config of the run, and of its branch.
        at: the images seen where the branch begins; None where that is not known.
    """
    for path in FIXED:
        there, wanted = _at(before, path), _at(after, path)
        if there != wanted:
            key = path
            if isinstance(there, dict) and isinstance(wanted, dict):
                key = next(name for name in {**there, **wanted} if there.get(name) != wanted.get(name))
                key, there, wanted = f"{path}.{key}", there.get(key), wanted.get(key)
            raise PlaygroundError(
                f"A branch goes on with the weights of its run, so {key} stays {_said(there)} and cannot be "
                f"{_said(wanted)}: leave it, or start a new run."
            )
    if bool(_at(before, "objective.adversary_weight")) != bool(_at(after, "objective.adversary_weight")):
        raise PlaygroundError(
            "A branch goes on with the networks of its run, so objective.adversary_weight cannot become 0, "
            "or anything else where it was: start a new run."
        )
    if at is not None and after["total_images"] <= at:
        raise PlaygroundError(
            f"A branch from {at:,} images is over at once with total_images={after['total_images']}: set it higher."
        )


def _state_at(origin: Path, at: int | None) -> Path:
    files = RunFiles(origin)
    if at is None:
        if not files.state.is_file():
            raise PlaygroundError(f"{origin.name} has no saved state yet: wait for its first snapshot, or rerun it.")
        return files.state
    states = files.states_there()
    if at not in states:
        known = ", ".join(f"{images_seen:,}" for images_seen in states) or "none"
        raise PlaygroundError(f"{origin.name} has no snapshot at {at:,} images to go on from: there are {known}.")
    return states[at]


def _config_of(origin: Path) -> dict[str, Any]:
    file = RunFiles(origin).config
    try:
        config = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        config = None
    if not isinstance(config, dict):
        raise PlaygroundError(f"{file} cannot be read, so nothing can go on from there: rerun it.")
    return config


def _copy_sheets(origin: Path, run_dir: Path, at: int | None, drawn_before: float) -> None:
    """The sample sheets of the way to the saved state; those that came after it are of another way."""
    for images_seen, sheet in RunFiles(origin).sheets_there().items():
        if sheet.stat().st_mtime <= drawn_before and (at is None or images_seen <= at):
            shutil.copy2(sheet, run_dir / "samples" / sheet.name)


def _at(config: Mapping[str, Any], path: str) -> Any:
    for part in path.split("."):
        config = config.get(part) if isinstance(config, dict) else None
    return config


def _said(value: Any) -> str:
    return "as it is" if value is None else str(value)


def resolved(preset: str, changes: Sequence[str]) -> bytes:
    """The whole config of a preset with changes, as JSON. Raises `PlaygroundError` as the training does."""
    command = [sys.executable, "-m", "playground.training", "--dry-run", "--preset", preset]
    for change in changes:
        command += ["--set", change]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if asked.returncode != 0:
        raise PlaygroundError(asked.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return asked.stdout
