"""Features of strokes and edges."""

from __future__ import annotations

import pytest
import torch

from playground.training.oriented_gradients import oriented_gradients


def bar(angle: float, size: int = 32, left: int = 0, channels: int = 1) -> torch.Tensor:
    """A bright bar through the middle on black, `left` pixels aside; uint8 [1, channels, size, size]."""
    down, across = torch.meshgrid(torch.arange(size) - size / 2, torch.arange(size) - size / 2 + left, indexing="ij")
    angle = torch.tensor(angle)
    distance = (across * angle.sin() - down * angle.cos()).abs() * 32 / size
    picture = ((3 - distance).clamp(0, 1) * 255).to(torch.uint8)
    return picture.expand(1, channels, size, size)


def apart(one: torch.Tensor, other: torch.Tensor) -> float:
    return (oriented_gradients(one) - oriented_gradients(other)).norm().item()


def test_rows_have_length_1_and_do_not_know_their_neighbours():
    pictures = torch.cat([bar(0.1 * index) for index in range(7)])
    rows = oriented_gradients(pictures)
    torch.testing.assert_close(rows.norm(dim=1), torch.ones(7))
    torch.testing.assert_close(rows[3:4], oriented_gradients(pictures[3:4]))


@pytest.mark.parametrize(("size", "channels"), [(64, 1), (32, 3), (8, 1)])
def test_any_size_and_colour_will_do(size, channels):
    rows = oriented_gradients(bar(0.5, size, channels=channels))
    assert rows.isfinite().all()
    if size > 8:
        assert (rows @ oriented_gradients(bar(0.5)).T).item() > 0.9


def test_a_shifted_stroke_stays_nearer_than_a_turned_one():
    assert apart(bar(1.2), bar(1.2, left=1)) < 0.5 * apart(bar(1.2), bar(1.2 + 0.6))


def test_an_empty_picture_has_no_features():
    assert not oriented_gradients(torch.zeros(1, 1, 32, 32, dtype=torch.uint8)).any()
