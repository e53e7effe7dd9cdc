from __future__ import annotations

from dataclasses import dataclass

import pytest
import torch

from playground.errors import PlaygroundError
from playground.metrics.digit_judge import DIGITS
from playground.metrics.evidence_bound import HasBound, mean_bound
from playground.metrics.measure import draw, measure, reconstruct
from playground.metrics.reconstructions import measure_reconstructions
from playground.models import Capability, GenerativeModel, ModelConfig


class Mirror(GenerativeModel):
    """A code is a picture, pixel by pixel: reconstructions are perfect, samples are noise."""

    family = "mirror-test"
    title = "Mirror"
    provides = frozenset({Capability.ENCODE})

    def decode(self, z, y=None):
        return z.reshape(-1, *self.image_shape)

    def encode(self, images, y=None):
        return images.flatten(1)


class Album(GenerativeModel):
    """Draws real digits of the class asked for, whatever the code."""

    family = "album-test"
    title = "Album"

    def __init__(self, images, labels) -> None:
        super().__init__(ModelConfig(latent_dim=4, image_size=32, class_names=DIGITS.class_names))
        self.pages = [images[labels == digit].float() / 127.5 - 1 for digit in range(10)]

    def decode(self, z, y=None):
        chosen = z[:, 0].mul(1e4).long().abs()
        return torch.stack(
            [self.pages[digit][code % len(self.pages[digit])] for code, digit in zip(chosen, y.argmax(1), strict=True)]
        )


def mirror(image_size: int = 32, **config) -> Mirror:
    return Mirror(ModelConfig(latent_dim=image_size**2, image_size=image_size, **config)).eval()


@pytest.mark.parametrize("image_size", [28, 32])
def test_a_perfect_encoder_reconstructs_every_pixel(image_size, held_out):
    some = held_out.part(0, 60)
    figures = measure_reconstructions(reconstruct(mirror(image_size), some), some)
    assert figures["reconstruction_error"] == 0
    assert figures["reconstruction_distance"] == pytest.approx(0, abs=1e-6)


def test_the_reconstruction_error_is_in_grey_levels(held_out):
    some = held_out.part(0, 60)
    darker = some.images.clamp(min=3) - 3
    expected = (some.images.float() - darker).square().mean().sqrt().item()
    assert measure_reconstructions(darker, some)["reconstruction_error"] == pytest.approx(expected)
    with pytest.raises(PlaygroundError, match="one reconstruction a picture"):
        measure_reconstructions(darker[:-1], some)


def test_every_figure_that_a_model_can_have_is_measured(held_out):
    some = held_out.part(0, 120)
    plain = measure(mirror(), some.labels, some)
    fitted = measure(mirror(mixture_components=2), some.labels, some)
    samples = {"frechet_distance", "precision", "recall", "black_ratio", "high_frequency_ratio"}
    reconstructions = {"reconstruction_distance", "reconstruction_error"}
    assert plain.keys() == samples | reconstructions
    assert fitted.keys() == plain.keys() | {f"{name}_normal" for name in samples}
    assert plain["precision"] == 0  # noise is no digit


def test_a_model_is_asked_for_the_given_classes(digits, held_out):
    some = held_out.part(0, 200)
    figures = measure(Album(*digits), some.labels, some)
    assert figures["class_accuracy"] > 0.9
    assert figures["classifier_score"] > 0.6
    noise = measure(mirror(), some.labels, some)
    assert figures["frechet_distance"] < noise["frechet_distance"] / 10


def test_pictures_are_drawn_seed_by_seed_from_the_prior():
    model = mirror(28)
    images = draw(model, model.prior, torch.zeros(3, dtype=torch.int64))
    expected = ((model.prior.draw(2) + 1) * 127.5).round().clamp(0, 255)
    assert torch.equal(images[2].flatten().float(), expected)


@pytest.mark.parametrize(
    "config",
    [{"image_size": 64}, {"image_size": 32, "image_channels": 3}, {"image_size": 32, "class_names": ("cat", "dog")}],
)
def test_a_model_of_something_else_is_refused(config, held_out):
    with pytest.raises(PlaygroundError, match="Only models of grey digits"):
        measure(Mirror(ModelConfig(latent_dim=4, **config)), held_out.labels, held_out)


@dataclass
class Bound:
    nats: torch.Tensor


class Bounded:
    """Its bound is the sum of the pixels: every picture counts once."""

    def sample_code(self, images, y, generator):
        return images

    def bound(self, images, y, generator):
        return Bound(images.flatten(1).sum(1) + (0 if y is None else y[:, 0]))


def test_the_bound_is_the_mean_over_all_pictures():
    images = torch.randn(601, 1, 2, 2, generator=torch.Generator().manual_seed(0))
    y = torch.nn.functional.one_hot(torch.arange(601) % 10, 10).float()
    expected = images.double().sum((1, 2, 3)).mean().item()
    assert mean_bound(Bounded(), images, None) == pytest.approx(expected, abs=1e-5)
    assert mean_bound(Bounded(), images, y) == pytest.approx(expected + 61 / 601, abs=1e-5)
    assert not isinstance(mirror(), HasBound)
