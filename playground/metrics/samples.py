"""What a set of generated pictures is worth, beside real ones."""

from __future__ import annotations

from jaxtyping import Int64, UInt8
from torch import Tensor

from playground.metrics.judge import Reference
from playground.metrics.precision_recall import precision_recall


def measure_samples(
    images: UInt8[Tensor, "n channels height width"], asked: Int64[Tensor, " n"] | None, held_out: Reference
) -> dict[str, float]:
    """All figures of a set of pictures, by name.

    Measuring real training pictures and their labels with this gives the floor.

    Args:
        images: uint8 pictures that the judge of `held_out` can judge.
        asked: the class asked for in each; None leaves the figures of classes out.
        held_out: real pictures that nothing was trained on.
    """
    judge = held_out.judge
    images = judge.at_own_size(images)
    seen = judge(images)
    figures = {name: distance(seen.features, held_out.verdict.features) for name, distance in judge.distances.items()}
    figures["precision"], figures["recall"] = precision_recall(held_out.verdict.features, seen.features)
    return figures | judge.more_figures(images, seen, asked, held_out)
