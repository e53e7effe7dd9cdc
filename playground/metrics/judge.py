"""A judge: what measures the models of one kind of pictures.

It is a feature space for the distances, a classifier that says which class a
picture shows, the real pictures to compare with, and the figures that make
sense of such pictures. Which judge measures a checkpoint follows from the data
it was trained on (`playground.metrics.choosing`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from playground.metrics.frechet import frechet_distance
from playground.models import GenerativeModel

BATCH_SIZE = 50  # small batches in channels-last order: 2.5 times faster on a CPU than 500 in the usual one


@dataclass(frozen=True)
class Verdict:
    """What a judge sees in n pictures: features float64 [n, features], classes int64 [n]."""

    features: Float[Tensor, "n features"]
    classes: Int64[Tensor, " n"]


class Judge(ABC):
    """What measures the models of one kind of pictures; calling it gives its verdict on some.

    Attributes:
        subject: what the pictures show, in a word or two: "digits".
        learned: the names of the data sets whose models it measures.
        data: the name of the data set with the real pictures it measures against.
        image_size: height and width of the pictures it sees.
        class_names: of the classes that it tells apart.
        num_samples: how many pictures a side the figures are measured on, unless told otherwise.
        distances: by name, what compares features of pictures with those of held-out ones; low is good.
    """

    subject: ClassVar[str]
    learned: ClassVar[tuple[str, ...]]
    data: ClassVar[str]
    image_size: ClassVar[int]
    class_names: ClassVar[tuple[str, ...]]
    num_samples: ClassVar[int]
    distances: ClassVar[Mapping[str, Callable[[Tensor, Tensor], float]]] = {"frechet_distance": frechet_distance}

    @torch.inference_mode()
    def __call__(self, images: UInt8[Tensor, "n channels height width"]) -> Verdict:
        """The verdict on uint8 pictures: the same at any number of them, up to rounding."""
        found = [self.look(batch) for batch in self.at_own_size(images).split(BATCH_SIZE)]
        return Verdict(torch.cat([features.double() for features, _ in found]), torch.cat([seen for _, seen in found]))

    @abstractmethod
    def look(
        self, images: UInt8[Tensor, "batch channels height width"]
    ) -> tuple[Float[Tensor, "batch features"], Int64[Tensor, " batch"]]:
        """Features and classes of a batch at the judge's own size."""

    @abstractmethod
    def at_own_size(self, images: UInt8[Tensor, "n channels height width"]) -> UInt8[Tensor, "n channels size size"]:
        """Pictures as the judge takes them. Raises `PlaygroundError` for those that it cannot judge."""

    @abstractmethod
    def at_model_size(
        self, images: UInt8[Tensor, "n channels size size"], model: GenerativeModel
    ) -> UInt8[Tensor, "n channels height width"]:
        """The judge's pictures as a model that it can measure takes them."""

    @abstractmethod
    def check(self, model: GenerativeModel) -> None:
        """Raises `PlaygroundError` unless the model draws what the judge can judge."""

    @abstractmethod
    def more_figures(
        self,
        images: UInt8[Tensor, "n channels size size"],
        seen: Verdict,
        asked: Int64[Tensor, " n"] | None,
        held_out: Reference,
    ) -> dict[str, float]:
        """The figures of a set of pictures beyond distances, precision and recall.

        Args:
            images: at the judge's own size.
            seen: the verdict on them.
            asked: the class asked for in each; None where none was.
            held_out: real pictures that nothing was trained on.
        """

    def model_figures(
        self,
        model: GenerativeModel,
        samples: UInt8[Tensor, "n channels height width"],
        held_out: Reference,
        data_dir: Path | None,
    ) -> dict[str, float]:
        """The figures that need the model, or the pictures it was trained on, beside its samples. None by default."""
        return {}

    def held_out_floor(self, held_out: Reference) -> dict[str, float]:
        """Figures whose floor is that of the held-out pictures themselves rather than of training ones."""
        return {}


@dataclass(frozen=True)
class Reference:
    """Real pictures, their classes and what the judge sees in them.

    Attributes:
        judge: who looked at them.
        images: uint8 [n, channels, size, size], at the judge's own size.
        labels: int64 [n], the true classes.
        verdict: the judge's features and classes.
    """

    judge: Judge
    images: UInt8[Tensor, "n channels size size"]
    labels: Int64[Tensor, " n"]
    verdict: Verdict

    def __len__(self) -> int:
        return len(self.images)

    def part(self, start: int, stop: int) -> Reference:
        """The pictures from `start` to before `stop`."""
        seen = Verdict(self.verdict.features[start:stop], self.verdict.classes[start:stop])
        return Reference(self.judge, self.images[start:stop], self.labels[start:stop], seen)
