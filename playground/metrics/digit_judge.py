"""The judge of digits: a separately trained classifier.

Its penultimate layer is the feature space of the Fréchet distance and of
precision and recall, its logits say which digit a picture shows. It is trained
by `python -m playground.metrics.judge_training`, never together with a
generative model, and shipped in `judges/digits.safetensors`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor, nn

from playground.errors import PlaygroundError
from playground.metrics.class_accuracy import class_accuracy
from playground.metrics.classifier_score import classifier_score
from playground.metrics.judge import Judge, Reference, Verdict
from playground.metrics.network_file import read_network
from playground.metrics.pixel_guard import black_share, high_frequency_energy
from playground.models import GenerativeModel

JUDGE_SIZE = 32
JUDGE_FILE = Path(__file__).parent / "judges" / "digits.safetensors"
FEATURE_DIM = 64
COMMAND = "python -m playground.metrics.judge_training"


class DigitNetwork(nn.Module):
    """A LeNet-like classifier of digits at 32x32x1.

    Three convolutions, each followed by batch normalisation, a rectifier and
    max pooling, then a layer of 64 features and one of 10 logits; after LeCun
    et al., "Gradient-based learning applied to document recognition", 1998.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 32, 5, padding=2, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(32, 64, 5, padding=2, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(64, 64, 3, padding=1, bias=False),
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),  # [batch, 64 * 4 * 4]
            nn.Linear(1024, FEATURE_DIM, bias=False),
            nn.BatchNorm1d(FEATURE_DIM),
            nn.ReLU(),
        )
        self.dropout = nn.Dropout(0.3)
        self.head = nn.Linear(FEATURE_DIM, 10)

    def features(self, images: Float[Tensor, "batch 1 32 32"]) -> Float[Tensor, "batch 64"]:
        """The penultimate layer, after its rectifier. Images are in [-1, 1]."""
        return self.body(images)

    def forward(self, images: Float[Tensor, "batch 1 32 32"]) -> Float[Tensor, "batch 10"]:
        """Logits of the ten digits. Images are in [-1, 1]."""
        return self.head(self.dropout(self.features(images)))


@cache
def load() -> DigitNetwork:
    """The shipped network, in eval mode, float32. A missing or damaged file raises `PlaygroundError`."""
    return read_network(DigitNetwork(), JUDGE_FILE, COMMAND)


class DigitJudge(Judge):
    """Grey digits at 28x28 or 32x32, against MNIST."""

    subject = "digits"
    learned = ("mnist", "digits8")
    data = "mnist"
    image_size = JUDGE_SIZE
    class_names = tuple("0123456789")
    num_samples = 10_000

    def look(self, images: UInt8[Tensor, "batch 1 32 32"]) -> tuple[Float[Tensor, "batch 64"], Int64[Tensor, " batch"]]:
        """The penultimate layer, and the likeliest digit."""
        network = load()
        features = network.features(images.float().div(127.5).sub(1).to(memory_format=torch.channels_last))
        return features, network.head(features).argmax(1)

    def at_own_size(self, images: UInt8[Tensor, "n channels height width"]) -> UInt8[Tensor, "n 1 32 32"]:
        """28x28 gets 2 black pixels all round, 32x32 stays; any other shape raises `PlaygroundError`."""
        if images.dtype != torch.uint8 or images.ndim != 4 or tuple(images.shape[1:]) not in {(1, 28, 28), (1, 32, 32)}:
            raise PlaygroundError(
                "Metrics judge grey digits of 28x28 or 32x32 pixels as uint8 [n, 1, height, width], "
                f"not {images.dtype} {list(images.shape)}."
            )
        margin = (JUDGE_SIZE - images.shape[-1]) // 2
        return nn.functional.pad(images, (margin, margin, margin, margin))

    def at_model_size(
        self, images: UInt8[Tensor, "n 1 32 32"], model: GenerativeModel
    ) -> UInt8[Tensor, "n 1 height width"]:
        """For a model at 28x28 without the 2 pixels all round."""
        margin = (JUDGE_SIZE - model.image_shape[1]) // 2
        return images[..., margin : JUDGE_SIZE - margin, margin : JUDGE_SIZE - margin]

    def check(self, model: GenerativeModel) -> None:
        """Raises `PlaygroundError` unless the model draws grey digits of 28x28 or 32x32."""
        channels, height, width = model.image_shape
        fits = channels == 1 and height == width and height in (28, JUDGE_SIZE)
        if not fits or model.class_names not in ((), self.class_names):
            raise PlaygroundError(
                f"Only models of grey digits 0 to 9 at 28x28 or 32x32 can be measured, not {channels} channels at "
                f"{height}x{width} with classes {', '.join(model.class_names) or 'none'}."
            )

    def more_figures(
        self, images: UInt8[Tensor, "n 1 32 32"], seen: Verdict, asked: Int64[Tensor, " n"] | None, held_out: Reference
    ) -> dict[str, float]:
        """The pixel guard; where classes were asked for, class accuracy and the classifier accuracy score."""
        figures = {
            "black_ratio": black_share(images) / black_share(held_out.images),
            "high_frequency_ratio": high_frequency_energy(images) / high_frequency_energy(held_out.images),
        }
        if asked is not None:
            figures["class_accuracy"] = class_accuracy(seen.classes, asked)
            figures["classifier_score"] = classifier_score(images, asked, held_out.images, held_out.labels)
        return figures


DIGITS = DigitJudge()
