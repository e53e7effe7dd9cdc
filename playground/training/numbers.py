"""Stopping where a training has come to no numbers, before that is saved over what was good."""

from __future__ import annotations

import math
from collections.abc import Mapping

from playground.errors import PlaygroundError
from playground.training.run_folder import RunFolder
from playground.training.steps import Step


def refuse_losses(measured: Mapping[str, float], images_seen: int) -> None:
    """Raises `PlaygroundError` where a loss is infinite or no number."""
    for name, value in measured.items():
        phase, _, what = name.rpartition("/")
        if what == "loss" and not math.isfinite(value):
            raise _no_number(f"The loss of the {phase}", images_seen)


def refuse_weights(run: RunFolder, step: Step, images_seen: int) -> None:
    """Raises `PlaygroundError` where a weight is infinite or no number, which the next loss would show.

    A line of the measurements says so, too, for those who read the run later.
    """
    for phase in step.phases:
        if not all(bool(weight.isfinite().all()) for weight in phase.trains.parameters()):
            run.report({"images_seen": images_seen, f"{phase.name}/loss": math.nan})
            raise _no_number(f"A weight of the {phase.name}", images_seen)


def _no_number(what: str, images_seen: int) -> PlaygroundError:
    return PlaygroundError(
        f"{what} was no number any more after {images_seen:,} images, so the training stopped: what was saved before "
        "is whole; branch from it with a lower optimizer.learning_rate."
    )
