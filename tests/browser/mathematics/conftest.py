"""The canvas's own mathematics, run in the browser, against the library's: an empty page, and models to try it on."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from playwright.sync_api import Page, Route

import playground
from playground import checkpoints
from playground.card import Card
from playground.live import files
from playground.models import GenerativeModel, family
from playground.models.prior import GaussianMixture
from playground.training.fit import settle

HOST = "http://canvas.test"
DIGITS = tuple("0123456789")
SMALL = {"generator_channels": (8, 8), "discriminator_channels": (8,), "image_size": 8}
SMALL_PAIR = {"encoder_channels": (8,), "decoder_channels": (8, 8), "image_size": 8}
CONFIGS = {  # codes shorter than 16, multiples of 16 and others: torch draws each its own way
    "cgan": {**SMALL, "latent_dim": 64, "class_names": DIGITS},
    "dense-gan": {"latent_dim": 100, "image_size": 8},
    "autoencoder": {**SMALL_PAIR, "latent_dim": 5, "mixture_components": 3},
    "vae": {**SMALL_PAIR, "latent_dim": 24, "mixture_components": 100},
    "cvae": {**SMALL_PAIR, "latent_dim": 16, "mixture_components": 7, "class_names": DIGITS},
    "style-gan": {**SMALL, "latent_dim": 20},
    "style-cgan": {**SMALL, "latent_dim": 20, "class_names": DIGITS, "has_fitted_noise": True},
}


def _fill(model: GenerativeModel, generator: torch.Generator) -> GenerativeModel:
    """Gives an untrained model principal directions, and a mixture worth drawing from."""
    size = model.latent_dim
    directions = torch.linalg.qr(torch.randn(size, size, generator=generator))[0][:16]
    model.take_principal(directions, 0.5 + torch.rand(len(directions), generator=generator))
    model.take_labelled(("smile", "odd @ 1-2"), directions[-2:].clone(), torch.tensor([0.3, 2.0]))
    mixture = getattr(model.prior, "noise", model.prior)  # of codes, or of a mapping network's noise
    if isinstance(mixture, GaussianMixture):
        weights = torch.rand(mixture.num_components, generator=generator)
        mixture.weights.copy_(weights / weights.sum())
        mixture.means.copy_(2 * torch.randn(mixture.means.shape, generator=generator))
        mixture.pack(torch.randn(mixture.factors.shape, generator=generator) / size**0.5)
    settle(model)
    return model


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, GenerativeModel]]:
    """Untrained models of several families as they come back from their checkpoints, by name."""
    place = tmp_path_factory.mktemp("models")
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    for name, config in CONFIGS.items():
        model = _fill(family(name).build(config).eval(), generator)
        checkpoints.save(place / name, model, Card(title=name))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_CHECKPOINTS", str(place))
        yield {name: playground.load(name).checkpoint.model for name in CONFIGS}


@pytest.fixture
def canvas(tab: Page) -> Page:
    """An empty page that can import the canvas's modules; no server takes part."""

    def answer(route: Route) -> None:
        file = files.WEB / route.request.url.rpartition("/")[2]
        if file.suffix == ".js":
            route.fulfill(body=file.read_text(), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    tab.route(f"{HOST}/**", answer)
    tab.goto(f"{HOST}/")
    return tab
