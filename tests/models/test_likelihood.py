import math

import pytest
import torch

from playground.models import family
from playground.models.likelihood import DiscretisedLogistic, normal_divergence


@pytest.mark.parametrize("level", [-2.5, -1.0, -0.3, 0.0, 0.99, 1.4])
@pytest.mark.parametrize("scale", [0.01, 0.1, 1.0])
def test_the_masses_of_all_grey_levels_sum_to_one(level, scale):
    likelihood = DiscretisedLogistic().requires_grad_(False)
    likelihood.log_scale.fill_(math.log(scale))
    every_level = (torch.arange(256) / 127.5 - 1).view(256, 1, 1, 1)
    masses = likelihood(every_level, torch.full_like(every_level, level)).exp()
    assert masses.sum().item() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("level", "most_probable"), [(-2.5, 0), (-1.0, 0), (-0.3, 89), (0.99, 254), (1.4, 255)])
def test_the_level_is_the_most_probable_grey_level(level, most_probable):
    likelihood = DiscretisedLogistic().requires_grad_(False)
    likelihood.log_scale.fill_(math.log(0.002))
    every_level = (torch.arange(256) / 127.5 - 1).view(256, 1, 1, 1)
    assert int(likelihood(every_level, torch.full_like(every_level, level)).argmax()) == most_probable


def test_a_mass_is_the_difference_of_the_distribution_function():
    likelihood = DiscretisedLogistic().requires_grad_(False)
    image, level, scale = 64 / 127.5 - 1, -0.3, 0.1
    expected = math.log(
        1 / (1 + math.exp(-(image - level + 1 / 255) / scale)) - 1 / (1 + math.exp(-(image - level - 1 / 255) / scale))
    )
    found = likelihood(torch.full((1, 1, 2, 2), image), torch.full((1, 1, 2, 2), level))
    assert found.item() == pytest.approx(4 * expected, rel=1e-4)


def test_levels_beyond_black_are_black():
    levels = torch.tensor([-7.0, -0.2, 3.0]).view(1, 1, 1, 3)
    assert DiscretisedLogistic.most_probable(levels).flatten().tolist() == pytest.approx([-1, -0.2, 1])


def test_the_divergence_against_its_closed_form():
    assert normal_divergence(torch.zeros(2, 3), torch.zeros(2, 3)).tolist() == [0, 0]
    mean, log_variance = torch.tensor([[1.0, 0.0]]), torch.tensor([[0.0, math.log(4.0)]])
    assert normal_divergence(mean, log_variance).item() == pytest.approx(0.5 + (4 - 1 - math.log(4)) / 2)


@pytest.mark.parametrize("name", ["vae", "cvae"])
def test_the_bound_is_a_bound(name):
    """A mass is at most 1, so the bound on its logarithm is below 0."""
    torch.manual_seed(0)
    changes = {"class_names": ("0", "1")} if name == "cvae" else {}
    model = family(name).build({"latent_dim": 2, **changes}).eval().requires_grad_(False)
    images = torch.rand(3, 1, 32, 32) * 2 - 1
    y = torch.eye(2)[[0, 1, 0]] if name == "cvae" else None
    generator = torch.Generator().manual_seed(0)
    draws = torch.stack([model.bound(images, y, generator).nats for _ in range(8)])
    assert (draws < 0).all()
    bound = model.bound(images, y, torch.Generator().manual_seed(3))
    assert torch.allclose(bound.nats, bound.log_likelihood - bound.divergence)
    assert torch.allclose(bound.rebuilt, model.decode(bound.z, y), atol=1e-5)
    assert (bound.divergence >= 0).all()
