"""Real digits that need no download, at MNIST's sizes, and a small MNIST on disk made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from playground.data import load_images
from playground.metrics.digit_judge import DIGITS
from playground.metrics.judge import Reference


def at_28(images: torch.Tensor) -> torch.Tensor:
    """8x8 digits enlarged to MNIST's 20 pixels and framed to 28."""
    enlarged = functional.interpolate(images.float(), (20, 20), mode="bicubic", align_corners=False)
    return functional.pad(enlarged.round().clamp(0, 255).to(torch.uint8), (4, 4, 4, 4))


@pytest.fixture(scope="session")
def digits() -> tuple[torch.Tensor, torch.Tensor]:
    """1,500 real digits, uint8 [1500, 1, 32, 32], with their labels."""
    found = load_images("digits8", "train", 8)
    return functional.pad(at_28(found.images), (2, 2, 2, 2)), found.labels


@pytest.fixture(scope="session")
def held_out(digits) -> Reference:
    """The second half of `digits`."""
    images, labels = digits[0][750:], digits[1][750:]
    return Reference(DIGITS, images, labels, DIGITS(images))


@pytest.fixture(scope="session")
def small_mnist(digits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in MNIST's own format: 300 digits to train on, 150 to test with."""
    data_dir = tmp_path_factory.mktemp("data")
    raw = data_dir / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for prefix, rows in (("train", slice(0, 300)), ("t10k", slice(300, 450))):
        images = digits[0][rows, 0, 2:-2, 2:-2].numpy()
        labels = digits[1][rows].numpy().astype(np.uint8)
        sizes = np.array(images.shape, ">i4").tobytes()
        (raw / f"{prefix}-images-idx3-ubyte").write_bytes(bytes([0, 0, 8, 3]) + sizes + images.tobytes())
        (raw / f"{prefix}-labels-idx1-ubyte").write_bytes(bytes([0, 0, 8, 1]) + sizes[:4] + labels.tobytes())
    return data_dir
