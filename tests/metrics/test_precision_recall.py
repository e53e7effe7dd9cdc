from __future__ import annotations

import pytest
import torch

from playground.errors import PlaygroundError
from playground.metrics import precision_recall as module
from playground.metrics.precision_recall import precision_recall


def cluster(centre: float, seed: int, num_rows: int = 200) -> torch.Tensor:
    return centre + torch.randn(num_rows, 4, generator=torch.Generator().manual_seed(seed))


def test_a_set_is_inside_itself():
    assert precision_recall(cluster(0, 0), cluster(0, 0)) == (1.0, 1.0)


def test_sets_far_apart_share_nothing():
    assert precision_recall(cluster(0, 0), cluster(100, 1)) == (0.0, 0.0)


def test_a_missing_mode_costs_recall_and_not_precision():
    left = cluster(0, 0)
    real = torch.cat([left, cluster(100, 1)])
    assert precision_recall(real, left) == (1.0, 0.5)


def test_an_invented_mode_costs_precision_and_not_recall():
    left = cluster(0, 0)
    generated = torch.cat([left, cluster(100, 1)])
    assert precision_recall(left, generated) == (0.5, 1.0)


def test_a_ball_reaches_to_the_kth_neighbour_and_no_further():
    real = torch.tensor([[0.0], [1], [2], [3], [4]])
    # With k = 1 each real ball has radius 1: they cover -1..5.
    generated = torch.tensor([[-1.0], [-1.1], [5.0], [5.1]])
    precision, _ = precision_recall(real, generated, num_neighbours=1)
    assert precision == 0.5
    # With k = 2 the outermost balls have radius 2 and cover -2..6.
    precision, _ = precision_recall(real, generated, num_neighbours=2)
    assert precision == 1.0


def test_chunks_change_nothing(monkeypatch):
    real, generated = cluster(0, 0), cluster(0.5, 1)
    whole = precision_recall(real, generated)
    monkeypatch.setattr(module, "CHUNK", 7)
    assert precision_recall(real, generated) == whole
    assert 0 < whole[0] < 1


def test_too_few_rows_are_refused():
    with pytest.raises(PlaygroundError, match="more than 3 images"):
        precision_recall(cluster(0, 0, num_rows=3), cluster(0, 1))
