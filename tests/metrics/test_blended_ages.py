from __future__ import annotations

import pytest
import torch

from playground.metrics.blended_ages import blended_ages, rises
from playground.models import GenerativeModel, ModelConfig


class Greying(GenerativeModel):
    """Draws grey levels: the darkest for the first class, the lightest for the last, a code a little to either side."""

    family = "greying-test"
    title = "Greying"

    def __init__(self, levels: tuple[float, ...]) -> None:
        names = tuple(str(level) for level in levels)
        super().__init__(ModelConfig(latent_dim=2, image_size=4, image_channels=3, class_names=names))
        self.levels = torch.tensor(levels).float()

    def decode(self, z, y=None):
        level = (y @ self.levels + 0.01 * z[:, 0]) / 127.5 - 1
        return level[:, None, None, None].expand(-1, *self.image_shape)


def brightness(images: torch.Tensor) -> torch.Tensor:
    return images.float().mean((1, 2, 3))


def test_the_ages_are_those_of_the_blends_of_first_and_last():
    found = blended_ages(Greying((20, 200, 80)), brightness, num_seeds=60)
    assert list(found) == [0, 0.17, 0.33, 0.5, 0.67, 0.83, 1]
    assert list(found.values()) == pytest.approx([20, 30, 40, 50, 60, 70, 80], abs=0.5)
    assert rises(list(found.values()))


def test_a_step_down_does_not_rise():
    assert not rises([1.0, 2.0, 2.0, 3.0])
    assert not rises([3.0, 2.0])
    assert rises([1.0, 2.0, 3.0])
