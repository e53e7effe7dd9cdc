"""Data sets by name or by path, each as one uint8 tensor of pictures with labels."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playground.data.cache_folder import data_folder
from playground.data.celeba import load_celeba
from playground.data.digits8 import load_digits8
from playground.data.faces import prepare_faces
from playground.data.held_out import ENOUGH
from playground.data.image_set import ImageSet
from playground.data.mnist import load_mnist
from playground.data.own import LICENCES, NAMES, located
from playground.data.preparation import prepare
from playground.data.prepared import Prepared
from playground.errors import PlaygroundError

__all__ = ["LICENCES", "NAMES", "ImageSet", "load_images", "prepare"]


def load_images(data: str, split: Literal["train", "test"], image_size: int, data_dir: Path | None = None) -> ImageSet:
    """The data set `data` at `image_size` pixels.

    Args:
        data: `mnist`; `digits8`, which needs no download; `faces` and `celeba`, for
            those who have them; or the path of a folder or a ZIP of pictures, whose
            sub-folders are the classes.
        split: which part. Of a person's own pictures some are held out where there are many.
        image_size: height and width. Smaller digits are framed with black; of a
            person's own pictures the middle square is scaled.
        data_dir: where downloaded data lies; without it the folder in the
            environment variable PLAYGROUND_DATA, and without that a cache folder.

    Raises `PlaygroundError` for an unknown name and where the data cannot be had.
    """
    data_dir = data_folder(data_dir)
    match located(data):
        case "mnist":
            return load_mnist(split, data_dir).at_size(image_size)
        case "digits8":
            return load_digits8(split).at_size(image_size)
        case "faces":
            return _part(prepare_faces(image_size, data_dir), split)
        case "celeba":
            return load_celeba(split, image_size, data_dir)
        case path:
            return _part(prepare(Path(path), image_size), split)


def _part(prepared: Prepared, split: Literal["train", "test"]) -> ImageSet:
    if split == "train":
        return prepared.part(~prepared.held_out)
    if not prepared.held_out.any():
        raise PlaygroundError(
            f"{prepared.report.name} has no test part: "
            f"from {ENOUGH:,} pictures of a class on a tenth of them is kept back for it."
        )
    return prepared.part(prepared.held_out)
