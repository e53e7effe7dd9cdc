from __future__ import annotations

import numpy as np
import pytest

from playground import PlaygroundError
from playground.ui.handwriting import centred_digit


def blot(top: int, left: int, height: int, width: int) -> np.ndarray:
    drawing = np.zeros((280, 280), dtype=np.uint8)
    drawing[top : top + height, left : left + width] = 255
    return drawing


@pytest.mark.parametrize("corner", [(0, 0), (10, 200), (79, 79)])
def test_size_and_place_of_the_drawing_do_not_matter(corner):
    digit = centred_digit(blot(*corner, 200, 40), (1, 28, 28))
    rows, columns = np.nonzero(digit[:, :, 0])
    assert (rows.min(), rows.max()) == (4, 23)
    assert (columns.min(), columns.max()) == (12, 15)


def test_the_centre_of_mass_is_in_the_middle():
    drawing = blot(40, 40, 200, 30)
    drawing[210:240, 40:200] = 255  # an L: heavier below and to the left
    digit = centred_digit(drawing, (1, 28, 28))[:, :, 0].astype(float)
    rows, columns = np.indices(digit.shape)
    centre = (rows * digit).sum() / digit.sum(), (columns * digit).sum() / digit.sum()
    assert centre == pytest.approx((13.5, 13.5), abs=0.6)


def test_a_larger_model_gets_a_frame_and_a_small_one_a_smaller_picture():
    drawing = blot(0, 0, 100, 100)
    small = centred_digit(drawing, (1, 28, 28))
    framed = centred_digit(drawing, (3, 32, 32))
    assert np.array_equal(framed[2:30, 2:30, :1], small)
    assert framed.shape == (32, 32, 3)
    assert framed[:2].max() == 0
    assert centred_digit(drawing, (1, 8, 8)).shape == (8, 8, 1)


def test_an_empty_drawing_is_said():
    with pytest.raises(PlaygroundError, match="draw a digit"):
        centred_digit(np.zeros((280, 280), dtype=np.uint8), (1, 28, 28))
