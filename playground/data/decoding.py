"""One picture file as pixels."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageOps, UnidentifiedImageError

from playground.data.source import UnreadableError
from playground.images import FILE_FORMATS, MAX_PIXELS

MIN_SIDE = 4
GREY_TOLERANCE = 4  # levels by which the colours of a grey JPEG may differ
_DAMAGE = (OSError, ValueError, SyntaxError, TypeError, KeyError, IndexError, EOFError, struct.error, OverflowError)


@dataclass(frozen=True)
class Decoded:
    """A picture, upright, its middle cut out as a square and scaled.

    Attributes:
        pixels: uint8 RGB.
        width, height: of the file's picture, upright.
        is_grey: whether all its pixels are.
        checksum: CRC-32 of the file.
    """

    pixels: UInt8[np.ndarray, "image_size image_size 3"]
    width: int
    height: int
    is_grey: bool
    checksum: int


def decode(content: bytes, image_size: int) -> Decoded:
    """Decode one file, as `decode_whole` does, and scale its middle square.

    Args:
        content: the whole file.
        image_size: of the square, in pixels.

    Raises `UnreadableError` for anything that is no picture, damaged, too large or too small.
    """
    upright, (width, height) = decode_whole(content, image_size)
    side = min(upright.size)
    left, top = (upright.width - side) // 2, (upright.height - side) // 2
    # Cut out first: a box given to `resize` lets its surroundings bleed in.
    square = upright.crop((left, top, left + side, top + side))
    pixels = np.asarray(square.resize((image_size, image_size), Image.Resampling.LANCZOS))
    spread = pixels.max(axis=2).astype(int) - pixels.min(axis=2)
    return Decoded(pixels, width, height, bool(spread.max() <= GREY_TOLERANCE), zlib.crc32(content))


def decode_whole(content: bytes, image_size: int) -> tuple[Image.Image, tuple[int, int]]:
    """Decode one file as RGB, upright. What is transparent becomes black.

    Its size is judged by its header, before anything is decoded; large JPEGs are
    decoded at the half, quarter or eighth that still is twice the wanted size.
    The first picture of several in a file counts.

    Args:
        content: the whole file.
        image_size: of a square that is to be made of it, in pixels.

    Returns the picture, and its width and height before it was decoded smaller. Raises `UnreadableError`
    for anything that is no picture, damaged, too large or too small.
    """
    with _opened(content) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise UnreadableError(
                f"has {opened.width:,} x {opened.height:,} pixels: {MAX_PIXELS / 1e6:.0f} million are the bound"
            )
        if min(opened.size) < MIN_SIDE:
            raise UnreadableError(f"is too small: {opened.width} x {opened.height} pixels")
        width, height = opened.size
        opened.draft(None, (2 * image_size, 2 * image_size))
        upright = _flat(ImageOps.exif_transpose(opened))
        if (opened.width > opened.height) != (upright.width > upright.height):
            width, height = height, width
    return upright, (width, height)


@contextmanager
def quiet_pictures() -> Iterator[None]:
    """No warnings of oddities in files, in any thread: what matters of them is a reason to skip the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _opened(content: bytes) -> Iterator[Image.Image]:
    try:
        with Image.open(io.BytesIO(content), formats=FILE_FORMATS) as opened:
            yield opened
    except UnidentifiedImageError:
        raise UnreadableError("is no picture, whatever its name says") from None
    except Image.DecompressionBombError:
        raise UnreadableError(f"is too large: {MAX_PIXELS / 1e6:.0f} million pixels are the bound") from None
    except _DAMAGE:
        raise UnreadableError("is damaged or cut off") from None


def _flat(image: Image.Image) -> Image.Image:
    """RGB of 8 bits, on black. 16 bits keep their upper half."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise UnreadableError("has levels of neither 8 nor 16 bits")
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        clear = image.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, (0, 0, 0, 255)), clear).convert("RGB")
    return image.convert("RGB")
