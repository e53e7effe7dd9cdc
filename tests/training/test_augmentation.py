"""What a discriminator sees its pictures under."""

import pytest
import torch

from playground.errors import PlaygroundError
from playground.training.augmentation import augment
from playground.training.config import AugmentationConfig, resolve

COUNT = 400


def pictures() -> torch.Tensor:
    return torch.rand(1, 3, 16, 16, generator=torch.Generator().manual_seed(0)).expand(COUNT, -1, -1, -1) * 1.6 - 0.8


def changed(config: AugmentationConfig, seed: int = 0) -> torch.Tensor:
    return augment(pictures(), config, torch.Generator().manual_seed(seed))


def same(seen: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Which pictures are alike, but for rounding."""
    return (seen - wanted).abs().flatten(1).amax(1) < 1e-5


def test_without_probability_nothing_changes():
    assert same(changed(AugmentationConfig(probability=0.0)), pictures()).all()


def test_half_are_mirrored_where_that_is_allowed():
    seen = changed(AugmentationConfig(probability=0.0, mirror=True))
    mirrored = same(seen, pictures().flip(3))
    as_is = same(seen, pictures())
    assert (mirrored | as_is).all()
    assert mirrored.float().mean() == pytest.approx(0.5, abs=0.08)


def test_each_kind_of_change_meets_the_share_that_it_should():
    seen = changed(AugmentationConfig(probability=0.25))
    untouched = same(seen, pictures()).float().mean()
    # Two shifts, three colours, one cover; some shifts round to nothing.
    assert 0.75**6 - 0.06 < untouched < 0.75**4 + 0.06
    middle = (seen[:, :, 8, 8] == 0).all(1)  # under a square half as wide as the picture in a quarter of places
    assert middle.float().mean() == pytest.approx(0.25 * 0.25, abs=0.04)


def test_chance_follows_from_the_generator_alone():
    config = AugmentationConfig(probability=0.5, mirror=True)
    assert torch.equal(changed(config, 3), changed(config, 3))
    assert not torch.equal(changed(config, 3), changed(config, 4))


def test_gradients_pass_through():
    images = pictures()[:8].clone().requires_grad_()
    augment(images, AugmentationConfig(probability=0.5, mirror=True), torch.Generator().manual_seed(0)).sum().backward()
    reached = images.grad.flatten(1).ne(0).float().mean(1)
    assert (reached > 0.4).all()


def test_changes_that_would_leak_are_refused():
    with pytest.raises(PlaygroundError, match=r"augmentation\.probability"):
        resolve("faces-gan", ["objective.augmentation.probability=0.9"])
