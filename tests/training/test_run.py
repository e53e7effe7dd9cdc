"""Whole trainings, small: what they write, what they refuse."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from small import command

from playground import checkpoints
from playground.models import families
from playground.training.__main__ import main
from playground.training.config import preset_names, resolve


def test_a_run_leaves_its_folder_and_a_checkpoint(tmp_path, own_checkpoints, capsys):
    run = tmp_path / "run"
    every = {"report_every_images": 32, "sample_every_images": 64, "snapshot_every_images": 64}
    assert main(command("digits-vae", run, total_images=128, **every)) == 0

    config = json.loads((run / "config.json").read_text())
    assert (config["preset"], config["total_images"]) == ("digits-vae", 128)
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["images_seen"] for line in lines] == [32, 64, 96, 128]
    assert all(line["images_per_second"] > 0 for line in lines)
    assert all(np.isfinite(line["autoencoder/divergence"]) for line in lines)
    assert sorted(file.name for file in (run / "samples").iterdir()) == ["000000064.png", "000000128.png"]
    with Image.open(run / "samples" / "000000128.png") as sheet:
        assert sheet.size == (10 * 10 - 2, 12 * 10 - 2)
    assert sorted(file.name for file in (run / "snapshots").iterdir()) == ["000000064", "000000128"]
    assert (run / "state" / "resume.pt").is_file()

    found = checkpoints.load("digits-vae")
    assert found.path == own_checkpoints / "digits-vae"
    assert found.card.images_seen == 128
    assert found.card.training_seconds > 0
    assert "CC BY 4.0" in found.card.licence
    assert "--preset digits-vae" in found.card.command
    with Image.open(found.path / checkpoints.PREVIEW) as preview:
        assert preview.size == (16 * 10 - 2, 8 * 10 - 2)
    assert found.model.prior.weights.sum().item() == pytest.approx(1)
    assert not torch.equal(found.model.prior.means[0], found.model.prior.means[1])
    assert not list(tmp_path.rglob("*.partial"))


def test_training_learns(tmp_path):
    """After 150 steps the autoencoder's likelihood is far better than at first."""
    run = tmp_path / "run"
    changes = {"total_images": 4800, "report_every_images": 480, "objective.adversary_weight": 0.0}
    assert main(command("digits-vae", run, **changes, **{"optimizer.learning_rate": 3e-3})) == 0
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert lines[-1]["autoencoder/log_likelihood"] > lines[0]["autoencoder/log_likelihood"] + 20
    assert not any(key.startswith("adversary") for key in lines[0])


def test_a_run_is_never_overwritten(tmp_path, capsys):
    run = tmp_path / "run"
    run.mkdir()
    (run / "diary.txt").write_text("dear")
    assert main(command("digits-gan", run, total_images=32)) == 2
    assert "exists already" in capsys.readouterr().err
    assert [file.name for file in run.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--run-dir", "x"], "--preset: known are"),
        (["--preset", "digits-gan"], "--run-dir"),
        (["--preset", "nothing", "--run-dir", "x"], "no preset 'nothing'"),
        (["--preset", "digits-gan", "--run-dir", "x", "--set", "data=nothing"], "no data set 'nothing'"),
        (["--preset", "digits-gan", "--run-dir", "x", "--set", "family=nothing"], "no family 'nothing'"),
        (["--preset", "digits-gan", "--run-dir", "x", "--set", "model.image_size=64"], "reaches 32 pixels"),
        (["--preset", "digits-gan", "--run-dir", "x", "--set", "objective={kind='autoencoding'}"], "does not fit"),
        (["--preset", "digits-vae", "--run-dir", "x", "--set", "objective={kind='classic'}"], "does not fit"),
        (["--run-dir", "x", "--resume"], "no run in x"),
        (["--run-dir", "x", "--resume", "--set", "seed=1"], "leave --set"),
    ],
)
def test_a_wrong_command_gives_one_sentence(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    if "--set" in arguments and "--resume" not in arguments:
        arguments = [*arguments[:4], "--set", "data=digits8", *arguments[4:]]
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert sentence in error
    assert len(error.strip().splitlines()) == 1
    assert not (tmp_path / "x").exists()


def test_a_dry_run_prints_the_config_and_writes_nothing(tmp_path, capsys):
    assert main([*command("digits-cgan", tmp_path / "run", total_images=7), "--dry-run"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["family"], printed["total_images"], printed["data"]) == ("cgan", 7, "digits8")
    assert list(tmp_path.iterdir()) == []


def test_a_run_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "file").write_text("not a folder")
    assert main(command("digits-gan", tmp_path / "file" / "run", total_images=32)) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_every_family_has_a_preset():
    shipped = {name for name in families() if not name.endswith("-test")}
    assert {resolve(preset, []).family for preset in preset_names()} == shipped
