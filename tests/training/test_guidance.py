"""The encoder beside a style-based GAN: what it tells the mapping network's noise."""

import pytest
import torch
from small import settings

from playground.errors import PlaygroundError
from playground.models import family
from playground.training.build import build_step
from playground.training.config import resolve
from playground.training.guidance import MEMORY, Guide, between

SIZES = {
    "image_size": 8,
    "latent_dim": 6,
    "generator_channels": (12, 8),
    "discriminator_channels": (8, 8),
    "has_fitted_noise": True,
}


def style_gan(**changes):
    torch.manual_seed(0)
    return family("style-gan").build(SIZES | changes)


def normal(count: int, size: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed))


def test_noise_between_pictures_lies_on_the_arcs_between_neighbours():
    ends = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    arc = between(ends, 100, torch.Generator().manual_seed(1))
    assert torch.allclose(arc.norm(dim=1), torch.ones(100), atol=1e-6)
    assert bool((arc >= 0).all())
    assert arc[:, 0].min() < 0.1 and arc[:, 0].max() > 0.9


@torch.no_grad()
def test_the_gaussian_follows_the_moments_of_the_latest_noise():
    model = style_gan()
    guide = Guide(model, (8, 8))
    mean, factor = torch.arange(6.0), torch.eye(6) + torch.ones(6, 6).tril() / 2
    steps = normal(10 * MEMORY, 6) @ factor.T + mean
    for batch in steps.split(500):
        guide.follow(batch, model.prior.noise)
    drawn = torch.stack([model.prior.noise.draw(seed) for seed in range(4_000)])
    assert torch.allclose(drawn.mean(0), mean, atol=0.2)
    assert torch.allclose(drawn.T.cov(), factor @ factor.T, atol=0.35)


@pytest.mark.parametrize(
    "model",
    [
        style_gan(has_fitted_noise=False),
        family("gan").build({"image_size": 8, "generator_channels": (12, 8), "discriminator_channels": (8, 8)}),
    ],
)
def test_a_model_whose_noise_cannot_be_fitted_takes_no_guide(model):
    with pytest.raises(PlaygroundError, match=r"set model\.has_fitted_noise"):
        build_step(model, resolve("faces-gan", settings("faces-gan")))
