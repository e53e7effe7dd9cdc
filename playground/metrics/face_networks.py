"""The two networks that measure faces, trained by `python -m playground.metrics.face_judge_training`.

One gives the feature space of the distances, the other says how old a face
looks. They share no weights, no architecture and no seed, and no generative
model was trained with either.
"""

from __future__ import annotations

from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor, nn

FEATURES_FILE = Path(__file__).parent / "judges" / "faces.safetensors"
AGES_FILE = Path(__file__).parent / "judges" / "face-ages.safetensors"
COMMAND = "python -m playground.metrics.face_judge_training"
FACE_SIZE = 64
FEATURE_DIM = 64
NUM_GROUPS = 4
BATCH_SIZE = 50
MEAN_AGE, AGE_DEVIATION = 40.0, 17.0  # years: the second network's fifth number is in these units


def _convolution(num_inputs: int, num_outputs: int, size: int, stride: int, padding: int) -> list[nn.Module]:
    return [
        nn.Conv2d(num_inputs, num_outputs, size, stride, padding, bias=False),
        nn.BatchNorm2d(num_outputs),
        nn.ReLU(),
    ]


class FaceFeatures(nn.Module):
    """64 numbers that tell faces apart, and sound pictures from damaged ones.

    Four convolutions down to 4x4, then a linear layer and a normalisation
    without scale and shift: over the training pictures every feature has mean
    0 and variance 1, and none has more weight in a distance than another.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_convolution(3, 32, 4, 2, 1),
            *_convolution(32, 64, 3, 2, 1),
            *_convolution(64, 128, 3, 2, 1),
            *_convolution(128, 160, 3, 2, 1),
            nn.Flatten(),  # [batch, 160 * 4 * 4]
            nn.Linear(2560, FEATURE_DIM, bias=False),
            nn.BatchNorm1d(FEATURE_DIM, affine=False),
        )

    def forward(self, images: Float[Tensor, "batch 3 64 64"]) -> Float[Tensor, "batch 64"]:
        """Features of images in [-1, 1]."""
        return self.body(images)


class AgeClassifier(nn.Module):
    """How old a face looks: logits of the four groups of age, and the age itself.

    Four convolutions with pooling between them, the mean over all places, and a
    linear layer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(
            *_convolution(3, 24, 5, 2, 2),
            nn.MaxPool2d(2),
            *_convolution(24, 64, 3, 1, 1),
            nn.MaxPool2d(2),
            *_convolution(64, 112, 3, 1, 1),
            nn.MaxPool2d(2),
            *_convolution(112, 128, 3, 1, 1),
        )
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(128, NUM_GROUPS + 1)

    def forward(self, images: Float[Tensor, "batch 3 64 64"]) -> Float[Tensor, "batch 5"]:
        """Four logits and the age, less `MEAN_AGE` and over `AGE_DEVIATION`. Images are in [-1, 1]."""
        return self.head(self.dropout(self.body(images).mean((2, 3))))


def face_levels(images: Tensor) -> Float[Tensor, "batch 3 64 64"]:
    """Grey levels 0..255 in [-1, 1], channels last in memory: twice as fast on a CPU."""
    return images.float().div(127.5).sub(1).to(memory_format=torch.channels_last)


@torch.inference_mode()
def guess_ages(
    network: AgeClassifier, images: UInt8[Tensor, "n 3 64 64"]
) -> tuple[Int64[Tensor, " n"], Float[Tensor, " n"]]:
    """The likeliest group and the age in years, of each picture and its mirror image together."""
    found = []
    for batch in images.split(BATCH_SIZE):
        shown = face_levels(batch)
        found.append((network(shown) + network(shown.flip(3))) / 2)
    seen = torch.cat(found)
    return seen[:, :NUM_GROUPS].argmax(1), MEAN_AGE + AGE_DEVIATION * seen[:, NUM_GROUPS]
