"""The encoder beside a style-based GAN: what it tells the mapping network's noise."""

import pytest
import torch
from small import settings

from playground.data import ImageSet
from playground.errors import PlaygroundError
from playground.models import family
from playground.models.prior import GaussianMixture
from playground.training.build import build_step
from playground.training.config import resolve
from playground.training.guidance import MEMORY, Guide, between

SIZES = {
    "image_size": 8,
    "latent_dim": 6,
    "generator_channels": (12, 8),
    "discriminator_channels": (8, 8),
    "noise_components": 2,
}


def style_gan(**changes):
    torch.manual_seed(0)
    return family("style-gan").build(SIZES | changes)


def normal(count: int, size: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, size, generator=torch.Generator().manual_seed(seed))


def test_noise_between_pictures_has_their_mean_and_covariance_and_lies_on_arcs():
    factor = torch.tensor([[1.0, 0.0], [1.5, 0.5]])
    found = between(normal(20_000, 2) @ factor.T, 20_000, torch.Generator().manual_seed(1))
    assert torch.allclose(found.mean(0), torch.zeros(2), atol=0.05)
    assert torch.allclose(found.T.cov(), factor @ factor.T, atol=0.1)

    ends = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    arc = between(ends, 100, torch.Generator().manual_seed(1))
    assert torch.allclose(arc.norm(dim=1), torch.ones(100), atol=1e-6)
    assert bool((arc >= 0).all())
    assert arc[:, 0].min() < 0.1 and arc[:, 0].max() > 0.9


@torch.no_grad()
def test_the_mixture_follows_the_moments_of_the_latest_noise():
    model = style_gan()
    guide = Guide(model, (8, 8))
    mean, factor = torch.arange(6.0), torch.eye(6) + torch.ones(6, 6).tril() / 2
    steps = normal(10 * MEMORY, 6) @ factor.T + mean
    for batch in steps.split(500):
        guide.follow(batch, model.prior.noise)
    drawn = torch.stack([model.prior.noise.draw(seed) for seed in range(4_000)])
    assert torch.allclose(drawn.mean(0), mean, atol=0.2)
    assert torch.allclose(drawn.T.cov(), factor @ factor.T, atol=0.35)


def test_finished_the_mixture_is_fitted_to_the_noise_of_the_pictures():
    model = style_gan()
    step = build_step(model, resolve("faces-gan", settings("faces-gan")))
    with torch.no_grad():
        step.guide.encoder.posterior.bias[6:] = -8  # the log-variances: the encoder is sure of itself
    dark, light = torch.zeros(60, 1, 8, 8, dtype=torch.uint8), torch.full((30, 1, 8, 8), 255, dtype=torch.uint8)
    data = ImageSet(torch.cat([dark, light]), torch.zeros(90, dtype=torch.long), ("0",))
    step.finish(model, data, seed=0)
    noise = step.guide.noise_of(data, seed=0)
    assert torch.allclose(model.prior.noise.weights.sort().values, torch.tensor([1 / 3, 2 / 3]), atol=0.05)
    for rows in (noise[:60], noise[60:]):
        assert (model.prior.noise.means - rows.mean(0)).norm(dim=1).min() < 0.05


@pytest.mark.parametrize(
    "model",
    [
        style_gan(noise_components=0),
        family("gan").build({"image_size": 8, "generator_channels": (12, 8), "discriminator_channels": (8, 8)}),
    ],
)
def test_a_model_whose_noise_cannot_be_fitted_takes_no_guide(model):
    with pytest.raises(PlaygroundError, match=r"set model\.noise_components"):
        build_step(model, resolve("faces-gan", settings("faces-gan")))


def test_a_gaussian_is_a_mixture_of_components_that_are_alike():
    mixture = GaussianMixture(3, 2)
    factor = torch.tensor([[2.0, 0.0], [1.0, 0.5]])
    mixture.become(torch.tensor([1.0, -1.0]), factor)
    assert torch.equal(mixture.means, torch.tensor([[1.0, -1.0]] * 3))
    assert torch.equal(mixture.factors, factor.expand(3, 2, 2))
