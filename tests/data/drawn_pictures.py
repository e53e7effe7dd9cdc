"""Picture files and archives of them, drawn in memory."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

RED, GREEN, GREY = (200, 10, 30), (10, 180, 40), (90, 90, 90)


def picture(colour: tuple[int, int, int] = RED, width: int = 16, height: int = 16, kind: str = "PNG") -> bytes:
    """A file of one plain colour."""
    return encoded(Image.new("RGB", (width, height), colour), kind)


def encoded(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def noise(seed: int, size: int = 16) -> bytes:
    """A file in which every pixel is different."""
    pixels = np.random.default_rng(seed).integers(0, 256, (size, size, 3), dtype=np.uint8)
    return encoded(Image.fromarray(pixels))


def folder_of(path: Path, files: dict[str, bytes]) -> Path:
    """A folder with these files."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


def zip_of(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """A ZIP with these files; a name that ends in a slash is a folder."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path
