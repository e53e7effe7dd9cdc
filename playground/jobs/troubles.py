"""What goes wrong in a training, in plain words with the evidence.

Each detector reads the measurements of a run as they stand and looks at its
last stretch: what has passed is no trouble any more. Their limits are such that
healthy runs of all presets raise none, from their first line to their last.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, takewhile
from typing import Any

from playground.jobs.metrics import STEP, Metrics
from playground.jobs.trend import falls

NUM_LINES = 10  # whose mean counts as one look at a discriminator
STRETCH = 0.1  # of the whole run, during which it must have been too strong or too weak
TOO_STRONG, TOO_WEAK = 0.98, 0.52
LOW_DIVERSITY, LOST_DIVERSITY = 0.5, 0.6
LATE = 0.25  # of the whole run, from which on samples should differ as pictures do
ACTIVE_SHARE = 0.5
NUM_SHEETS = 2  # in a row that must show it
NUM_POINTS = 8  # below which nothing can be said of a trend
MAX_POINTS = 40
NEAR = 0.05  # at this distance from the training pictures there is little left to improve
BETTER = 0.8  # of the first value
Point = tuple[float, float]  # the images seen, and the value there


class Kind(StrEnum):
    """What can go wrong."""

    NO_NUMBER = "loss is no number"
    TOO_STRONG = "discriminator too strong"
    TOO_WEAK = "discriminator too weak"
    MODE_COLLAPSE = "samples too much alike"
    POSTERIOR_COLLAPSE = "code carries nothing"
    NOT_IMPROVING = "nothing improves"


@dataclass(frozen=True)
class Trouble:
    """Something that goes wrong.

    Attributes:
        kind: what.
        sentence: the evidence, a number with what it should be.
        since: the images seen when it began, as far as can be told.
    """

    kind: Kind
    sentence: str
    since: int


def find_troubles(metrics: Metrics, config: Mapping[str, Any]) -> list[Trouble]:
    """What goes wrong in a run, the worst first; nothing where nothing is known.

    Args:
        metrics: of the run.
        config: of the training as plain values, which may be damaged or empty.
    """
    if not len(metrics):
        return []
    total = config.get("total_images")
    total = total if isinstance(total, int) and total > 0 else int(metrics.columns[STEP][-1])
    detectors = (
        _no_number(metrics),
        _one_sided_game(metrics, total),
        _mode_collapse(metrics, total),
        _posterior_collapse(metrics),
        _not_improving(metrics, total),
    )
    return [trouble for detector in detectors for trouble in detector]


def _no_number(metrics: Metrics) -> Iterator[Trouble]:
    for name, since in metrics.not_finite.items():
        phase, _, what = name.rpartition("/")
        if what == "loss":
            sentence = f"The loss of the {phase} is no number since {since:,.0f} images (healthy: any number)."
            yield Trouble(Kind.NO_NUMBER, sentence, int(since))
            return


def _one_sided_game(metrics: Metrics, total: int) -> Iterator[Trouble]:
    """A discriminator that is nearly always right teaches nothing, and one that guesses neither.

    The adversary of an autoencoder may guess: it has done its work then.
    """
    steps = metrics.columns[STEP]
    for judge, kind in (
        ("discriminator", Kind.TOO_STRONG),
        ("discriminator", Kind.TOO_WEAK),
        ("adversary", Kind.TOO_STRONG),
    ):
        since, mean = _one_sided_since(steps, metrics.columns.get(f"{judge}/accuracy", []), kind)
        if steps[-1] - since >= STRETCH * total:
            sentence = (
                f"The {judge} is right in {mean:.1%} of cases since {since:,.0f} images "
                f"(healthy: {TOO_WEAK:.0%} to {TOO_STRONG:.0%})."
            )
            yield Trouble(kind, sentence, int(since))


def _one_sided_since(steps: list[float], accuracies: list[float], kind: Kind) -> tuple[float, float]:
    """From where on each look at the accuracy was beyond its limit, and the mean since then."""
    start, total = len(accuracies), 0.0
    while start >= NUM_LINES:
        seen = sum(accuracies[start - NUM_LINES : start])
        mean = seen / NUM_LINES
        if not (mean > TOO_STRONG if kind is Kind.TOO_STRONG else mean < TOO_WEAK):
            break
        start, total = start - NUM_LINES, total + seen
    num_lines = len(accuracies) - start
    return (steps[start], total / num_lines) if num_lines else (math.inf, math.nan)


def _mode_collapse(metrics: Metrics, total: int) -> Iterator[Trouble]:
    """Of samples that differ too little, or less and less: an adversarial generator's own failure."""
    if "generator/loss" not in metrics.columns:
        return
    highest = max((value for _, value in measured(metrics, "samples/diversity")), default=0.0)
    lost = LOST_DIVERSITY * highest if highest > LOW_DIVERSITY else 0.0

    def wrong(place: float, value: float) -> bool:
        return value < lost or (value < LOW_DIVERSITY and place >= LATE * total)

    for since, now in _wrong_since(metrics, "samples/diversity", wrong):
        sentence = (
            f"Samples differ from each other {now:.2f} times as much as training pictures do, too little since "
            f"{since:,} images (healthy: at least {max(lost, LOW_DIVERSITY):.2f} times)."
        )
        yield Trouble(Kind.MODE_COLLAPSE, sentence, since)


def _posterior_collapse(metrics: Metrics) -> Iterator[Trouble]:
    for since, now in _wrong_since(metrics, "samples/active_share", lambda _, value: value < ACTIVE_SHARE):
        sentence = (
            f"{now:.0%} of the numbers in a code say anything about the picture, too few since {since:,} images "
            f"(healthy: at least {ACTIVE_SHARE:.0%})."
        )
        yield Trouble(Kind.POSTERIOR_COLLAPSE, sentence, since)


def _not_improving(metrics: Metrics, total: int) -> Iterator[Trouble]:
    """Of figures that are all where they began, and show no fall in the last quarter of the run's whole length."""
    figures = {
        "samples/distance": ("the distance of samples from the training pictures", NEAR),
        "autoencoder/loss": ("the loss", -math.inf),
    }
    stuck = []
    for name, (words, near) in figures.items():
        newest = list(islice(newest_first(metrics, name), NUM_POINTS))
        if len(newest) < NUM_POINTS:
            continue
        _, first = next(measured(metrics, name))
        now = sum(value for _, value in newest[:3]) / 3
        if now < max(near, BETTER * first):
            return
        window = newest[0][0] - LATE * total
        recent = list(takewhile(lambda point, start=window: point[0] > start, newest_first(metrics, name)))
        recent = recent if len(recent) >= NUM_POINTS else newest
        if falls(_thinned([value for _, value in reversed(recent)])):
            return
        stuck.append((int(recent[-1][0]), f"{words} is {now:.4g}, and was {first:.4g} at the start"))
    if stuck:
        since, evidence = stuck[0]
        sentence = f"Nothing has improved since {since:,} images: {evidence} (healthy: falling)."
        yield Trouble(Kind.NOT_IMPROVING, sentence, since)


def measured(metrics: Metrics, name: str) -> Iterator[Point]:
    """Where something was measured, and what it was."""
    steps, values = metrics.columns[STEP], metrics.columns.get(name, ())
    return ((steps[line], value) for line, value in enumerate(values) if -math.inf < value < math.inf)


def newest_first(metrics: Metrics, name: str) -> Iterator[Point]:
    """As `measured`, from the end, where nearly all of a long run's lines need no look."""
    steps, values = reversed(metrics.columns[STEP]), reversed(metrics.columns.get(name, ()))
    return (point for point in zip(steps, values, strict=False) if -math.inf < point[1] < math.inf)


def _wrong_since(metrics: Metrics, name: str, wrong: Callable[[float, float], bool]) -> Iterator[tuple[int, float]]:
    """Where the wrong ones at the end began, and the newest of them; nothing where they are too few."""
    found = list(takewhile(lambda point: wrong(*point), newest_first(metrics, name)))
    if len(found) >= NUM_SHEETS:
        yield int(found[-1][0]), found[0][1]


def _thinned(values: list[float]) -> list[float]:
    """At most `MAX_POINTS`, the means of stretches of equal length."""
    width = -(-len(values) // MAX_POINTS)
    stretches = [values[start : start + width] for start in range(0, len(values), width)]
    return [sum(stretch) / len(stretch) for stretch in stretches]
