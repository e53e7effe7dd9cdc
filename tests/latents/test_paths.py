import pytest
import torch

from playground.errors import PlaygroundError
from playground.latents.interpolate import even_steps, linear_weights, spherical_weights
from playground.latents.paths import walk
from playground.latents.sample import code_of
from playground.recipe import Recipe


def test_spherical_weights_keep_the_length_and_the_pace():
    start, end = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0])
    for t in (0.0, 0.25, 0.5, 1.0):
        a, b = spherical_weights(start, end, t)
        point = a * start + b * end
        assert point.norm() == pytest.approx(2)
        assert torch.atan2(point[1], point[0]) == pytest.approx(t * torch.pi / 2, abs=1e-6)


@pytest.mark.parametrize("end", [[1.0, 2.0], [2.0, 4.0], [-1.0, -2.0], [0.0, 0.0]])
def test_without_a_single_great_circle_the_line_is_straight(end):
    assert spherical_weights(torch.tensor([1.0, 2.0]), torch.tensor(end), 0.3) == linear_weights(0.3)


def test_even_steps_meet_both_ends_and_every_stop():
    assert even_steps(3, 5) == [(0, 0.0), (0, 0.5), (1, 0.0), (1, 0.5), (1, 1.0)]


@pytest.mark.parametrize("path", ["straight", "spherical"])
def test_a_walk_goes_from_stop_to_stop_in_recipes_of_seeds(tiny, path):
    stops = [
        Recipe(model="tiny", seeds=[(seed, 1)], classes={name: 1}) for seed, name in [(1, "0"), (2, "1"), (3, "1")]
    ]
    frames = walk(stops, tiny, 9, path)
    assert [frames[0], frames[4], frames[8]] == stops
    assert frames[2].classes == {"0": 0.5, "1": 0.5}
    assert [seed for seed, _ in frames[6].seeds] == [2, 3]
    middle = code_of(frames[2], tiny)
    a, b = code_of(stops[0], tiny), code_of(stops[1], tiny)
    weights = linear_weights(0.5) if path == "straight" else spherical_weights(a, b, 0.5)
    assert torch.allclose(middle, weights[0] * a + weights[1] * b, atol=1e-6)


def test_a_walk_from_an_explicit_code_has_explicit_codes(tiny):
    frames = walk([Recipe(model="tiny", code=[1, 1, 1, 1]), Recipe(model="tiny", seeds=[(1, 1)])], tiny, 3, "straight")
    assert frames[0].code == (1, 1, 1, 1)
    assert torch.allclose(code_of(frames[2], tiny), code_of(Recipe(model="tiny", seeds=[(1, 1)]), tiny))


def test_a_walk_on_the_spot_stays(tiny):
    stop = Recipe(model="tiny", seeds=[(1, 1)])
    for frame in walk([stop, stop], tiny, 4, "spherical"):
        assert torch.allclose(code_of(frame, tiny), code_of(stop, tiny), atol=1e-6)


def test_bad_walks_get_one_sentence(tiny):
    stop = Recipe(model="tiny", seeds=[(1, 1)])
    with pytest.raises(PlaygroundError, match="at least two stops"):
        walk([stop], tiny, 5, "straight")
    for num_frames in (1, 601):
        with pytest.raises(PlaygroundError, match="2 to 600 frames"):
            walk([stop, stop], tiny, num_frames, "straight")
