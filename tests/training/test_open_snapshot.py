"""Snapshots of small runs, made fit for every page."""

import pytest
import torch
from small import command

from playground import checkpoints
from playground.training.__main__ import main
from playground.training.open_snapshot import main as open_snapshot

EVERY = {"total_images": 128, "snapshot_every_images": 64, "sample_every_images": 128, "report_every_images": 64}


@pytest.mark.parametrize("preset", ["digits-vae", "digits-gan"])
def test_a_snapshot_gets_what_the_end_of_a_training_fits(preset, tmp_path, capsys):
    run = tmp_path / "mine"
    assert main(command(preset, run, **EVERY)) == 0
    raw = checkpoints.load(run / "snapshots" / "000000064")
    assert len(raw.model.principal.scales) == 0
    to = tmp_path / "mine@64"
    assert open_snapshot(["--run-dir", str(run), "--images-seen", "64", "--to", str(to)]) == 0
    assert capsys.readouterr().out == "mine@64\n"

    found = checkpoints.load(to)
    assert len(found.model.principal.scales) == 6
    assert all(torch.equal(found.model.state_dict()[name], raw.model.state_dict()[name]) for name in weights(raw.model))
    if preset == "digits-vae":
        assert not torch.equal(found.model.prior.means[0], found.model.prior.means[1])
    assert found.card.images_seen == 64
    assert found.card.title.endswith("after 64 images")
    assert f"--preset {preset}" in found.card.command
    assert "CC BY 4.0" in found.card.licence
    assert found.card.machine
    assert "on the way" in found.card.weaknesses[0]
    assert (to / checkpoints.PREVIEW).is_file()
    assert open_snapshot(["--run-dir", str(run), "--images-seen", "65", "--to", str(to)]) == 2
    assert "no snapshot at 65 images: its last are 64, 128" in capsys.readouterr().err


def weights(model):
    return [name for name, _ in model.named_parameters()]


def test_what_is_not_there_gives_one_sentence(tmp_path, capsys):
    (tmp_path / "empty").mkdir()
    to = tmp_path / "out"
    assert open_snapshot(["--run-dir", str(tmp_path / "empty"), "--images-seen", "7", "--to", str(to)]) == 2
    [line] = capsys.readouterr().err.strip().splitlines()
    assert "no run in" in line
    assert not to.exists()
