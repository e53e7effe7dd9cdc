"""Known damage must show, the more of it the more, in the figure that is there for it."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional

from playground.metrics.digit_judge import DIGITS
from playground.metrics.floor import asked_classes, measure_floor
from playground.metrics.judge import Reference
from playground.metrics.reference import chosen_rows, distance_to, real_pictures
from playground.metrics.samples import measure_samples


def noisy(images: torch.Tensor, deviation: float) -> torch.Tensor:
    noise = torch.randn(images.shape, generator=torch.Generator().manual_seed(0))
    return (images + deviation * noise).round().clamp(0, 255).to(torch.uint8)


def blurred(images: torch.Tensor, strength: float) -> torch.Tensor:
    soft = functional.avg_pool2d(images.float(), 3, 1, 1)
    return (images + strength * (soft - images)).round().clamp(0, 255).to(torch.uint8)


@pytest.fixture
def real(digits) -> tuple[torch.Tensor, torch.Tensor]:
    return digits[0][:750], digits[1][:750]


def test_the_distance_grows_with_noise(real, held_out):
    distances = [distance_to(held_out, noisy(real[0], deviation)) for deviation in (0, 15, 40, 100)]
    assert distances == sorted(distances)
    assert distances[-1] > 5 * distances[0]


def test_the_distance_grows_with_blur(real, held_out):
    distances = [distance_to(held_out, blurred(real[0], strength)) for strength in (0, 0.5, 1)]
    assert distances == sorted(distances)
    assert distances[-1] > 2 * distances[0]


def test_missing_classes_cost_distance_and_recall(real, held_out):
    images, labels = real
    found = [measure_samples(images[labels < number], None, held_out) for number in (10, 7, 3)]
    assert found[0]["frechet_distance"] < found[1]["frechet_distance"] < found[2]["frechet_distance"]
    assert found[0]["recall"] > found[1]["recall"] > found[2]["recall"]
    assert found[2]["precision"] > 0.8 * found[0]["precision"]


def test_the_guard_sees_speckle_and_blur(real, held_out):
    good, speckled, soft = (
        measure_samples(images, None, held_out) for images in (real[0], noisy(real[0], 4), blurred(real[0], 1))
    )
    assert good["black_ratio"] == pytest.approx(1, abs=0.1)
    assert good["high_frequency_ratio"] == pytest.approx(1, abs=0.15)
    assert speckled["black_ratio"] < 0.7
    assert soft["high_frequency_ratio"] < 0.7


def test_wrong_classes_are_seen(real, held_out):
    images, labels = real[0][:400], real[1][:400]
    right = measure_samples(images, labels, held_out)
    wrong = measure_samples(images, (labels + 1) % 10, held_out)
    assert right["class_accuracy"] > 0.9
    assert wrong["class_accuracy"] < 0.1
    assert right["classifier_score"] > 0.8
    assert wrong["classifier_score"] < 0.2
    assert right["frechet_distance"] == wrong["frechet_distance"]


def test_without_classes_the_figures_of_classes_are_left_out(real, held_out):
    assert not {"class_accuracy", "classifier_score"} & measure_samples(real[0], None, held_out).keys()


def test_the_floor_is_the_mean_over_disjoint_sets(small_mnist):
    held_out = real_pictures(DIGITS, "test", 140, small_mnist)
    train = real_pictures(DIGITS, "train", 300, small_mnist)
    floor = measure_floor(held_out, small_mnist)
    distances = [distance_to(held_out, train.images[start : start + 140]) for start in (0, 140)]
    assert floor["frechet_distance"] == pytest.approx(sum(distances) / 2)
    first = measure_samples(train.images[:140], train.labels[:140], held_out)
    assert floor["recall"] == first["recall"]
    assert torch.equal(asked_classes(DIGITS, 140, small_mnist), train.labels[:140])


def test_real_digits_are_the_same_at_every_call(small_mnist):
    first, second = real_pictures(DIGITS, "test", 20, small_mnist), real_pictures(DIGITS, "test", 30, small_mnist)
    assert isinstance(first, Reference)
    assert torch.equal(first.images, second.images[:20])
    assert sorted(chosen_rows(50, 50).tolist()) == list(range(50))
