"""The figures of likeness, on pictures whose distances can be worked out."""

import pytest
import torch

from playground.data import ImageSet
from playground.training.accuracy import accuracy_of_each, accuracy_of_pairs
from playground.training.likeness import Likeness, mean_distance


def noise(seed: int, number: int = 256) -> torch.Tensor:
    return torch.randint(0, 256, (number, 1, 8, 8), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def figures(tiny, data: ImageSet, drawn: torch.Tensor, monkeypatch) -> dict[str, float]:
    monkeypatch.setattr(type(tiny), "decode", lambda self, z, y=None: drawn.float() / 127.5 - 1)
    return {name: float(value) for name, value in Likeness(tiny, data).measure(tiny).items()}


def test_pictures_of_the_same_spread_are_alike_and_one_picture_again_and_again_is_not(tiny_plain, monkeypatch):
    data = ImageSet(noise(0), torch.zeros(256, dtype=torch.long), ())
    alike = figures(tiny_plain, data, noise(1), monkeypatch)
    assert alike["diversity"] == pytest.approx(1, abs=0.02)
    assert alike["distance"] == pytest.approx(0, abs=0.02)
    same = figures(tiny_plain, data, noise(1)[:1].expand(256, -1, -1, -1), monkeypatch)
    assert same["diversity"] == pytest.approx(0, abs=0.01)
    assert same["distance"] == pytest.approx(1, abs=0.1)  # 2 E|x - s| / E|x - x'| - 1, of which the first is 1
    far = figures(tiny_plain, data, torch.full_like(data.images, 255), monkeypatch)
    assert far["distance"] > same["distance"]


def test_one_picture_a_class_is_found_out(tiny, monkeypatch):
    labels = torch.arange(256) % 3
    data = ImageSet(noise(0), labels, ("0", "1", "2"))
    assert figures(tiny, data, noise(1), monkeypatch)["diversity"] == pytest.approx(1, abs=0.02)
    assert figures(tiny, data, noise(1)[labels], monkeypatch)["diversity"] == pytest.approx(0, abs=0.01)


def test_classes_of_one_picture_each_are_compared_with_each_other(tiny, monkeypatch):
    data = ImageSet(noise(0, 3), torch.arange(3), ("0", "1", "2"))
    assert figures(tiny, data, noise(1, 3), monkeypatch)["diversity"] == pytest.approx(1, abs=0.3)


def test_the_active_share_counts_numbers_that_differ(tiny_plain, monkeypatch):
    def encode(self, images, y=None):
        codes = images.flatten(1)[:, :4].clone()
        codes[:, :3] = torch.tensor([1.0, 2.0, 0.0]) + 0.05 * codes[:, :3]
        return codes

    monkeypatch.setattr(type(tiny_plain), "encode", encode)
    data = ImageSet(noise(0), torch.zeros(256, dtype=torch.long), ())
    assert Likeness(tiny_plain, data).measure(tiny_plain)["active_share"] == pytest.approx(0.25)


def test_only_the_pairs_asked_for_count():
    points = torch.tensor([0.0, 3.0, 7.0]).reshape(3, 1, 1, 1)
    pairs = torch.tensor([[False, True, False], [False, False, False], [True, False, False]])
    assert mean_distance(points, points, pairs) == pytest.approx(5)


def test_how_often_a_discriminator_is_right():
    real, fake = torch.tensor([1.0, 2.0, -1.0, 0.0]), torch.tensor([-1.0, 3.0, -2.0, 0.0])
    assert accuracy_of_each(real, fake) == pytest.approx((2 + 0.5 + 2 + 0.5) / 8)
    assert accuracy_of_pairs(real, fake) == pytest.approx((1 + 0 + 1 + 0.5) / 4)
