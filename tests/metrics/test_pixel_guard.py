from __future__ import annotations

import pytest
import torch

from playground.metrics.pixel_guard import black_share, high_frequency_energy


def test_the_black_share_counts_exact_zeros_only():
    images = torch.zeros(2, 1, 4, 4, dtype=torch.uint8)
    images[0, 0, 0, :] = 1
    images[1, 0, :, 0] = 255
    assert black_share(images) == 24 / 32


def test_a_flat_picture_has_no_high_frequencies():
    assert high_frequency_energy(torch.full((3, 1, 32, 32), 200, dtype=torch.uint8)) == pytest.approx(0, abs=1e-20)


def test_a_checkerboard_is_all_high_frequency():
    rows, columns = torch.meshgrid(torch.arange(32), torch.arange(32), indexing="ij")
    board = ((rows + columns) % 2 * 255).to(torch.uint8).expand(1, 1, 32, 32)
    # 0.5 +- 0.5: the mean is no high frequency, the alternation has mean square 1/4.
    assert high_frequency_energy(board) == pytest.approx(0.25)


@pytest.mark.parametrize(("cycles", "expected"), [(4, 0.0), (8, 0.0), (9, 1.0), (12, 1.0)])
def test_the_border_lies_at_half_the_nyquist_frequency(cycles, expected):
    wave = torch.cos(2 * torch.pi * cycles * torch.arange(32, dtype=torch.float64) / 32)
    levels = (127.5 + 127 * wave).round().to(torch.uint8).expand(1, 1, 32, 32)
    share = high_frequency_energy(levels) / (levels.double() / 255).var(correction=0).item()
    assert share == pytest.approx(expected, abs=0.01)


def test_the_mean_is_over_pictures():
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(0, 256, (5, 1, 28, 28), generator=generator, dtype=torch.uint8)
    alone = [high_frequency_energy(image[None]) for image in images]
    assert high_frequency_energy(images) == pytest.approx(sum(alone) / 5)
