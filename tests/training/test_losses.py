import math

import pytest
import torch

from playground.training.losses import (
    classic_discriminator_loss,
    classic_generator_loss,
    difference_penalty,
    gradient_penalty,
    relativistic_loss,
    saturation_penalty,
)


def test_classic_losses_are_binary_cross_entropy():
    real, fake = torch.tensor([0.0, math.log(3)]), torch.tensor([0.0, -math.log(3)])
    # sigmoid(log 3) is 3/4: cross-entropy log 2 and log 4/3, on either side.
    expected = (math.log(2) + math.log(4 / 3)) / 2
    assert classic_discriminator_loss(real, fake).item() == pytest.approx(expected)
    assert classic_generator_loss(fake).item() == pytest.approx((math.log(2) + math.log(4)) / 2)


def test_the_relativistic_loss_judges_each_pair():
    better, worse = torch.tensor([5.0, 0.0]), torch.tensor([5.0 - math.log(3), math.log(3)])
    assert relativistic_loss(better, worse).item() == pytest.approx((math.log(4 / 3) + math.log(4)) / 2)
    # Only differences count, so a shift of both is nothing, and a swap within a side is something.
    assert relativistic_loss(better + 7, worse + 7).item() == pytest.approx(relativistic_loss(better, worse).item())
    assert relativistic_loss(better.flip(0), worse).item() != pytest.approx(relativistic_loss(better, worse).item())


def test_the_gradient_penalty_of_a_linear_judge_is_its_squared_weight():
    weight = torch.tensor([3.0, -4.0]).view(1, 1, 1, 2)
    penalty = gradient_penalty(lambda images: (images * weight).sum(dim=(1, 2, 3)) + 5, torch.randn(6, 1, 1, 2))
    assert penalty.item() == pytest.approx(25)


def test_finite_differences_agree_with_the_exact_gradient():
    generator = torch.Generator().manual_seed(0)
    weights = torch.randn(16, 8, generator=generator) / 4

    def discriminate(images):
        return torch.tanh(images.flatten(1) @ weights).sum(dim=1)

    images = torch.randn(1, 1, 4, 4, generator=generator)
    exact = gradient_penalty(discriminate, images).item()
    many = images.repeat(200_000, 1, 1, 1)
    sigma = 0.01
    moved = many + sigma * torch.randn(many.shape, generator=generator)
    approximate = difference_penalty(discriminate(many), discriminate(moved), sigma).item()
    assert exact > 0.05
    assert approximate == pytest.approx(exact, rel=0.02)


def test_both_penalties_can_be_learnt_from():
    weight = torch.full((4,), 0.5, requires_grad=True)
    images = torch.randn(3, 1, 2, 2)
    gradient_penalty(lambda x: x.flatten(1) @ weight, images).backward()
    assert weight.grad.tolist() == pytest.approx([1.0] * 4)  # d |w|^2 / dw = 2 w


def test_levels_are_free_up_to_the_limit():
    levels = torch.tensor([-4.0, 0.0, 3.9, 4.0, -6.0, 5.0, 0.0, 0.0]).view(2, 1, 2, 2)
    assert saturation_penalty(levels).item() == pytest.approx((4 + 1) / 8)
