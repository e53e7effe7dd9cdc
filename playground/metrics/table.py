"""The README's tables: every measured checkpoint beside the classic tutorials, the floor on top."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from playground import checkpoints
from playground.metrics.choosing import judge_of_data
from playground.metrics.digit_judge import DIGITS
from playground.metrics.face_judge import FACES
from playground.metrics.judge import Judge

RESULTS = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "results" / "quality.json"
NONE = "–"
Figures = Mapping[str, float]


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, the figure under it, and how its number is written.

    `is_ratio` marks a distance that is shown as so many times the floor's Fréchet distance.
    """

    heading: str
    figure: str
    form: str
    is_ratio: bool = False


DISTANCE = (
    Column("Fréchet distance", "frechet_distance", ".3g"),
    Column("times the floor", "frechet_distance", ".1f", is_ratio=True),
)
MANIFOLD = (Column("precision", "precision", ".2f"), Column("recall", "recall", ".2f"))
CLASS = Column("class accuracy", "class_accuracy", ".1%")
SHARP = Column("high frequencies, ratio to real", "high_frequency_ratio", ".2f")
REBUILT = (
    Column("Fréchet distance of reconstructions", "reconstruction_distance", ".3g"),
    Column("times the floor", "reconstruction_distance", ".1f", is_ratio=True),
    Column("pixel error, grey levels", "reconstruction_error", ".1f"),
    Column("likelihood at least, nats", "evidence_bound_nats", ".0f"),
)
SAMPLE_COLUMNS: Mapping[Judge, tuple[Column, ...]] = {
    DIGITS: (
        *DISTANCE,
        *MANIFOLD,
        CLASS,
        Column("classifier trained on it", "classifier_score", ".1%"),
        Column("black pixels, ratio to real", "black_ratio", ".2f"),
        SHARP,
    ),
    FACES: (
        *DISTANCE,
        Column("kernel distance", "kernel_distance", ".3f"),
        *MANIFOLD,
        CLASS,
        Column("near copies", "near_copies", ".1%"),
        Column("copying score", "copying_score", ".1f"),
        SHARP,
    ),
}


def quality_table() -> str:
    """The tables in Markdown: for each judge one of samples and one of reconstructions.

    Made from the cards of all measured checkpoints and, for digits, from what
    `benchmarks/quality.py` kept of the tutorials and the floor. What nobody has
    measured yet has no table.
    """
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    tutorials = _tutorial_figures(results)
    tables = [*_tables(DIGITS, _checkpoint_figures(DIGITS) | tutorials[DIGITS], results.get("floor", {}))]
    for judge in SAMPLE_COLUMNS.keys() - {DIGITS}:
        tables += _tables(judge, _checkpoint_figures(judge) | tutorials[judge], {})
    return "\n\n".join(tables)


def _tables(judge: Judge, measured: Mapping[str, Figures], floor: Figures) -> Iterator[str]:
    """The table of samples, then that of reconstructions; none without rows.

    The floor is the one given, else that of the checkpoint in whose card most of it stands.
    """
    floor = floor or max((_floor_of(figures) for figures in measured.values()), key=len, default={})
    samples, reconstructions = [], []
    if floor:
        samples.append((f"*Real training {judge.subject}: the floor*", floor))
    for title, figures in measured.items():
        samples.append((f"{title}", figures))
        if plain := _from_normal(figures):
            samples.append((f"{title}, from N(0, I)", plain))
        if "reconstruction_distance" in figures:
            reconstructions.append((title, figures))
    for columns, rows in ((SAMPLE_COLUMNS[judge], samples), (REBUILT, reconstructions)):
        if rows:
            yield _markdown(columns, rows, floor)


def _checkpoint_figures(judge: Judge) -> dict[str, Figures]:
    described = [checkpoints.describe(name) for name in checkpoints.names()]
    return {
        f"`{found.name}`": found.card.quality
        for found in described
        if "frechet_distance" in found.card.quality and judge_of_data(found.card.data) is judge
    }


def _tutorial_figures(results: Mapping[str, Mapping]) -> dict[Judge, dict[str, Figures]]:
    found: dict[Judge, dict[str, Figures]] = {judge: {} for judge in SAMPLE_COLUMNS}
    for name, tutorial in results.get("tutorials", {}).items():
        rows = found[FACES if name.startswith("face-") else DIGITS]
        rows[tutorial["title"]] = tutorial["quality"]
        if "quality_mixture" in tutorial:
            rows[f"{tutorial['title']}, from a mixture"] = tutorial["quality_mixture"]
    return found


def _floor_of(figures: Figures) -> Figures:
    return {name.removesuffix("_floor"): value for name, value in figures.items() if name.endswith("_floor")}


def _from_normal(figures: Figures) -> Figures:
    return {name.removesuffix("_normal"): value for name, value in figures.items() if name.endswith("_normal")}


def _cell(column: Column, figures: Figures, floor: Figures) -> str:
    if column.figure not in figures or (column.is_ratio and "frechet_distance" not in floor):
        return NONE
    value = figures[column.figure] / (floor["frechet_distance"] if column.is_ratio else 1)
    return format(value, column.form).replace("%", " %")


def _markdown(columns: tuple[Column, ...], rows: Sequence[tuple[str, Figures]], floor: Figures) -> str:
    cells = [[title, *(_cell(column, figures, floor) for column in columns)] for title, figures in rows]
    lines = [["Model", *(column.heading for column in columns)], ["---"] + ["--:"] * len(columns), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
