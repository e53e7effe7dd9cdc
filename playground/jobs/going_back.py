"""The way back from a trouble: to which snapshot, and with what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from playground.jobs.metrics import Metrics
from playground.jobs.troubles import Kind, Trouble, measured

BARELY_MOVING = 1e-5  # a learning rate below which nothing much happens, rather than too much


@dataclass(frozen=True)
class WayBack:
    """A proposal.

    Attributes:
        at: the images seen at the snapshot to go on from; None is a new start, where no snapshot is from before.
        change: the `key=value` setting to change.
    """

    at: int | None
    change: str


def way_back(
    states: Iterable[int], metrics: Metrics, config: Mapping[str, Any], troubles: Sequence[Trouble]
) -> WayBack:
    """What to do about troubles.

    Args:
        states: the images seen at the snapshots that can be continued.
        metrics: of the run.
        config: of its training as plain values.
        troubles: at least one, the worst first.
    """
    return WayBack(
        best_before(states, metrics, min(trouble.since for trouble in troubles)), remedy(troubles[0], config)
    )


def best_before(states: Iterable[int], metrics: Metrics, since: int) -> int | None:
    """The best snapshot from before a trouble began.

    That is the one whose samples were least far from the training pictures, as
    measured nearest to it; the last one where that was never measured.
    """
    distances = list(measured(metrics, "samples/distance"))
    before = sorted(images_seen for images_seen in states if images_seen < since)
    if not before or not distances:
        return before[-1] if before else None
    return min(reversed(before), key=lambda images_seen: min(distances, key=lambda each: abs(each[0] - images_seen))[1])


def remedy(trouble: Trouble, config: Mapping[str, Any]) -> str:
    """The one setting that most often helps, as `key=value`; half the learning rate where nothing else is known."""
    objective = config.get("objective")
    objective = objective if isinstance(objective, dict) else {}
    penalty = objective.get("penalty")
    weight = penalty.get("weight") if isinstance(penalty, dict) else None
    beta = objective.get("beta")
    match trouble.kind:
        case Kind.TOO_STRONG | Kind.MODE_COLLAPSE if _is_number(weight):
            return f"objective.penalty.weight={2 * weight or 0.5:.3g}"
        case Kind.TOO_WEAK if _is_number(weight) and weight > 0:
            return f"objective.penalty.weight={weight / 4:.3g}"
        case Kind.POSTERIOR_COLLAPSE if _is_number(beta):
            return f"objective.beta={min(1.0, beta / 2):.3g}"
    optimizer = config.get("optimizer")
    rate = optimizer.get("learning_rate") if isinstance(optimizer, dict) else None
    rate = rate if _is_number(rate) and rate > 0 else 1e-3
    factor = 10 if trouble.kind is Kind.NOT_IMPROVING and rate < BARELY_MOVING else 0.5
    return f"optimizer.learning_rate={factor * rate:.3g}"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
