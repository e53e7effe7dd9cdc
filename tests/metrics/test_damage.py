from __future__ import annotations

import pytest
import torch

from playground.metrics.damage import bent, blurred, compressed, noisy, patched
from playground.metrics.pixel_guard import high_frequency_energy
from tests.metrics.drawn_faces import drawn_faces


def seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


DAMAGES = {
    "blurred": (blurred, (0.6, 1.5, 3)),
    "noisy": (lambda images, strength: noisy(images, strength, seeded()), (3, 10, 30)),
    "compressed": (compressed, (40, 80, 95)),
    "bent": (lambda images, strength: bent(images, strength, seeded()), (0.5, 2, 5)),
    "patched": (lambda images, strength: patched(images, strength, seeded()), (0.1, 0.3, 0.6)),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_nothing_is_changed_at_strength_zero_and_more_the_stronger_it_is(name):
    damage, strengths = DAMAGES[name]
    images = drawn_faces(12, 0)
    assert torch.equal(damage(images, torch.zeros(12)), images)
    errors = []
    for strength in strengths:
        found = damage(images, torch.full((12,), float(strength)))
        assert found.dtype == torch.uint8
        assert found.shape == images.shape
        errors.append((found.float() - images.float()).square().mean().item())
    assert 0 < errors[0] < errors[1] < errors[2]


def test_every_picture_has_its_own_strength():
    images = drawn_faces(3, 0)
    strengths = torch.tensor([0.0, 1.0, 2.0])
    found = blurred(images, strengths)
    assert torch.equal(found[0], images[0])
    assert torch.equal(found[1:2], blurred(images[1:2], strengths[1:2]))
    assert high_frequency_energy(found[2:]) < high_frequency_energy(images[2:])


def test_grey_pictures_are_compressed_too():
    grey = drawn_faces(2, 0)[:, :1]
    assert compressed(grey, torch.tensor([90.0, 0.0]))[1].equal(grey[1])


def test_a_patch_has_its_share_of_the_side():
    images = torch.stack([torch.zeros(3, 64, 64), torch.full((3, 64, 64), 255)]).to(torch.uint8)
    found = patched(images, torch.tensor([0.5, 0.25]), seeded())
    assert (found[0] == 255).float().mean() == pytest.approx(0.25, abs=0.02)
    assert (found[1] == 0).float().mean() == pytest.approx(0.0625, abs=0.01)
