from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from playground.errors import PlaygroundError
from playground.metrics.frechet import frechet_distance


def features(seed: int, num_rows: int = 400, width: int = 6) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    mixing = torch.randn(width, width, generator=generator, dtype=torch.float64)
    return torch.randn(num_rows, width, generator=generator, dtype=torch.float64) @ mixing


def test_a_set_has_no_distance_to_itself():
    assert frechet_distance(features(0), features(0)) == pytest.approx(0, abs=1e-9)


def test_a_shift_costs_its_squared_length():
    shift = torch.tensor([3.0, 0, -4, 0, 0, 0], dtype=torch.float64)
    assert frechet_distance(features(0), features(0) + shift) == pytest.approx(25)


def test_a_scaling_costs_the_squared_change_of_the_deviations():
    centred = features(0) - features(0).mean(0)
    expected = (1.5 - 1) ** 2 * torch.cov(centred.T).trace().item()
    assert frechet_distance(centred, 1.5 * centred) == pytest.approx(expected)


def test_covariances_that_do_not_commute_agree_with_the_formula():
    first, second = features(1), features(2)
    covariances = np.cov(first.T), np.cov(second.T)
    root = sqrtm(covariances[0] @ covariances[1]).real
    shift = (first.mean(0) - second.mean(0)).square().sum().item()
    expected = shift + np.trace(covariances[0] + covariances[1] - 2 * root)
    assert frechet_distance(first, second) == pytest.approx(expected)


def test_singular_covariances_are_no_trouble():
    flat = features(3)
    flat[:, 2:] = 0
    moved = flat.clone()
    moved[:, 0] += 2
    assert frechet_distance(flat, moved) == pytest.approx(4)


def test_it_is_symmetric():
    assert frechet_distance(features(1), features(2)) == pytest.approx(frechet_distance(features(2), features(1)))


def test_one_row_is_refused():
    with pytest.raises(PlaygroundError, match="at least 2 images"):
        frechet_distance(features(0)[:1], features(0))
