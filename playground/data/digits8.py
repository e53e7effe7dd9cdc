"""The 1,797 handwritten digits of 8x8 pixels that come with scikit-learn.

Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998;
licence CC BY 4.0. They need no download, so they always work.
"""

from __future__ import annotations

from typing import Literal

import torch

from playground.data.image_set import ImageSet

NUM_TEST_IMAGES = 297
CLASS_NAMES = tuple("0123456789")


def load_digits8(split: Literal["train", "test"]) -> ImageSet:
    """The first 1,500 digits to train on, or the last 297 to test with, at 8x8."""
    from sklearn.datasets import load_digits  # slow to import, and only this function needs it

    digits = load_digits()
    grey = torch.from_numpy(digits.images).mul(255 / 16).round().to(torch.uint8).unsqueeze(1)
    labels = torch.from_numpy(digits.target).to(torch.int64)
    rows = slice(None, -NUM_TEST_IMAGES) if split == "train" else slice(-NUM_TEST_IMAGES, None)
    return ImageSet(grey[rows].contiguous(), labels[rows].contiguous(), CLASS_NAMES)
