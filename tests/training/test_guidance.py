"""The encoder beside a generator: what it tells of the noise that pictures are drawn from."""

import copy

import pytest
import torch
from small import GUIDED, command, settings

from playground import checkpoints
from playground.data import load_images
from playground.errors import PlaygroundError
from playground.models import Capability, family
from playground.training.__main__ import main
from playground.training.build import build_model, build_step
from playground.training.config import resolve
from playground.training.guidance import MEMORY, Guide, between

SIZES = {
    "image_size": 8,
    "latent_dim": 6,
    "generator_channels": (12, 8),
    "discriminator_channels": (8, 8),
    "has_fitted_noise": True,
}
PLAIN = {"image_size": 8, "generator_channels": (12, 8), "discriminator_channels": (8, 8)}


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


def guided(preset: str, changes=()):
    config = resolve(preset, [*settings(preset), *changes])
    model, data = build_model(config, lambda size: load_images(config.data, "train", size))
    return build_step(model, config), data


@torch.no_grad()
def test_a_mixture_is_fitted_to_the_noise_of_all_pictures_at_the_end():
    step, data = guided("digits-gan", GUIDED)
    model = step.model
    step.fit_noise(model, data, seed=0)
    found = torch.cat([step.guide.encoder(images.float() / 127.5 - 1)[0] for images in data.images.split(500)])
    drawn = torch.stack([model.noise.draw(seed) for seed in range(4_000)])
    assert torch.allclose(drawn.mean(0), found.mean(0), atol=0.1)
    assert not torch.allclose(*model.noise.means, atol=0.05)
    again = copy.deepcopy(model.noise)
    step.fit_noise(model, data, seed=0)
    assert torch.equal(again.means, model.noise.means)


def test_a_guided_training_ends_in_a_model_that_draws_from_its_mixture(tmp_path, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_CHECKPOINTS", str(tmp_path / "checkpoints"))
    changes = [part for change in GUIDED for part in ("--set", change)]
    assert main([*command("digits-gan", tmp_path / "run", total_images=320), *changes]) == 0
    model = checkpoints.load("digits-gan").model
    assert Capability.FITTED_PRIOR in model.capabilities
    assert Capability.ENCODE not in model.capabilities
    assert not torch.allclose(*model.prior.means, atol=0.05)


@torch.no_grad()
def test_one_gaussian_stays_as_it_has_followed_the_training():
    step, data = guided("faces-gan")
    before = copy.deepcopy(step.model.noise)
    step.fit_noise(step.model, data, seed=0)
    assert torch.equal(before.means, step.model.noise.means)
    assert torch.equal(before.packed_factors, step.model.noise.packed_factors)


@pytest.mark.parametrize(
    ("model", "preset"),
    [
        (style_gan(has_fitted_noise=False), "faces-gan"),
        (family("gan").build(PLAIN), "faces-gan"),
        (style_gan(), "digits-gan"),
        (family("gan").build(PLAIN | {"mixture_components": 2}), "digits-gan"),
    ],
)
def test_a_guide_and_noise_to_fit_go_together(model, preset):
    with pytest.raises(PlaygroundError, match="set both or neither"):
        build_step(model, resolve(preset, settings(preset)))
