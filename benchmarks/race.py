"""Measures the pictures that trainings left on their way: distance against CPU-seconds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jaxtyping import Int64
from torch import Tensor

from benchmarks.tutorials.training import TUTORIALS, kept, read_progress
from playground import checkpoints
from playground.errors import PlaygroundError
from playground.metrics.judge import Reference
from playground.metrics.measure import draw
from playground.metrics.reconstructions import measure_reconstructions
from playground.metrics.reference import distance_to
from playground.metrics.samples import measure_samples

Found = dict[str, Any]


def measure_tutorial(name: str, run_dir: Path, labels: Int64[Tensor, " n"], held_out: Reference) -> Found:
    """The figures of a tutorial's run, as plain JSON values.

    `trajectory` has a row a kept epoch: epoch, images_seen, cpu_seconds and
    frechet_distance; `quality` has the figures of the last one. The VAE has
    `quality_mixture` too, and the figures of its reconstructions in `quality`.
    """
    rows = read_progress(run_dir)
    if not rows:
        raise PlaygroundError(f"There is no run of {name} in {run_dir}: train it with `quality train {name}` first.")
    for row in rows:
        row["frechet_distance"] = rounded(distance_to(held_out, kept(run_dir / f"epoch-{row['epoch']:02}.npz")))
    tutorial = TUTORIALS[name]
    last = kept(run_dir / f"epoch-{rows[-1]['epoch']:02}.npz")
    quality = measure_samples(last, labels if tutorial.conditional else None, held_out)
    found: Found = {"title": tutorial.title, "num_epochs": rows[-1]["epoch"], "trajectory": rows}
    if (run_dir / "reconstructions.npz").is_file():
        quality |= measure_reconstructions(kept(run_dir / "reconstructions.npz"), held_out)
        mixture = measure_samples(kept(run_dir / "mixture.npz"), None, held_out)
        found["quality_mixture"] = {key: rounded(value) for key, value in mixture.items()}
    return found | {"quality": {key: rounded(value) for key, value in quality.items()}}


def measure_run(name: str, run_dir: Path, labels: Int64[Tensor, " n"], held_out: Reference) -> Found:
    """The distance at each snapshot of the run that made the checkpoint `name`; a snapshot's card says what it cost."""
    snapshots = sorted((run_dir / "snapshots").glob("*/"))
    if not snapshots:
        raise PlaygroundError(f"{run_dir} has no snapshots: give the folder of a run that kept some.")
    rows = []
    for snapshot in snapshots:
        found = checkpoints.load(snapshot)
        row = {
            "images_seen": found.card.images_seen,
            "cpu_seconds": found.card.cpu_seconds,
            "frechet_distance": rounded(distance_to(held_out, draw(found.model, found.model.prior, labels))),
        }
        rows.append(row)
        print(name, row, flush=True)
    return {"title": f"`{name}`", "trajectory": rows}


def cpu_seconds_to(distance: float, trajectory: list[Found]) -> float | None:
    """CPU-seconds until a run was first measured at or below a distance; None where it never was."""
    return next((row["cpu_seconds"] for row in trajectory if row["frechet_distance"] <= distance), None)


def distance_after(images_seen: int, trajectory: list[Found]) -> float | None:
    """A run's distance when last measured with no more images seen; None before its first measurement."""
    behind = [row["frechet_distance"] for row in trajectory if row["images_seen"] <= images_seen]
    return behind[-1] if behind else None


def by_subject(results: Found) -> tuple[Found, Found]:
    """The results on digits, and those on faces: their distances are on different measures."""
    parts: tuple[Found, Found] = ({}, {})
    for kind in ("tutorials", "runs"):
        for is_of_faces, part in enumerate(parts):
            part[kind] = {
                name: row for name, row in results.get(kind, {}).items() if name.startswith("face") == is_of_faces
            }
    return parts


def race_table(results: Found) -> str:
    """Markdown: for each tutorial its final distance, and the CPU-seconds of it and of our runs to get there."""
    runs = results.get("runs", {}).values()
    rows = []
    for tutorial in results.get("tutorials", {}).values():
        last = tutorial["trajectory"][-1]
        row = [tutorial["title"], f"{last['frechet_distance']:.3g}", f"{last['cpu_seconds']:.0f}"]
        for run in runs:
            needed = cpu_seconds_to(last["frechet_distance"], run["trajectory"])
            row += ["not reached", "–"] if needed is None else [f"{needed:.0f}", f"{last['cpu_seconds'] / needed:.1f}"]
        rows.append(row)
    heading = ["Tutorial", "final distance", "its CPU-seconds"]
    for run in runs:
        heading += [f"{run['title']}: CPU-seconds to there", "times fewer"]
    return as_markdown(heading, rows)


def images_table(results: Found) -> str:
    """Markdown: each tutorial's distance on its way, and that of our runs after no more images."""
    runs = results.get("runs", {}).values()
    rows = []
    for tutorial in results.get("tutorials", {}).values():
        for there in tutorial["trajectory"]:
            theirs = there["frechet_distance"]
            row = [tutorial["title"], f"{there['images_seen']:,}", f"{theirs:.3g}"]
            for run in runs:
                ours = distance_after(there["images_seen"], run["trajectory"])
                row += ["–", "–"] if ours is None else [f"{ours:.3g}", f"{ours / theirs:.2f}"]
            rows.append(row)
    heading = ["Tutorial", "images", "its distance"]
    for run in runs:
        heading += [f"{run['title']}: distance", "share of it"]
    return as_markdown(heading, rows)


def as_markdown(heading: list[str], rows: list[list[str]]) -> str:
    """A table whose columns are figures but for the first."""
    lines = [heading, ["---", *["--:"] * (len(heading) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def rounded(value: float) -> float:
    """Six digits: more than any figure here deserves."""
    return float(f"{value:.6g}")
