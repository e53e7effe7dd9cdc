"""The judge of faces: features, ages and copies, all from networks trained by this project.

`faces.safetensors` gives the features, `face-ages.safetensors` says how old a
face looks; both were trained on the training part of the faces alone, by
`python -m playground.metrics.face_judge_training`. The figures are measured on
as many samples as there are held-out pictures, 1,512, and so is their floor.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from playground.errors import PlaygroundError
from playground.metrics.blended_ages import blended_ages, rises
from playground.metrics.class_accuracy import balanced_accuracy
from playground.metrics.data_copying import cell_centres, cells_of, copying_score, near_copies
from playground.metrics.face_networks import (
    AGES_FILE,
    COMMAND,
    FACE_SIZE,
    FEATURES_FILE,
    NUM_GROUPS,
    AgeClassifier,
    FaceFeatures,
    face_levels,
    guess_ages,
)
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import Judge, Reference, Verdict
from playground.metrics.kernel import kernel_distance
from playground.metrics.nearest import nearest_either_way
from playground.metrics.network_file import read_network
from playground.metrics.pixel_guard import high_frequency_energy
from playground.metrics.reference import training_pictures
from playground.models import GenerativeModel

CHANCE = 1 / NUM_GROUPS


@cache
def load_features() -> FaceFeatures:
    """The shipped features. A missing or damaged file raises `PlaygroundError`."""
    return read_network(FaceFeatures(), FEATURES_FILE, COMMAND)


@cache
def load_ages() -> AgeClassifier:
    """The shipped age classifier. A missing or damaged file raises `PlaygroundError`."""
    return read_network(AgeClassifier(), AGES_FILE, COMMAND)


class FaceJudge(Judge):
    """Faces at 64x64 in colour, against the held-out faces."""

    subject = "faces"
    learned = ("faces",)
    data = "faces"
    image_size = FACE_SIZE
    class_names = ("18-29", "30-44", "45-59", "60+")
    num_samples = 1_512
    distances = {"frechet_distance": frechet_distance, "kernel_distance": kernel_distance}  # noqa: RUF012 (read only)

    def look(self, images: UInt8[Tensor, "batch 3 64 64"]) -> tuple[Float[Tensor, "batch 64"], Int64[Tensor, " batch"]]:
        """The features, and the group of age by the other network."""
        return load_features()(face_levels(images)), guess_ages(load_ages(), images)[0]

    def at_own_size(self, images: UInt8[Tensor, "n channels height width"]) -> UInt8[Tensor, "n 3 64 64"]:
        """As they are; any other shape raises `PlaygroundError`."""
        if images.dtype != torch.uint8 or tuple(images.shape[1:]) != (3, FACE_SIZE, FACE_SIZE):
            raise PlaygroundError(
                f"Metrics judge faces of {FACE_SIZE}x{FACE_SIZE} pixels in colour as uint8 [n, 3, height, width], "
                f"not {images.dtype} {list(images.shape)}."
            )
        return images

    def at_model_size(self, images: UInt8[Tensor, "n 3 64 64"], model: GenerativeModel) -> UInt8[Tensor, "n 3 64 64"]:
        """As they are."""
        return images

    def check(self, model: GenerativeModel) -> None:
        """Raises `PlaygroundError` unless the model draws faces of 64x64 in colour."""
        channels, height, width = model.image_shape
        if model.image_shape != (3, FACE_SIZE, FACE_SIZE) or model.class_names not in ((), self.class_names):
            raise PlaygroundError(
                f"Only models of faces at {FACE_SIZE}x{FACE_SIZE} in colour, of all ages or of the classes "
                f"{', '.join(self.class_names)}, can be measured, not {channels} channels at {height}x{width} "
                f"with classes {', '.join(model.class_names) or 'none'}."
            )

    def more_figures(
        self, images: UInt8[Tensor, "n 3 64 64"], seen: Verdict, asked: Int64[Tensor, " n"] | None, held_out: Reference
    ) -> dict[str, float]:
        """The pixel guard against blur and speckle; where ages were asked for, how often they are seen."""
        figures = {"high_frequency_ratio": high_frequency_energy(images) / high_frequency_energy(held_out.images)}
        if asked is not None:
            figures["class_accuracy"] = balanced_accuracy(seen.classes, asked)
            real = balanced_accuracy(held_out.verdict.classes, held_out.labels)
            figures["class_accuracy_above_chance_ratio"] = (figures["class_accuracy"] - CHANCE) / (real - CHANCE)
        return figures

    def held_out_floor(self, held_out: Reference) -> dict[str, float]:
        """The ages of held-out faces: those of its own training pictures the classifier knows too well."""
        return {
            "class_accuracy": balanced_accuracy(held_out.verdict.classes, held_out.labels),
            "class_accuracy_above_chance_ratio": 1.0,
        }

    def model_figures(
        self,
        model: GenerativeModel,
        samples: UInt8[Tensor, "n 3 64 64"],
        held_out: Reference,
        data_dir: Path | None,
    ) -> dict[str, float]:
        """Whether samples are copies; of a model that takes ages, what it draws from the youngest to the oldest."""
        figures = copying_figures(samples, held_out, training_pictures(self, data_dir).verdict.features)
        if model.class_names:
            ages = blended_ages(model, lambda images: guess_ages(load_ages(), images)[1])
            figures |= {f"mean_age_at_blend_{share:.2f}": years for share, years in ages.items()}
            figures["mean_age_rises"] = float(rises(list(ages.values())))
        return figures


def copying_figures(
    samples: UInt8[Tensor, "n 3 64 64"], held_out: Reference, training: Float[Tensor, "m features"]
) -> dict[str, float]:
    """`near_copies` (real pictures: 0.01) and `copying_score` (around 0; far below it is copying)."""
    judge = held_out.judge
    seen = judge(samples).features
    real = nearest_either_way(judge, held_out.images, held_out.verdict.features, training)
    drawn = nearest_either_way(judge, samples, seen, training)
    centres = cell_centres(training)
    score = copying_score((real, cells_of(held_out.verdict.features, centres)), (drawn, cells_of(seen, centres)))
    return {"near_copies": near_copies(real, drawn), "copying_score": score}


FACES = FaceJudge()
