from __future__ import annotations

import pytest
import torch
from scipy.stats import mannwhitneyu

from playground.errors import PlaygroundError
from playground.metrics.data_copying import (
    NUM_CELLS,
    cell_centres,
    cells_of,
    copying_score,
    mann_whitney_z,
    near_copies,
)
from playground.metrics.nearest import nearest


def cloud(seed: int, num_rows: int) -> torch.Tensor:
    return torch.randn(num_rows, 3, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def score_of(samples: torch.Tensor) -> tuple[float, float]:
    training, held_out = cloud(0, 2000), cloud(1, 500)
    centres = cell_centres(training)
    real, drawn = (nearest(points, training)[0][:, 0] for points in (held_out, samples))
    cells = cells_of(held_out, centres), cells_of(samples, centres)
    return copying_score((real, cells[0]), (drawn, cells[1])), near_copies(real, drawn)


def test_the_z_score_is_that_of_the_mann_whitney_test():
    first, second = cloud(0, 40)[:, 0].round(decimals=1), cloud(1, 50)[:, 0].round(decimals=1) + 0.3
    found = mannwhitneyu(second, first, method="asymptotic", use_continuity=False)
    expected = (found.statistic - 40 * 50 / 2) / (40 * 50 * (40 + 50 + 1) / 12) ** 0.5
    assert mann_whitney_z(first, second) == pytest.approx(expected)
    assert mann_whitney_z(second, first) == pytest.approx(-expected)


def test_honest_samples_score_around_zero():
    score, share = score_of(cloud(2, 500))
    assert abs(score) < 2
    assert share < 0.05


def test_copies_score_far_below_zero_the_more_of_them_the_further():
    copies = cloud(0, 2000)[:500] + 0.001
    found = [score_of(torch.cat([copies[:count], cloud(2, 500 - count)])) for count in (0, 150, 490)]
    assert found[0][0] > found[1][0] > found[2][0]
    assert found[2][0] < -5
    assert found[1][1] == pytest.approx(0.3, abs=0.05)


def test_samples_away_from_real_pictures_score_above_zero():
    assert score_of(1.5 * cloud(2, 500))[0] > 2


def test_a_nearest_point_is_found_and_told():
    training = cloud(0, 50)
    distances, chosen = nearest(training[[7, 3]] + 1e-4, training, 2)
    assert chosen[:, 0].tolist() == [7, 3]
    assert (distances[:, 0] < distances[:, 1]).all()
    with pytest.raises(PlaygroundError, match="51 neighbours need as many"):
        nearest(training, training, 51)


def test_cells_are_the_same_at_every_call():
    training = cloud(0, 400)
    assert torch.equal(cell_centres(training), cell_centres(training))
    assert cells_of(training, cell_centres(training)).unique().tolist() == list(range(NUM_CELLS))


def test_too_few_pictures_are_refused():
    few = torch.rand(5, dtype=torch.float64), torch.zeros(5, dtype=torch.int64)
    with pytest.raises(PlaygroundError, match="at least 20 pictures on either side"):
        copying_score(few, few)
    with pytest.raises(PlaygroundError, match="needs pictures on either side"):
        near_copies(few[0][:0], few[0])
