"""The same face twice: told by a few hundred marks that small changes of a picture leave as they are."""

from __future__ import annotations

import numpy as np

from playground.data.face_extraction.alignment import Face

MARKS_SIDE = 16  # 256 marks: with 64, faces that lie alike in their pictures cannot be told apart


def marks_of(face: Face) -> int:
    """The marks of an aligned face as the bits of a number: where it grows brighter from left to right."""
    import cv2

    grey = cv2.cvtColor(face, cv2.COLOR_RGB2GRAY)
    coarse = cv2.resize(grey, (MARKS_SIDE + 1, MARKS_SIDE), interpolation=cv2.INTER_AREA).astype(int)
    return int.from_bytes(np.packbits(coarse[:, 1:] > coarse[:, :-1]).tobytes())


class Likeness:
    """Faces by name, to be asked whether another is one of them."""

    def __init__(self) -> None:
        self._marks: dict[str, int] = {}

    def add(self, name: str, marks: int) -> None:
        self._marks[name] = marks

    def forget(self, name: str) -> None:
        """No longer compare with this face, if it is known."""
        self._marks.pop(name, None)

    def nearest(self, marks: int) -> tuple[str, int] | None:
        """The most similar face and in how many marks it differs; None while there are none."""
        differences = ((name, (marks ^ known).bit_count()) for name, known in self._marks.items())
        return min(differences, key=lambda pair: pair[1], default=None)
