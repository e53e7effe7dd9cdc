"""Faces in a photo and their eyes, found by the cascades that come with OpenCV."""

from __future__ import annotations

import cmath
import itertools
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import UInt8

from playground.data.face_extraction.alignment import LEFT_EYE, RIGHT_EYE, Photo, cut_out, placement

if TYPE_CHECKING:
    import cv2

LOOK_SIDE = 1000  # pixels of a photo's longer side at which faces are looked for
SMALLEST_SIDE = 24  # of a face there: the cascade knows no smaller ones
LEANINGS = (-35, 35)  # degrees by which a photo is turned where no face in it is upright
PATCH_SIDE = 192  # pixels of a face at which its eyes are looked for
EYE_ROWS = slice(int(0.14 * PATCH_SIDE), int(0.64 * PATCH_SIDE))  # of such a face
SMALLEST_EYE, LARGEST_EYE = PATCH_SIDE // 9, PATCH_SIDE // 2
# Asked in turn until a pair is seen, each with the way from its middle to the eye in shares of the face's side.
# The last two know one side each, see half-closed eyes and those behind glasses, and take in more of the brow.
EYE_CASCADES = {
    "haarcascade_eye.xml": 0j,
    "haarcascade_eye_tree_eyeglasses.xml": 0j,
    "haarcascade_lefteye_2splits.xml": -0.016 + 0.036j,
    "haarcascade_righteye_2splits.xml": 0.036j,
}
# Where eyes lie in what the cascade takes for a face, as shares of its side, and how far a pair may be from there.
USUAL_LEFT, USUAL_RIGHT = 0.307 + 0.389j, 0.693 + 0.389j
MAX_SHIFT = 0.12  # of the point between the eyes
MIN_STRETCH, MAX_STRETCH = 0.72, 1.3  # of the way from eye to eye
MAX_LEAN = math.radians(30)


@dataclass(frozen=True)
class FoundFace:
    """A face in a photo.

    Attributes:
        left, right: centres of the eyes in pixels from the photo's corner, x + y*1j; left as one sees the photo.
        has_eyes: whether two eyes were seen; otherwise they are where they usually would be.
    """

    left: complex
    right: complex
    has_eyes: bool

    @property
    def side(self) -> float:
        """Of its picture, in pixels of the photo."""
        return abs(self.right - self.left) / abs(RIGHT_EYE - LEFT_EYE)

    @property
    def tilt(self) -> float:
        """How far it leans, in degrees, 0 to 180."""
        return math.degrees(abs(cmath.phase(self.right - self.left)))

    @property
    def middle(self) -> complex:
        """Of its picture, on the photo."""
        turn, corner = placement(self.left, self.right, 1)
        return turn * (0.5 + 0.5j) + corner


@dataclass(frozen=True)
class _Square:
    """What the cascade takes for a face: the point u, in shares of its side, is `turn * u + corner` of the photo."""

    turn: complex
    corner: complex


def find_faces(photo: Photo) -> list[FoundFace]:
    """All faces of a photo, those with eyes first, then the largest; leaning ones are looked for where none is upright.

    Args:
        photo: uint8 RGB.
    """
    found = [_with_eyes(photo, square) for square in _squares(photo, 0)]
    if not any(face.has_eyes for face in found):
        found += [_with_eyes(photo, square) for leaning in LEANINGS for square in _squares(photo, leaning)]
    faces: list[FoundFace] = []
    for face in sorted(found, key=lambda face: (not face.has_eyes, -face.side, face.left.imag, face.left.real)):
        if not any(_is_same(face, other) for other in faces):
            faces.append(face)
    return faces


def _squares(photo: Photo, degrees: int) -> list[_Square]:
    """Where the cascade sees faces in a photo turned about its middle."""
    import cv2

    height, width = photo.shape[:2]
    scale = max(1.0, max(height, width) / LOOK_SIDE)  # photo pixels for one that is looked at
    turn = cmath.rect(scale, math.radians(degrees))
    reach = (
        complex(  # of the turned photo, so that its corners stay in sight
            width * abs(turn.real) + height * abs(turn.imag), width * abs(turn.imag) + height * abs(turn.real)
        )
        / scale**2
    )
    look_width, look_height = math.ceil(reach.real), math.ceil(reach.imag)
    corner = complex(width, height) / 2 - turn * complex(look_width, look_height) / 2
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    if degrees:
        matrix = np.array([[turn.real, -turn.imag, corner.real], [turn.imag, turn.real, corner.imag]])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        look = cv2.warpAffine(grey, matrix, (look_width, look_height), flags=flags)
    else:
        look = cv2.resize(grey, (look_width, look_height), interpolation=cv2.INTER_AREA)
    boxes = _cascade("haarcascade_frontalface_alt2.xml").detectMultiScale(
        look, 1.15, 3, minSize=(SMALLEST_SIDE, SMALLEST_SIDE)
    )
    return [_Square(turn * int(side), turn * complex(x, y) + corner) for x, y, side, _ in boxes]


def _with_eyes(photo: Photo, square: _Square) -> FoundFace:
    """The face with the pair of eyes that is most like a usual one."""
    import cv2

    patch = cv2.cvtColor(cut_out(photo, square.turn / PATCH_SIDE, square.corner, PATCH_SIDE), cv2.COLOR_RGB2GRAY)
    candidates: list[complex] = []
    for name, offset in EYE_CASCADES.items():
        candidates += [eye + offset for eye in _eyes(patch, name)]
        pairs = [pair for pair in itertools.permutations(candidates, 2) if _may_be_eyes(*pair)]
        if pairs:
            left, right = min(pairs, key=lambda pair: abs(pair[0] - USUAL_LEFT) + abs(pair[1] - USUAL_RIGHT))
            return FoundFace(square.turn * left + square.corner, square.turn * right + square.corner, True)
    return FoundFace(square.turn * USUAL_LEFT + square.corner, square.turn * USUAL_RIGHT + square.corner, False)


def _eyes(patch: UInt8[np.ndarray, "side side"], cascade: str) -> list[complex]:
    """Middles of what a cascade takes for eyes in a face, in shares of its side."""
    boxes = _cascade(cascade).detectMultiScale(
        np.ascontiguousarray(patch[EYE_ROWS]),
        1.07,
        3,
        minSize=(SMALLEST_EYE, SMALLEST_EYE),
        maxSize=(LARGEST_EYE, LARGEST_EYE),
    )
    return [complex(x + width / 2, y + height / 2 + EYE_ROWS.start) / PATCH_SIDE for x, y, width, height in boxes]


def _may_be_eyes(left: complex, right: complex) -> bool:
    """Whether two points of a face lie about as eyes do."""
    change = (right - left) / (USUAL_RIGHT - USUAL_LEFT)
    shift = abs(left + right - USUAL_LEFT - USUAL_RIGHT) / 2
    return MIN_STRETCH < abs(change) < MAX_STRETCH and abs(cmath.phase(change)) < MAX_LEAN and shift < MAX_SHIFT


def _is_same(one: FoundFace, other: FoundFace) -> bool:
    """Whether the middle of one lies within the other: a face seen twice, or a part of it taken for a face."""
    return abs(one.middle - other.middle) < max(one.side, other.side) / 2


@cache
def _cascade(name: str) -> cv2.CascadeClassifier:
    import cv2

    return cv2.CascadeClassifier(cv2.data.haarcascades + name)
