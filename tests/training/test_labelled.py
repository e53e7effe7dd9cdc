"""Directions that a label names: found where the answer is known."""

import dataclasses

import pytest
import torch
from torch import nn

from playground.data import ImageSet
from playground.errors import PlaygroundError
from playground.latents.directions import step_along
from playground.models import GenerativeModel, ModelConfig
from playground.models.prior import GaussianMixture
from playground.training.labelled import alone, fit_labelled

SIZE = 16


class TwoStripes(GenerativeModel):
    """Coordinate 0 lights the upper half, 0 and 1 together the lower one; 2 does nothing."""

    title = "Two stripes"
    provides = frozenset()

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        self.unused = nn.Parameter(torch.zeros(1))

    def decode(self, z, y=None):
        upper, lower = z[:, 0], (z[:, 0] + z[:, 1]) / 2
        half = torch.ones(SIZE // 2, SIZE)
        stripes = torch.cat([upper[:, None, None] * half, lower[:, None, None] * half], dim=1)
        return (0.3 * stripes + (0 if y is None else 0.2 * y[:, :1, None])).tanh()[:, None]


def data(**more) -> ImageSet:
    """Stripes of any brightness, with both told as attributes."""
    generator = torch.Generator().manual_seed(0)
    halves = torch.randint(60, 200, (500, 2, 1, 1), generator=generator, dtype=torch.uint8)
    images = halves.expand(-1, -1, SIZE // 2, SIZE).reshape(500, 1, SIZE, SIZE)
    values = torch.cat([halves.flatten(1).float(), torch.full((500, 1), 7.0)], dim=1)
    found = ImageSet(images, torch.zeros(500, dtype=torch.int64), (), values, ("upper", "lower", "the same"))
    return dataclasses.replace(found, **more)


def model(**config) -> TwoStripes:
    return TwoStripes(ModelConfig(latent_dim=3, image_size=SIZE, **config)).eval()


def read(one: TwoStripes, z: torch.Tensor) -> torch.Tensor:
    return one.decode(z[None])[0, 0, [0, -1], 0]


def test_each_direction_moves_its_own_label_and_no_other():
    one = model()
    fit_labelled(one, data())
    assert one.config.label_names == ("upper", "lower")  # what never varies names nothing
    still = read(one, torch.zeros(3))
    upper = read(one, step_along("label:upper", one)) - still
    lower = read(one, step_along("label:lower", one)) - still
    assert upper[0] > 0.1 > 10 * abs(upper[1])
    assert lower[1] > 0.1 > 10 * abs(lower[0])


def test_steps_are_standard_deviations_of_the_codes():
    one = model(mixture_components=1)
    one.prior = GaussianMixture(1, 3)
    one.prior.pack(torch.diag(torch.tensor([4.0, 1.0, 0.5]))[None])
    fit_labelled(one, data())
    step = step_along("label:upper", one)
    assert (step[:2] / torch.tensor([4.0, 1.0])).norm() == pytest.approx(1, rel=0.02)
    assert abs(step[2]) < 0.1


def test_what_classes_change_is_not_taken_for_the_code_s_doing():
    plain, told = model(), model(class_names=("light", "dark"))
    for one in (plain, told):
        fit_labelled(one, data())
    assert torch.allclose(step_along("label:upper", plain), step_along("label:upper", told), atol=0.05)


def test_pictures_of_which_something_is_unknown_are_left_out():
    values = data().attributes.clone()
    values[:200] = torch.nan
    one, other = model(), model()
    fit_labelled(one, data(attributes=values))
    fit_labelled(other, data())
    assert torch.allclose(step_along("label:lower", one), step_along("label:lower", other), atol=0.05)


def test_an_unknown_label_names_those_there_are():
    one = model()
    fit_labelled(one, data())
    with pytest.raises(PlaygroundError, match=r"no direction 'label:beard'.*label:upper, label:lower"):
        step_along("label:beard", one)


def test_alone_takes_away_what_the_others_share():
    slopes = torch.tensor([[1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    assert torch.allclose(alone(slopes, 0), torch.tensor([0.5, -0.5, 0.0]) * 2**0.5, atol=1e-6)
    assert torch.allclose(alone(slopes[:, :1], 0), torch.tensor([1.0, 0.0, 0.0]))
