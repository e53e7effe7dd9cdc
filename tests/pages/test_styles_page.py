"""Style mixing: seeds down the side, seeds across the top, and what is in between."""

import numpy as np
import pytest
import torch

import playground
from playground import Recipe, checkpoints
from playground.card import Card
from playground.latents.layers import layer_groups
from playground.models import family
from playground.recipe import Style
from tests.pages.conftest import pixels, problems, sheet

NUM_ROWS, NUM_COLUMNS = 2, 3


@pytest.fixture
def styled(checkpoint_folder):
    torch.manual_seed(0)
    sizes = {"latent_dim": 6, "image_size": 16, "generator_channels": [8, 8, 8], "discriminator_channels": [8]}
    model = family("style-gan").build(sizes).eval()
    model.prior.measure()
    checkpoints.save(checkpoint_folder / "styled", model, Card(title="A style-based model"))
    return model


@pytest.fixture
def page(open_page, styled):
    app = open_page("styles", model="styled")
    app.slider(key="styles_rows").set_value(NUM_ROWS)
    app.slider(key="styles_columns").set_value(NUM_COLUMNS).run()
    return app


def shown(app) -> list[np.ndarray]:
    return [pixels(picture) for picture in sheet(app, "in the style of")["pictures"]]


def drawn(**parts) -> np.ndarray:
    return playground.render(Recipe(model="styled", **parts))[:, :, 0]


def test_the_grid_mixes_each_row_with_each_column(page):
    assert problems(page) == []
    pictures = shown(page)
    assert len(pictures) == (NUM_ROWS + 1) * (NUM_COLUMNS + 1)
    assert np.array_equal(pictures[0], drawn(seeds=[(0, 1)], psi=0.0))
    assert np.array_equal(pictures[2], drawn(seeds=[(101, 1)]))
    assert np.array_equal(pictures[8], drawn(seeds=[(1, 1)]))
    middle = layer_groups(5)["middle"]
    mixed = Style(seed=102, first=middle.first, last=middle.last)
    assert np.array_equal(pictures[11], drawn(seeds=[(1, 1)], styles=[mixed]))


def test_other_layers_give_other_pictures(page):
    before = shown(page)
    page.button_group(key="styles_layers").set_value("coarse").run()
    after = shown(page)
    assert np.array_equal(before[1], after[1])
    assert not np.array_equal(before[5], after[5])


def test_a_model_without_layers_says_why_and_offers_one_that_has_them(open_page, styled, tiny_checkpoint):
    app = open_page("styles", model="tiny")
    assert problems(app) == []
    assert "one code for all of its layers" in app.info[0].value
    assert app.button(key="to_LAYERS_styled")
