"""The judge: the separately trained classifier that measures digits.

Its penultimate layer is the feature space of the Fréchet distance and of
precision and recall, its logits say which digit a picture shows. It is trained
by `python -m playground.metrics.judge_training`, never together with a
generative model, and shipped in `judges/digits.safetensors`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from safetensors import SafetensorError, safe_open
from torch import Tensor, nn

from playground.errors import PlaygroundError

JUDGE_SIZE = 32
JUDGE_FILE = Path(__file__).parent / "judges" / "digits.safetensors"
FEATURE_DIM = 64
BATCH_SIZE = 50  # small batches in channels-last order: 2.5 times faster on a CPU than 500 in the usual one


class Judge(nn.Module):
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


@dataclass(frozen=True)
class Verdict:
    """What the judge sees in n images: features float64 [n, 64], classes int64 [n]."""

    features: Float[Tensor, "n 64"]
    classes: Int64[Tensor, " n"]


@cache
def load() -> Judge:
    """The shipped judge, in eval mode, float32. A missing or damaged file raises `PlaygroundError`."""
    try:
        with safe_open(JUDGE_FILE, framework="pt") as file:
            weights = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 (not a mapping)
        judge = Judge()
        judge.load_state_dict(weights, strict=False)
        missing = judge.state_dict().keys() - weights.keys()
        if any(not name.endswith("num_batches_tracked") for name in missing):
            raise KeyError(missing)
    except (OSError, SafetensorError, KeyError, RuntimeError):
        raise PlaygroundError(
            f"The judge {JUDGE_FILE} is missing or damaged: restore it from the repository, or train it anew with "
            "`python -m playground.metrics.judge_training`."
        ) from None
    return judge.to(memory_format=torch.channels_last).eval().requires_grad_(False)


def to_judge_size(images: UInt8[Tensor, "n channels height width"]) -> UInt8[Tensor, "n 1 32 32"]:
    """Images as the judge takes them: 28x28 gets 2 black pixels all round, 32x32 stays.

    Any other shape raises `PlaygroundError`.
    """
    if images.dtype != torch.uint8 or images.ndim != 4 or tuple(images.shape[1:]) not in {(1, 28, 28), (1, 32, 32)}:
        raise PlaygroundError(
            "Metrics judge grey digits of 28x28 or 32x32 pixels as uint8 [n, 1, height, width], "
            f"not {images.dtype} {list(images.shape)}."
        )
    margin = (JUDGE_SIZE - images.shape[-1]) // 2
    return nn.functional.pad(images, (margin, margin, margin, margin))


@torch.inference_mode()
def judge(images: UInt8[Tensor, "n 1 height width"]) -> Verdict:
    """The verdict on uint8 digits of 28x28 or 32x32 pixels: the same at any number of them, up to rounding."""
    network = load()
    features, classes = [], []
    for batch in to_judge_size(images).split(BATCH_SIZE):
        scaled = batch.float().div(127.5).sub(1).to(memory_format=torch.channels_last)
        seen = network.features(scaled)
        features.append(seen.double())
        classes.append(network.head(seen).argmax(1))
    return Verdict(torch.cat(features), torch.cat(classes))
