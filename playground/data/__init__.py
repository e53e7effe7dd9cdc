"""Data sets by name, each as one uint8 tensor of pictures with labels."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from playground.data.digits8 import load_digits8
from playground.data.image_set import ImageSet
from playground.data.mnist import load_mnist
from playground.errors import PlaygroundError

__all__ = ["LICENCES", "NAMES", "ImageSet", "load_images"]

LICENCES = {
    "mnist": "MNIST, CC BY-SA 3.0",
    "digits8": "Optical Recognition of Handwritten Digits (UCI), CC BY 4.0",
}
NAMES = tuple(LICENCES)


def load_images(name: str, split: Literal["train", "test"], image_size: int, data_dir: Path | None = None) -> ImageSet:
    """The data set `name` at `image_size` pixels.

    Args:
        name: `mnist`, or `digits8`, which needs no download.
        split: which part.
        image_size: height and width; smaller pictures are framed with black.
        data_dir: where downloaded data lies; without it the folder in the
            environment variable PLAYGROUND_DATA, and without that a cache folder.

    Raises `PlaygroundError` for an unknown name and where the data cannot be had.
    """
    if data_dir is None and os.environ.get("PLAYGROUND_DATA"):
        data_dir = Path(os.environ["PLAYGROUND_DATA"])
    match name:
        case "mnist":
            images = load_mnist(split, data_dir)
        case "digits8":
            images = load_digits8(split)
        case _:
            raise PlaygroundError(f"There is no data set {name!r}: known are {', '.join(NAMES)}.")
    return images.at_size(image_size)
