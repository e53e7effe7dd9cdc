"""What a training would cost: measured small, and counted."""

import json

import pytest
from small import settings

from playground.training.__main__ import main
from playground.training.config import resolve
from playground.training.estimate import Estimate, Stretch, fingerprint

ESTIMATE = Estimate(
    device="cpu",
    machine="a machine",
    num_parameters=1,
    num_trained=1,
    num_multiply_adds=1,
    stretches=(Stretch(starts=0.0, seconds_a_step=1.0), Stretch(starts=0.25, seconds_a_step=2.0)),
    seconds_before=5.0,
    seconds_a_sheet=10.0,
    seconds_a_snapshot=100.0,
    bytes_a_sheet=10,
    bytes_a_snapshot=1000,
    bytes_once=5,
    peak_bytes=1,
)


def test_a_run_costs_its_steps_sheets_and_snapshots():
    sizes = ["batch_size=10", "total_images=400", "sample_every_images=100", "snapshot_every_images=200"]
    config = resolve("digits-vae", sizes)
    # 40 steps, a quarter at 1 s and the rest at 2; 4 sheets and 2 snapshots
    assert ESTIMATE.seconds(config) == pytest.approx(5 + 10 + 60 + 40 + 200)
    assert ESTIMATE.images_per_second(config) == pytest.approx(400 / 310)
    assert ESTIMATE.bytes(config) == 5 + 40 + 2000


def test_a_measurement_holds_for_what_costs_the_same():
    own = fingerprint(resolve("digits-vae", []), "cpu")
    same = ["total_images=7", "optimizer.learning_rate=1e-5", "seed=3"]
    assert fingerprint(resolve("digits-vae", same), "cpu") == own
    for other in ("batch_size=7", "model.latent_dim=9", "objective.adversary_starts=0.1", "data=digits8"):
        assert fingerprint(resolve("digits-vae", [other]), "cpu") != own, other
    assert fingerprint(resolve("digits-vae", []), "cuda:0") != own


def test_a_training_is_measured_and_leaves_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    changes = settings("digits-vae", total_images=100_000, **{"objective.adversary_starts": 0.5})
    arguments = [part for change in changes for part in ("--set", change)]
    assert main(["--preset", "digits-vae", "--estimate", *arguments]) == 0
    said = capsys.readouterr()
    found = Estimate.model_validate(json.loads(said.out))
    assert [stretch.starts for stretch in found.stretches] == [0.0, 0.5]
    assert found.stretches[1].seconds_a_step > found.stretches[0].seconds_a_step > 0  # the adversary joins in
    assert found.num_trained > found.num_parameters > 1000
    assert found.num_multiply_adds > 1000
    assert 0 < found.bytes_a_sheet < found.bytes_a_snapshot == found.bytes_once
    assert found.bytes_a_snapshot > 8 * found.num_trained  # Adam's two numbers for each weight, to go on from
    assert "images a second" in said.err
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_trained_cannot_be_measured(capsys):
    assert main(["--preset", "digits-gan", "--estimate", "--set", "model.image_size=64", "--set", "data=digits8"]) == 2
    assert "reaches 32 pixels" in capsys.readouterr().err
