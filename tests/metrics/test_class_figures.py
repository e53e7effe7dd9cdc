from __future__ import annotations

import pytest
import torch

from playground.errors import PlaygroundError
from playground.metrics.class_accuracy import class_accuracy
from playground.metrics.classifier_score import classifier_score


def test_class_accuracy_is_the_share_of_hits():
    assert class_accuracy(torch.tensor([1, 2, 3, 4]), torch.tensor([1, 2, 3, 5])) == 0.75


def test_class_accuracy_needs_pictures():
    with pytest.raises(PlaygroundError, match="at least one picture"):
        class_accuracy(torch.zeros(0).long(), torch.zeros(0).long())


def test_the_classifier_score_is_the_same_at_every_call_and_leaves_the_random_state(digits):
    images, labels = digits
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    scores = [classifier_score(images[:200], labels[:200], images[1400:], labels[1400:]) for _ in range(2)]
    assert scores[0] == scores[1] > 0.5
    assert torch.equal(torch.rand(3), expected)


def test_the_classifier_score_falls_with_variety(digits):
    images, labels = digits
    full = classifier_score(images[:300], labels[:300], images[1200:], labels[1200:])
    # The same number of pictures, but only two kinds of each digit.
    first = torch.cat([torch.where(labels == digit)[0][:2] for digit in range(10)]).repeat(15)
    poor = classifier_score(images[first], labels[first], images[1200:], labels[1200:])
    assert poor < full - 0.05


def test_the_classifier_score_needs_enough_pictures(digits):
    images, labels = digits
    with pytest.raises(PlaygroundError, match="at least 100"):
        classifier_score(images[:50], labels[:50], images, labels)
