"""What a set of generated digits is worth, beside real ones."""

from __future__ import annotations

from jaxtyping import Int64, UInt8
from torch import Tensor

from playground.metrics.class_accuracy import class_accuracy
from playground.metrics.classifier_score import classifier_score
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import judge, to_judge_size
from playground.metrics.pixel_guard import black_share, high_frequency_energy
from playground.metrics.precision_recall import precision_recall
from playground.metrics.reference import Reference


def measure_samples(
    images: UInt8[Tensor, "n 1 height width"], asked: Int64[Tensor, " n"] | None, held_out: Reference
) -> dict[str, float]:
    """All figures of a set of pictures, by name.

    Measuring real training digits and their labels with this gives the floor.

    Args:
        images: uint8 digits of 28x28 or 32x32 pixels.
        asked: the digit asked for in each; None leaves class accuracy and the
            classifier accuracy score out.
        held_out: real digits that nothing was trained on.
    """
    images = to_judge_size(images)
    verdict = judge(images)
    precision, recall = precision_recall(held_out.verdict.features, verdict.features)
    figures = {
        "frechet_distance": frechet_distance(verdict.features, held_out.verdict.features),
        "precision": precision,
        "recall": recall,
        "black_ratio": black_share(images) / black_share(held_out.images),
        "high_frequency_ratio": high_frequency_energy(images) / high_frequency_energy(held_out.images),
    }
    if asked is not None:
        figures["class_accuracy"] = class_accuracy(verdict.classes, asked)
        figures["classifier_score"] = classifier_score(images, asked, held_out.images, held_out.labels)
    return figures
