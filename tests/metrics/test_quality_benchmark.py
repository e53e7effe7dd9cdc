"""The classics train, draw and are measured; no figure of time is asserted."""

from __future__ import annotations

import json

import pytest
import torch

from benchmarks import quality, race
from benchmarks.tutorials import training
from benchmarks.tutorials.training import TUTORIALS, kept, train_tutorial
from playground.errors import PlaygroundError
from playground.metrics.digit_judge import DIGITS
from playground.metrics.face_judge import FACES


@pytest.mark.parametrize("name", TUTORIALS)
def test_a_tutorial_trains_and_draws(name, digits):
    torch.manual_seed(0)
    tutorial = TUTORIALS[name]
    model = tutorial.make()
    images, labels = digits[0][:256, :, 2:-2, 2:-2], digits[1][:256]
    if tutorial.judge is FACES:  # as many as one batch has: its networks are large
        images = images[:128].expand(-1, 3, -1, -1).repeat(1, 1, 3, 3)[:, :, :64, :64]
    batches = training.loader(images, labels[: len(images)], model.batch_size)
    asked = torch.arange(20) % 10
    untrained = model.sample(asked, 0)
    model.train_epoch(batches)
    trained = model.sample(asked, 0)
    assert trained.shape == (20, *images.shape[1:])
    assert trained.dtype == torch.uint8
    assert not torch.equal(untrained, trained)
    assert torch.equal(trained, model.sample(asked, 0))
    assert len(model.losses) == len(images) // model.batch_size


def test_the_conditional_tutorial_heeds_the_class():
    model = TUTORIALS["conditional-gan"].make()
    ones, twos = (model.sample(torch.full((5,), digit), 0) for digit in (1, 2))
    assert not torch.equal(ones, twos)


def test_a_run_is_trained_measured_and_kept(small_mnist, tmp_path, monkeypatch, capsys):
    tutorial = training.Tutorial("A short VAE", TUTORIALS["vae"].make, 2, (1, 2))
    monkeypatch.setitem(TUTORIALS, "vae", tutorial)
    monkeypatch.setattr(DIGITS, "num_samples", 120)
    monkeypatch.setattr(training, "NUM_COMPONENTS", 2)
    monkeypatch.setattr(quality, "RESULTS", tmp_path / "results" / "quality.json")
    where = ["--data-dir", str(small_mnist), "--runs", str(tmp_path / "runs")]
    assert quality.main([*where, "train", "vae"]) == 0
    assert quality.main([*where, "floor"]) == 0
    assert quality.main([*where, "measure", "vae"]) == 0
    found = json.loads((tmp_path / "results" / "quality.json").read_text())
    rows = found["tutorials"]["vae"]["trajectory"]
    assert [row["epoch"] for row in rows] == [1, 2]
    assert [row["images_seen"] for row in rows] == [256, 512]
    assert 0 <= rows[0]["cpu_seconds"] <= rows[1]["cpu_seconds"]
    assert found["tutorials"]["vae"]["quality"]["frechet_distance"] == rows[1]["frechet_distance"]
    assert found["tutorials"]["vae"]["quality"]["reconstruction_error"] > 0
    assert found["tutorials"]["vae"]["quality_mixture"]["frechet_distance"] > found["floor"]["frechet_distance"]
    assert kept(tmp_path / "runs" / "vae" / "mixture.npz").shape == (120, 1, 28, 28)
    capsys.readouterr()
    assert quality.main([*where, "table"]) == 0
    assert "A short VAE" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["dense-gan", "vae"])
def test_a_run_in_two_sittings_ends_in_the_same_pictures(name, small_mnist, tmp_path, monkeypatch):
    def train(num_epochs, run_dir):
        monkeypatch.setitem(TUTORIALS, name, training.Tutorial("", TUTORIALS[name].make, num_epochs, (1, 2)))
        train_tutorial(name, run_dir, small_mnist)

    monkeypatch.setattr(DIGITS, "num_samples", 120)
    monkeypatch.setattr(training, "NUM_COMPONENTS", 2)
    train(2, tmp_path / "whole")
    train(1, tmp_path / "parts")
    train(2, tmp_path / "parts")
    whole, parts = (training.read_progress(tmp_path / run) for run in ("whole", "parts"))
    assert [row["epoch"] for row in parts] == [1, 2] == [row["epoch"] for row in whole]
    assert parts[1]["cpu_seconds"] >= parts[0]["cpu_seconds"]
    assert torch.equal(kept(tmp_path / "whole" / "epoch-02.npz"), kept(tmp_path / "parts" / "epoch-02.npz"))


def test_a_tutorial_without_a_run_is_one_clear_sentence(held_out, tmp_path):
    with pytest.raises(PlaygroundError, match="train it with `quality train vae` first"):
        race.measure_tutorial("vae", tmp_path, held_out.labels, held_out)


def test_cpu_seconds_to_a_distance_are_those_of_the_first_row_there():
    rows = [
        {"cpu_seconds": 10.0, "frechet_distance": 9.0},
        {"cpu_seconds": 20.0, "frechet_distance": 4.0},
        {"cpu_seconds": 30.0, "frechet_distance": 5.0},
    ]
    assert race.cpu_seconds_to(9.0, rows) == 10
    assert race.cpu_seconds_to(5.0, rows) == 20
    assert race.cpu_seconds_to(3.9, rows) is None
    tutorial = {"title": "T", "trajectory": [{"cpu_seconds": 100.0, "frechet_distance": 5.0}]}
    better = {"title": "B", "trajectory": [{"cpu_seconds": 7.0, "frechet_distance": 1.0}]}
    shown = race.race_table(
        {"tutorials": {"t": tutorial, "b": better}, "runs": {"o": {"title": "O", "trajectory": rows}}}
    )
    assert shown.splitlines()[2] == "| T | 5 | 100 | 20 | 5.0 |"
    assert shown.splitlines()[3] == "| B | 1 | 7 | not reached | – |"


def test_distances_stand_beside_each_other_at_as_many_images():
    theirs = [{"images_seen": 1000, "frechet_distance": 9.0}, {"images_seen": 20_000, "frechet_distance": 4.0}]
    ours = [{"images_seen": 5000, "frechet_distance": 3.0}, {"images_seen": 20_001, "frechet_distance": 1.0}]
    shown = race.images_table(
        {"tutorials": {"t": {"title": "T", "trajectory": theirs}}, "runs": {"o": {"title": "O", "trajectory": ours}}}
    )
    assert shown.splitlines()[2:] == ["| T | 1,000 | 9 | – | – |", "| T | 20,000 | 4 | 3 | 0.75 |"]


def test_faces_race_against_faces():
    rows = [{"cpu_seconds": 10.0, "frechet_distance": 1.0}]
    results = {
        "tutorials": {"dcgan": {"title": "D", "trajectory": rows}, "face-dcgan": {"title": "F", "trajectory": rows}},
        "runs": {
            "digits-cgan": {"title": "digits", "trajectory": rows},
            "faces-gan": {"title": "faces", "trajectory": rows},
        },
    }
    digits, faces = race.by_subject(results)
    assert (list(digits["tutorials"]), list(digits["runs"])) == (["dcgan"], ["digits-cgan"])
    assert (list(faces["tutorials"]), list(faces["runs"])) == (["face-dcgan"], ["faces-gan"])


def test_training_is_the_same_from_the_same_seed(small_mnist, tmp_path, monkeypatch):
    monkeypatch.setitem(TUTORIALS, "dense-gan", training.Tutorial("A short GAN", TUTORIALS["dense-gan"].make, 1, (1,)))
    monkeypatch.setattr(DIGITS, "num_samples", 10)
    for folder in ("first", "second"):
        train_tutorial("dense-gan", tmp_path / folder, small_mnist)
    assert torch.equal(kept(tmp_path / "first" / "epoch-01.npz"), kept(tmp_path / "second" / "epoch-01.npz"))
