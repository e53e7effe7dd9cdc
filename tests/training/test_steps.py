"""What the phases of each step move, and what they leave alone."""

import pytest
import torch
from lightning_fabric import Fabric
from small import GUIDED, settings

from playground.data import load_images
from playground.errors import PlaygroundError
from playground.models.likelihood import Bound
from playground.training.build import build_model, build_step
from playground.training.config import resolve
from playground.training.loop import Reader, run_phase

CASES = {
    "digits-dense-gan": ["model.image_size=8", "model.hidden_dim=8", "batch_size=16"],
    "digits-gan": settings("digits-gan"),
    "guided digits-gan": [*settings("digits-gan"), *GUIDED],
    "digits-cgan": settings("digits-cgan"),
    "digits-vae": settings("digits-vae"),
    "digits-cvae": settings("digits-vae"),
    "digits-autoencoder": settings("digits-vae"),
    "faces-gan": settings("faces-gan"),
}


def prepared(preset: str, *changes: str):
    config = resolve(preset.split()[-1], ["data=digits8", *CASES[preset], *changes])
    model, data = build_model(config, lambda size: load_images("digits8", "train", size))
    fabric = Fabric(accelerator="cpu")
    return fabric, build_step(model, config), Reader(fabric, config, data)


def weights_of(step) -> dict[str, torch.Tensor]:
    both = {**step.model.state_dict(prefix="model."), **step.extra.state_dict(prefix="extra.")}
    return {name: tensor.clone() for name, tensor in both.items() if "running" not in name and "tracked" not in name}


@pytest.mark.parametrize("preset", CASES)
def test_each_phase_moves_its_own_weights_and_no_other(preset):
    fabric, step, reader = prepared(preset)
    batch = reader.read(2_000_000)  # late enough for an adversary
    for phase in step.phases:
        for parameter in phase.trains.parameters():  # away from layers that start at zero
            torch.nn.init.normal_(parameter, std=0.1)
    for phase in step.phases:
        before = weights_of(step)
        measurements = run_phase(fabric, step, phase, batch, rate=1e-3)
        assert measurements
        assert all(value.isfinite() and not value.requires_grad for value in measurements.values())
        own = {id(parameter) for parameter in phase.trains.parameters()}
        named = [
            *((f"model.{name}", parameter) for name, parameter in step.model.named_parameters()),
            *((f"extra.{name}", parameter) for name, parameter in step.extra.named_parameters()),
        ]
        for name, parameter in named:
            if name.endswith("logit.bias"):
                continue  # a relativistic loss sees differences only, where it cancels
            moved = not torch.equal(before[name], parameter)
            assert moved == (id(parameter) in own), f"{phase.name}: {name}"


def test_a_code_deviation_draws_the_training_s_codes_closer_together(monkeypatch):
    seen = []
    for deviation in (1.0, 0.5):
        _, step, reader = prepared("digits-cgan", f"objective.code_deviation={deviation}")
        levels = step.model.levels
        monkeypatch.setattr(step.model, "levels", lambda z, y, levels=levels: seen.append(z) or levels(z, y))
        step.generator_loss(reader.read(0))
    whole, half = seen
    assert torch.equal(half, whole / 2)


@pytest.mark.parametrize("preset", ["guided digits-gan", "faces-gan"])
def test_codes_that_are_not_normal_take_no_deviation(preset):
    with pytest.raises(PlaygroundError, match="leave it at 1"):
        prepared(preset, "objective.code_deviation=0.9")


def test_an_adversary_waits_for_its_share_of_the_run():
    fabric, step, reader = prepared("digits-vae", "objective.adversary_starts=0.5", "total_images=1000")
    assert [phase.starts for phase in step.phases] == [0.0, 0.5]
    early, late = reader.read(400), reader.read(500)
    assert (early.progress, late.progress) == (0.4, 0.5)
    assert "adversarial" not in run_phase(fabric, step, step.phases[0], early, rate=1e-3)
    assert "adversarial" in run_phase(fabric, step, step.phases[0], late, rate=1e-3)


def test_drawn_pictures_take_the_last_places():
    _, step, reader = prepared("digits-vae", "objective.drawn_share=0.25")
    batch = reader.read(0)
    rebuilt = torch.full_like(batch.images, 0.5)
    nothing = torch.zeros(len(rebuilt))
    mixed = step.with_drawn(Bound(nothing, nothing, torch.zeros(len(rebuilt), 6), rebuilt), batch)
    assert len(mixed) == 16
    assert torch.equal(mixed[:12], rebuilt[:12])
    assert not any(bool((picture == 0.5).all()) for picture in mixed[12:])


def test_the_same_position_gives_the_same_step():
    results = []
    for _ in range(2):
        fabric, step, reader = prepared("digits-cgan")
        for position in (0, 16):
            for phase in step.phases:
                run_phase(fabric, step, phase, reader.read(position), rate=1e-3)
        results.append(weights_of(step))
    assert all(torch.equal(tensor, results[1][name]) for name, tensor in results[0].items())
