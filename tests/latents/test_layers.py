"""Recipes that tell a generator's layers apart."""

import pytest
import torch

from playground.errors import PlaygroundError
from playground.latents.directions import step_along
from playground.latents.layers import layer_groups
from playground.latents.paths import walk
from playground.latents.sample import code_of
from playground.models import family
from playground.recipe import Layers, Move, Recipe, Style

SIZES = {"latent_dim": 6, "image_size": 16, "generator_channels": [8, 8, 8], "discriminator_channels": [8]}


@pytest.fixture
def layered():
    torch.manual_seed(0)
    return family("style-gan").build(SIZES).eval()


def recipe(**parts):
    return Recipe(model="m", seeds=[(3, 1.0)], **parts)


def test_without_layers_every_layer_has_the_same_code(layered):
    code = code_of(recipe(psi=0.5), layered)
    assert code.shape == (5, 6)
    assert torch.equal(code, layered.prior.draw(3, 0.5).expand(5, -1))


def test_a_style_takes_its_layers_and_no_others(layered):
    code = code_of(recipe(psi=0.5, styles=[Style(seed=9, first=1, last=2)]), layered)
    own, other = layered.prior.draw(3, 0.5), layered.prior.draw(9, 0.5)
    assert torch.equal(code, torch.stack([own, other, other, own, own]))


def test_of_two_styles_on_a_layer_the_later_counts(layered):
    code = code_of(recipe(styles=[Style(seed=9, first=0, last=4), Style(seed=8, first=4, last=4)]), layered)
    assert torch.equal(code[4], layered.prior.draw(8))
    assert torch.equal(code[3], layered.prior.draw(9))


def test_a_move_reaches_its_layers(layered):
    moves = [Move(direction="axis:1", amount=2.0, layers=Layers(first=3, last=4)), Move(direction="axis:0", amount=1.0)]
    change = code_of(recipe(moves=moves), layered) - code_of(recipe(), layered)
    all_layers, some = step_along("axis:0", layered), 2 * step_along("axis:1", layered)
    assert torch.allclose(change, torch.stack([all_layers] * 3 + [all_layers + some] * 2), atol=1e-6)


def test_an_explicit_code_is_one_for_all_layers_or_one_a_layer(layered):
    one = [float(number) for number in range(6)]
    assert torch.equal(code_of(Recipe(model="m", code=one), layered), torch.tensor(one).expand(5, -1))
    each = [float(number) for number in range(30)]
    assert code_of(Recipe(model="m", code=each), layered).flatten().tolist() == each
    with pytest.raises(PlaygroundError, match="has 12 numbers, m takes 6 or 30"):
        code_of(Recipe(model="m", code=[0.0] * 12), layered)


def test_a_walk_between_mixed_styles_keeps_them(layered):
    stops = [recipe(styles=[Style(seed=9, first=0, last=1)]), recipe(moves=[Move(direction="constant", amount=1.0)])]
    frames = walk(stops, layered, 3, "straight")
    ends = [code_of(stop, layered) for stop in stops]
    assert torch.allclose(code_of(frames[0], layered), ends[0], atol=1e-6)
    assert torch.allclose(code_of(frames[1], layered), (ends[0] + ends[1]) / 2, atol=1e-6)


@pytest.mark.parametrize(
    "parts",
    [
        {"styles": [Style(seed=1, first=0, last=0)]},
        {"moves": [Move(direction="constant", amount=1, layers=Layers(first=0, last=0))]},
    ],
)
def test_a_model_without_layers_says_so(parts):
    model = family("dense-gan").build({"latent_dim": 6, "image_size": 8})
    with pytest.raises(PlaygroundError, match="one code for all of its layers"):
        code_of(recipe(**parts), model)


def test_a_layer_that_is_not_there_is_named(layered):
    with pytest.raises(PlaygroundError, match="no layer 5: this model has 0 to 4"):
        code_of(recipe(styles=[Style(seed=1, first=0, last=5)]), layered)


@pytest.mark.parametrize(("num_layers", "borders"), [(3, [0, 1, 2]), (5, [0, 2, 3]), (8, [0, 3, 5]), (10, [0, 3, 7])])
def test_groups_are_thirds_without_a_gap(num_layers, borders):
    groups = layer_groups(num_layers)
    assert [group.first for group in groups.values()] == borders
    assert [group.last + 1 for group in groups.values()] == [*borders[1:], num_layers]
