from __future__ import annotations

import numpy as np
import pytest

from playground.ui.smoothing import extremes, trend


def test_a_short_curve_is_drawn_whole():
    assert extremes(np.array([3.0, 1.0, 2.0]), 10).tolist() == [0, 1, 2]


@pytest.mark.parametrize("length", [101, 999, 100_000])
def test_a_thinned_curve_keeps_its_ends_and_every_spike(length):
    values = np.zeros(length)
    values[length // 3], values[length // 2] = 9, -9
    kept = extremes(values, 100)
    assert len(kept) <= 100
    assert {0, length // 3, length // 2, length - 1} <= set(kept.tolist())
    assert (np.diff(kept) > 0).all()


def test_thinning_passes_by_what_is_no_number():
    values = np.ones(1000)
    values[100:900:2] = np.nan
    assert np.isfinite(values[extremes(values, 100)]).all()


def test_no_smoothing_gives_the_values():
    x, y = trend(np.arange(4.0), np.array([4.0, 2.0, 8.0, 6.0]), 0.0)
    assert x.tolist() == [0, 1, 2, 3]
    assert y.tolist() == [4, 2, 8, 6]


def test_the_trend_is_the_unbiased_exponential_average():
    _, y = trend(np.arange(3.0), np.array([4.0, 2.0, 8.0]), 0.5)
    assert y == pytest.approx([4, (0.5 * 2 + 0.25 * 4) / 0.75, (0.5 * 8 + 0.25 * 2 + 0.125 * 4) / 0.875])


def test_the_trend_leaves_out_what_is_no_number():
    x, y = trend(np.arange(4.0), np.array([1.0, np.nan, np.inf, 1.0]), 0.9)
    assert x.tolist() == [0, 3]
    assert y == pytest.approx([1, 1])


def test_the_trend_of_a_long_curve_is_short_and_ends_where_the_curve_does():
    x, y = trend(np.arange(100_000.0), np.repeat([0.0, 1.0], 50_000), 0.5, 100)
    assert len(x) == len(y) == 100
    assert x[-1] == 99_999
    assert y[0] == 0
    assert y[-1] == pytest.approx(1)


def test_nothing_has_no_trend():
    assert trend(np.array([]), np.array([]), 0.5)[1].tolist() == []
