"""Faces: 14,924 aligned adult faces of 128 pixels, in four groups of age, with age, smile and brightness as numbers.

A subset of UTKFace (Zhang, Song and Qi, "Age Progression/Regression by
Conditional Adversarial Autoencoder", 2017), for non-commercial research. It is
never downloaded and not part of the playground: it lies as `faces128.zip` in
the folder that PLAYGROUND_DATA or --data-dir names.
"""

from __future__ import annotations

from pathlib import Path

from playground.data.cache_folder import cache_folder
from playground.data.preparation import prepare
from playground.data.prepared import Prepared
from playground.errors import PlaygroundError

FILE = "faces128.zip"


def prepare_faces(image_size: int, data_dir: Path | None) -> Prepared:
    """The faces at `image_size` pixels. Raises `PlaygroundError` where the ZIP is not there or cannot be read."""
    file = (data_dir or cache_folder()) / FILE
    if not file.is_file():
        raise PlaygroundError(
            f"The faces are not in {file.parent}: put {FILE} there, or name the folder that holds it with --data-dir "
            "or PLAYGROUND_DATA; or train on a folder or a ZIP of your own."
        )
    return prepare(file, image_size)
