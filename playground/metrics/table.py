"""The README's tables: every measured checkpoint beside the classic tutorials, the floor on top."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from playground import checkpoints

RESULTS = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "results" / "quality.json"
NONE = "–"
Figures = Mapping[str, float]

SAMPLE_HEADINGS = (
    "Model",
    "Fréchet distance",
    "times the floor",
    "precision",
    "recall",
    "class accuracy",
    "classifier trained on it",
    "black pixels, ratio to real",
    "high frequencies, ratio to real",
)
RECONSTRUCTION_HEADINGS = (
    "Model",
    "Fréchet distance of reconstructions",
    "times the floor",
    "pixel error, grey levels",
    "likelihood at least, nats",
)


def quality_table() -> str:
    """Two Markdown tables, of samples and of reconstructions.

    Made from the cards of all measured checkpoints and from what
    `benchmarks/quality.py` kept of the tutorials and the floor.
    """
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    floor = results.get("floor", {})
    measured = _checkpoint_figures() | _tutorial_figures(results)
    samples, reconstructions = [], []
    if floor:
        samples.append(_sample_row("*Real training digits: the floor*", floor, floor))
    for title, figures in measured.items():
        own_floor = floor or _floor_of(figures)
        samples.append(_sample_row(title, figures, own_floor))
        if plain := _from_normal(figures):
            samples.append(_sample_row(f"{title}, from N(0, I)", plain, own_floor))
        if "reconstruction_distance" in figures:
            reconstructions.append(_reconstruction_row(title, figures, own_floor))
    return _markdown(SAMPLE_HEADINGS, samples) + "\n\n" + _markdown(RECONSTRUCTION_HEADINGS, reconstructions)


def _checkpoint_figures() -> dict[str, Figures]:
    described = [checkpoints.describe(name) for name in checkpoints.names()]
    return {f"`{found.name}`": found.card.quality for found in described if "frechet_distance" in found.card.quality}


def _tutorial_figures(results: Mapping[str, Mapping]) -> dict[str, Figures]:
    found: dict[str, Figures] = {}
    for tutorial in results.get("tutorials", {}).values():
        found[tutorial["title"]] = tutorial["quality"]
        if "quality_mixture" in tutorial:
            found[f"{tutorial['title']}, from a mixture"] = tutorial["quality_mixture"]
    return found


def _floor_of(figures: Figures) -> Figures:
    return {name.removesuffix("_floor"): value for name, value in figures.items() if name.endswith("_floor")}


def _from_normal(figures: Figures) -> Figures:
    return {name.removesuffix("_normal"): value for name, value in figures.items() if name.endswith("_normal")}


def _sample_row(title: str, figures: Figures, floor: Figures) -> list[str]:
    return [
        title,
        _number(figures, "frechet_distance", ".3g"),
        _times(figures, "frechet_distance", floor),
        _number(figures, "precision", ".2f"),
        _number(figures, "recall", ".2f"),
        _number(figures, "class_accuracy", ".1%"),
        _number(figures, "classifier_score", ".1%"),
        _number(figures, "black_ratio", ".2f"),
        _number(figures, "high_frequency_ratio", ".2f"),
    ]


def _reconstruction_row(title: str, figures: Figures, floor: Figures) -> list[str]:
    return [
        title,
        _number(figures, "reconstruction_distance", ".3g"),
        _times(figures, "reconstruction_distance", floor),
        _number(figures, "reconstruction_error", ".1f"),
        _number(figures, "evidence_bound_nats", ".0f"),
    ]


def _number(figures: Figures, name: str, form: str) -> str:
    return format(figures[name], form).replace("%", " %") if name in figures else NONE


def _times(figures: Figures, name: str, floor: Figures) -> str:
    return f"{figures[name] / floor['frechet_distance']:.1f}" if "frechet_distance" in floor else NONE


def _markdown(headings: tuple[str, ...], rows: list[list[str]]) -> str:
    lines = [headings, ["---"] + ["--:"] * (len(headings) - 1), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
