"""A face turned upright and cut out so that its eyes lie where a model is used to them."""

from __future__ import annotations

import numpy as np
from jaxtyping import UInt8

# Where the eyes of a face lie in its picture, as shares of its side, from the left and from the top: the medians
# over 400 pictures of the tightly cropped faces that models here are trained on.
LEFT_EYE, RIGHT_EYE = 0.293 + 0.290j, 0.682 + 0.290j
NUM_PROBES = 32  # along each side, to measure how much of a picture lies beyond the photo

Photo = UInt8[np.ndarray, "height width 3"]
Face = UInt8[np.ndarray, "size size 3"]


def align(photo: Photo, left: complex, right: complex, size: int) -> Face:
    """The face whose eyes are at two points of a photo, upright.

    What lies beyond the photo is filled with its nearest pixels.

    Args:
        photo: uint8 RGB.
        left, right: centres of the eyes in pixels from the photo's corner, x + y*1j; left as one sees the photo.
        size: of the picture, in pixels.
    """
    return cut_out(photo, *placement(left, right, size), size)


def placement(left: complex, right: complex, size: int) -> tuple[complex, complex]:
    """How a face's picture lies on its photo: the point u of the one is the point `turn * u + corner` of the other."""
    turn = (right - left) / (size * (RIGHT_EYE - LEFT_EYE))
    return turn, left - turn * size * LEFT_EYE


def cut_out(photo: Photo, turn: complex, corner: complex, size: int) -> Face:
    """A turned square of a photo, scaled; where it shrinks, every pixel is the mean of those that it covers."""
    import cv2

    finer = max(1, round(abs(turn)))
    per_pixel = turn / finer
    start = corner + per_pixel * (0.5 + 0.5j) - (0.5 + 0.5j)  # pixels are named by their centres there
    matrix = np.array([[per_pixel.real, -per_pixel.imag, start.real], [per_pixel.imag, per_pixel.real, start.imag]])
    fine = cv2.warpAffine(
        photo,
        matrix,
        (finer * size, finer * size),
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return fine if finer == 1 else cv2.resize(fine, (size, size), interpolation=cv2.INTER_AREA)


def share_beyond(photo: Photo, left: complex, right: complex) -> float:
    """How much of a face's picture lies beyond the photo, 0 to 1."""
    turn, corner = placement(left, right, NUM_PROBES)
    steps = np.arange(NUM_PROBES) + 0.5
    points = turn * (steps[None, :] + 1j * steps[:, None]) + corner
    height, width = photo.shape[:2]
    inside = (points.real >= 0) & (points.real < width) & (points.imag >= 0) & (points.imag < height)
    return 1 - float(inside.mean())
