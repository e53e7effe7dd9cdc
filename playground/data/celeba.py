"""CelebA: 202,599 aligned faces of public figures with 40 attributes each, for those who have it.

Liu et al., "Deep Learning Face Attributes in the Wild", 2015; for non-commercial
research. It is not downloaded here: it lies as torchvision keeps it, in
`celeba/` in the folder that PLAYGROUND_DATA or --data-dir names. The classes are
whether a face smiles; all attributes stand beside the pictures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import torch

from playground.data.cache_folder import cache_folder
from playground.data.image_set import ImageSet
from playground.data.preparation import prepare
from playground.errors import PlaygroundError

CLASS_NAMES = ("serious", "smiling")
CLASS_ATTRIBUTE = "Smiling"
PICTURES = "img_align_celeba"


def load_celeba(split: Literal["train", "test"], image_size: int, data_dir: Path | None) -> ImageSet:
    """The middle squares of the faces at `image_size` pixels. Raises `PlaygroundError` where they cannot be had."""
    from torchvision.datasets import CelebA  # slow to import, and only this function needs it

    root = data_dir or cache_folder()
    try:
        parts = {name: CelebA(str(root), split=name, target_type="attr") for name in ("all", split)}
    except (RuntimeError, OSError, ValueError):
        raise PlaygroundError(
            f"CelebA is not whole in {root / 'celeba'}: put there what torchvision.datasets.CelebA keeps "
            f"({PICTURES}/ and the five lists), or name the folder around it with --data-dir or PLAYGROUND_DATA."
        ) from None
    prepared = prepare(root / "celeba" / PICTURES, image_size)
    names = sorted(parts["all"].filename)
    if len(prepared.images) != len(names):
        raise PlaygroundError(
            f"Of CelebA's {len(names):,} pictures {len(prepared.images):,} can be read in "
            f"{root / 'celeba' / PICTURES}: unpack them again."
        )
    places = {name: place for place, name in enumerate(names)}
    rows = torch.tensor([places[name] for name in parts[split].filename])
    attributes = parts[split].attr.float()
    attribute_names = tuple(name for name in parts[split].attr_names if name)
    labels = parts[split].attr[:, attribute_names.index(CLASS_ATTRIBUTE)].long()
    return ImageSet(prepared.images.images[rows], labels, CLASS_NAMES, attributes, attribute_names)
