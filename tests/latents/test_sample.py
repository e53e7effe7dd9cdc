import pytest
import torch

from playground.errors import PlaygroundError
from playground.latents.directions import step_along
from playground.latents.sample import class_weights_of, code_of
from playground.models import ModelConfig
from playground.models.prior import GaussianMixture, StandardNormal
from playground.recipe import Move, Recipe


def test_a_seed_s_code_is_torch_s_own_normal_draw(tiny):
    expected = torch.randn(4, generator=torch.Generator().manual_seed(2**63 - 1))
    assert torch.equal(code_of(Recipe(model="tiny", seeds=[(2**63 - 1, 1)]), tiny), expected)


def test_a_code_is_the_weighted_sum_of_truncated_seeds_plus_moves(tiny):
    a, b = (StandardNormal(4).draw(seed) for seed in (1, 2))
    recipe = Recipe(model="tiny", seeds=[(1, 2.0), (2, -1.0)], psi=0.5, moves=[Move(direction="constant", amount=4.0)])
    assert torch.allclose(code_of(recipe, tiny), 0.5 * (2 * a - b) + 2.0)


def test_an_explicit_code_is_truncated_and_checked(tiny):
    assert code_of(Recipe(model="tiny", code=[1, 2, 3, 4], psi=0.5), tiny).tolist() == [0.5, 1.0, 1.5, 2.0]
    with pytest.raises(PlaygroundError, match="has 3 numbers, tiny takes 4"):
        code_of(Recipe(model="tiny", code=[1, 2, 3]), tiny)


def test_a_code_that_overflows_is_refused(tiny):
    with pytest.raises(PlaygroundError, match="not finite"):
        code_of(Recipe(model="tiny", seeds=[(1, 1e300)]), tiny)


@pytest.mark.parametrize("name", ["constant", "axis:0", "axis:3"])
def test_the_named_directions_are_unit_vectors(tiny, name):
    assert step_along(name, tiny).norm() == pytest.approx(1)


def test_a_principal_direction_is_walked_in_its_own_standard_deviations(tiny):
    tiny.take_principal(torch.tensor([[0.0, 1.0, 0.0, 0.0], [0.6, 0.0, 0.8, 0.0]]), torch.tensor([1.0, 5.0]))
    recipe = Recipe(model="tiny", code=[1, 1, 1, 1], moves=[Move(direction="principal:1", amount=-2.0)])
    assert code_of(recipe, tiny).tolist() == pytest.approx([1 - 6, 1, 1 - 8, 1])
    normal = recipe.model_copy(update={"prior": "normal"})
    assert torch.equal(code_of(normal, tiny), code_of(recipe, tiny))
    with pytest.raises(PlaygroundError, match="axis:0 to axis:3, principal:0 to principal:1"):
        step_along("principal:2", tiny)


@pytest.mark.parametrize("name", ["axis:4", "axis:-1", "principal:0", "principal:", "smile", "axis:", ""])
def test_an_unknown_direction_gets_one_sentence(tiny, name):
    with pytest.raises(PlaygroundError, match=r"axis:0 to axis:3\.$"):
        step_along(name, tiny)


def test_class_weights_sum_to_1_in_the_model_s_order():
    names = ("a", "b", "c")
    assert class_weights_of({"c": 3.0, "a": 1.0}, names).tolist() == [0.25, 0.0, 0.75]
    assert class_weights_of({}, names).tolist() == pytest.approx([1 / 3] * 3)
    assert class_weights_of({}, ()) is None
    with pytest.raises(PlaygroundError, match="no class 'd': this model knows a, b, c"):
        class_weights_of({"d": 1.0}, names)
    with pytest.raises(PlaygroundError, match="unconditional"):
        class_weights_of({"a": 1.0}, ())


def _mixture() -> GaussianMixture:
    mixture = GaussianMixture(3, 2)
    mixture.weights.copy_(torch.tensor([0.5, 0.3, 0.2]))
    mixture.means.copy_(torch.tensor([[0.0, 0.0], [10.0, 0.0], [0.0, -20.0]]))
    mixture.pack(torch.tensor([[[1.0, 0.0], [0.5, 0.2]]]).repeat(3, 1, 1))
    return mixture


def test_a_mixture_draws_its_own_distribution():
    codes = torch.stack([_mixture().draw(seed) for seed in range(4000)])
    component = torch.cdist(codes, _mixture().means).argmin(dim=1)
    assert component.bincount().div(4000).tolist() == pytest.approx([0.5, 0.3, 0.2], abs=0.03)
    first = codes[component == 0]
    assert first.mean(dim=0).tolist() == pytest.approx([0, 0], abs=0.1)
    assert first.T.cov().flatten().tolist() == pytest.approx([1.0, 0.5, 0.5, 0.29], abs=0.1)


def test_truncating_a_mixture_leads_to_the_component_s_mean():
    mixture = _mixture()
    for seed in range(20):
        assert mixture.draw(seed, 0.0).tolist() in mixture.means.tolist()
        assert torch.allclose(mixture.draw(seed, 0.5), (mixture.draw(seed, 0.0) + mixture.draw(seed, 1.0)) / 2)


def test_the_recipe_chooses_between_the_fitted_prior_and_the_normal_one(tiny):
    tiny.prior = GaussianMixture(1, 4)
    tiny.prior.means.fill_(100.0)
    fitted = code_of(Recipe(model="tiny", seeds=[(1, 1)]), tiny)
    normal = code_of(Recipe(model="tiny", seeds=[(1, 1)], prior="normal"), tiny)
    assert torch.allclose(fitted, normal + 100)


def test_config_and_prior_agree(tiny):
    assert isinstance(tiny.prior, StandardNormal)
    config = ModelConfig(latent_dim=4, image_size=8, mixture_components=5)
    assert isinstance(type(tiny)(config).prior, GaussianMixture)
