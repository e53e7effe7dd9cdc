from __future__ import annotations

import pytest
import torch

from playground.errors import PlaygroundError
from playground.metrics import kernel as module
from playground.metrics.kernel import kernel_distance


def points(seed: int, num_rows: int = 60, shift: float = 0.0) -> torch.Tensor:
    return shift + torch.randn(num_rows, 4, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_it_is_the_formula_pair_by_pair():
    first, second = points(0, 5), points(1, 7)

    def k(x: torch.Tensor, y: torch.Tensor) -> float:
        return ((x @ y / 4 + 1) ** 3).item()

    within = [sum(k(a[i], a[j]) for i in range(len(a)) for j in range(len(a)) if i != j) for a in (first, second)]
    across = sum(k(x, y) for x in first for y in second)
    expected = within[0] / (5 * 4) + within[1] / (7 * 6) - 2 * across / (5 * 7)
    assert kernel_distance(first, second) == pytest.approx(expected)


def test_sets_of_one_kind_are_around_zero_at_any_number_of_them():
    for num_rows in (20, 200):
        found = torch.tensor([kernel_distance(points(2 * n, num_rows), points(2 * n + 1, num_rows)) for n in range(40)])
        assert found.min() < 0 < found.max()
        assert abs(found.mean()) < 3 * found.std() / 40**0.5


def test_it_grows_with_a_shift():
    found = [kernel_distance(points(0, 200), points(1, 200, shift)) for shift in (0, 0.5, 1, 2)]
    assert found == sorted(found)


def test_chunks_change_nothing(monkeypatch):
    whole = kernel_distance(points(0), points(1))
    monkeypatch.setattr(module, "CHUNK", 7)
    assert kernel_distance(points(0), points(1)) == pytest.approx(whole)


def test_one_row_is_refused():
    with pytest.raises(PlaygroundError, match="at least 2 images"):
        kernel_distance(points(0, 1), points(1))
