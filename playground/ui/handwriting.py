"""From a drawing to a digit as MNIST shows it.

LeCun et al., "Gradient-based learning applied to document recognition", 1998,
section III.A: the strokes are scaled into 20 x 20 pixels with their shape kept,
smoothed while doing so, and set into 28 x 28 with the centre of mass in the
middle.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from playground.errors import PlaygroundError

BOX = 20
SIDE = 28
INK = 32  # grey levels above which a pixel belongs to a stroke


def centred_digit(
    drawing: UInt8[np.ndarray, "drawn_height drawn_width"], image_shape: tuple[int, int, int]
) -> UInt8[np.ndarray, "height width channels"]:
    """A drawing, white on black, as a model of MNIST digits expects it.

    Args:
        drawing: grey levels of any size.
        image_shape: channels, height, width of the model; where a picture is a
            little larger than 28 pixels, what is around the digit stays black.

    Raises `PlaygroundError` for an empty drawing.
    """
    rows, columns = np.nonzero(drawing > INK)
    if not len(rows):
        raise PlaygroundError("There is nothing on the black square: draw a digit on it.")
    strokes = drawing[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    scale = BOX / max(strokes.shape)
    size = [max(1, round(length * scale)) for length in strokes.shape[::-1]]
    small = np.asarray(Image.fromarray(strokes).resize(size, Image.Resampling.BOX))
    return fit(_centre_mass(small), image_shape)


def fit(
    digit: UInt8[np.ndarray, "side side"], image_shape: tuple[int, int, int]
) -> UInt8[np.ndarray, "height width channels"]:
    """A picture of 28 x 28 in a model's size: framed in black if that is a little larger, else resampled."""
    channels, height, width = image_shape
    if SIDE <= height <= SIDE + BOX and SIDE <= width <= SIDE + BOX:
        sheet = np.zeros((height, width), dtype=np.uint8)
        top, left = (height - SIDE) // 2, (width - SIDE) // 2
        sheet[top : top + SIDE, left : left + SIDE] = digit
    else:
        sheet = np.asarray(Image.fromarray(digit).resize((width, height), Image.Resampling.LANCZOS))
    return sheet[:, :, None].repeat(channels, axis=2)


def _centre_mass(small: UInt8[np.ndarray, "small_height small_width"]) -> UInt8[np.ndarray, "side side"]:
    """Set into 28 x 28 so that the centre of mass comes to lie in the middle, as far as it fits."""
    height, width = small.shape
    mass = small.astype(float) + 1e-9
    centre_row = (mass.sum(axis=1) @ np.arange(height)) / mass.sum()
    centre_column = (mass.sum(axis=0) @ np.arange(width)) / mass.sum()
    top = int(np.clip(round((SIDE - 1) / 2 - centre_row), 0, SIDE - height))
    left = int(np.clip(round((SIDE - 1) / 2 - centre_column), 0, SIDE - width))
    sheet = np.zeros((SIDE, SIDE), dtype=np.uint8)
    sheet[top : top + height, left : left + width] = small
    return sheet
