import math

import pytest
import torch
from torch import nn

from playground.training.averaging import AveragedWeights


def one_weight(value: float) -> nn.Linear:
    layer = nn.Linear(1, 1, bias=False)
    nn.init.constant_(layer.weight, value)
    return layer


def test_the_memory_is_counted_in_pictures():
    model = one_weight(0.0)
    averaged = AveragedWeights(model, over_images=1000)
    nn.init.constant_(model.weight, 1.0)
    for _ in range(10):
        averaged.update(model, num_images=100, images_seen=1_000_000)
    assert averaged.model.weight.item() == pytest.approx(1 - math.exp(-1), rel=1e-5)

    coarse = AveragedWeights(one_weight(0.0), over_images=1000)
    coarse.update(model, num_images=1000, images_seen=1_000_000)
    assert coarse.model.weight.item() == pytest.approx(averaged.model.weight.item(), rel=1e-5)


def test_the_memory_is_short_at_first():
    model = one_weight(0.0)
    averaged = AveragedWeights(model, over_images=1000)
    nn.init.constant_(model.weight, 1.0)
    averaged.update(model, num_images=100, images_seen=100)
    assert averaged.model.weight.item() == pytest.approx(1 - math.exp(-5), rel=1e-5)


def test_no_memory_follows_at_once():
    model = one_weight(0.0)
    averaged = AveragedWeights(model, over_images=0)
    nn.init.constant_(model.weight, 3.0)
    averaged.update(model, num_images=1, images_seen=1)
    assert averaged.model.weight.item() == 3.0


def test_buffers_are_copied_and_the_model_stands_apart():
    model = nn.BatchNorm1d(2)
    averaged = AveragedWeights(model, over_images=1000)
    model.running_mean.fill_(4.0)
    averaged.update(model, num_images=1, images_seen=10**6)
    assert averaged.model.running_mean.tolist() == [4.0, 4.0]
    assert averaged.model.weight.data_ptr() != model.weight.data_ptr()
    assert not any(weight.requires_grad for weight in averaged.model.parameters())
    assert not averaged.model.training
    assert torch.is_grad_enabled()
