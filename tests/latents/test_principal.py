import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from playground import checkpoints
from playground.card import Card
from playground.latents.principal import fit_principal, principal_directions
from playground.models import GenerativeModel, ModelConfig

ANSWERS = torch.tensor([0.5, 3.0, 0.2, 1.0, 2.0])  # how far pixels answer each rotated coordinate


class Rotated(GenerativeModel):
    """images = W sin(S R z): rows of the rotation R are its principal directions, those of large S first."""

    def __init__(self, num_components: int = 0) -> None:
        super().__init__(ModelConfig(latent_dim=5, image_size=4, mixture_components=num_components))
        generator = torch.Generator().manual_seed(0)
        self.rotation = torch.linalg.qr(torch.randn(5, 5, generator=generator))[0]
        self.pixels = torch.nn.Parameter(torch.linalg.qr(torch.randn(16, 5, generator=generator))[0])

    def decode(self, z, y=None):
        waves = torch.sin(0.3 * z @ self.rotation.T) * ANSWERS
        return (waves @ self.pixels.T).reshape(-1, 1, 4, 4)


@pytest.mark.parametrize("seeds", [range(60), range(60, 120)])
def test_the_directions_of_a_rotated_decoder_are_found_in_order(seeds):
    model = Rotated()
    directions, scales = principal_directions(model, seeds)
    assert scales.tolist() == pytest.approx([1] * 5)
    assert directions.norm(dim=1).tolist() == pytest.approx([1] * 5)
    expected = model.rotation[ANSWERS.argsort(descending=True)]
    assert ((directions * expected).sum(1).abs() > 0.99).all()


def test_the_largest_coordinate_is_positive():
    directions, _ = principal_directions(Rotated(), range(20))
    largest = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    assert (largest > 0).all()


def test_a_long_axis_of_the_codes_counts_for_what_its_codes_do():
    """Codes nine times as far apart along the coordinate that answers second: it leads, and a step is that long."""
    model = Rotated(num_components=2)
    second = model.rotation[4]
    model.prior.means.copy_(torch.stack([8.9 * second, -8.9 * second]) + 1)
    model.pixels.data *= 0.01
    model.decode = lambda z, y=None: ((z @ model.rotation.T * ANSWERS) @ model.pixels.T).reshape(-1, 1, 4, 4)
    directions, scales = principal_directions(model, range(20))
    assert abs(directions[0] @ second) > 0.999
    assert scales[0] == pytest.approx((1 + 8.9**2) ** 0.5, rel=1e-3)
    assert scales[1:].tolist() == pytest.approx([1] * 4, abs=0.02)
    covariance = torch.eye(5) + 8.9**2 * torch.outer(second, second)
    steps = directions * scales[:, None]
    assert torch.allclose(steps @ covariance.inverse() @ steps.T, torch.eye(5), atol=0.01)


def test_every_class_has_its_say(tiny):
    """Pixels of class 2 answer coordinate 3 alone, and much; those of the others coordinate 1, and little."""
    answers = torch.tensor([[0.0, 1, 0, 0], [0.0, 1, 0, 0], [0, 0, 0, 9]])
    tiny.decode = lambda z, y=None: (z * (y @ answers)).sum(1)[:, None, None, None].expand(-1, 1, 2, 2)
    directions, _ = principal_directions(tiny, range(6))
    assert directions[0].tolist() == pytest.approx([0, 0, 0, 1], abs=1e-5)
    assert directions[1].tolist() == pytest.approx([0, 1, 0, 0], abs=1e-5)


def test_directions_travel_with_the_checkpoint_whole(checkpoint_folder, tiny):
    fit_principal(tiny)
    checkpoints.save(checkpoint_folder / "tiny", tiny, Card(title="tiny"))
    found = checkpoints.load("tiny").model
    assert found.config.num_principal == 4
    assert torch.equal(found.principal.directions, tiny.principal.directions)
    assert torch.equal(found.principal.scales, tiny.principal.scales)


def test_a_checkpoint_of_before_has_none(tiny_checkpoint):
    file = tiny_checkpoint / checkpoints.WEIGHTS
    with checkpoints.safe_open(file, framework="pt") as opened:
        header = json.loads(opened.metadata()["playground"])
    del header["config"]["num_principal"]
    tensors = load_file(file)
    assert not [name for name in tensors if name.startswith("principal")]
    save_file(tensors, file, {"playground": json.dumps(header)})
    assert checkpoints.load("tiny").model.principal.directions.shape == (0, 4)
