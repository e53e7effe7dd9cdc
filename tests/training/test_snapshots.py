"""Every snapshot of a run can be continued, exactly or with other settings."""

import json
import os
from pathlib import Path

import pytest
import torch
from small import command, settings

from playground import checkpoints
from playground.errors import PlaygroundError
from playground.jobs.branching import copy_run, refuse_changes
from playground.jobs.disposal import num_bytes
from playground.jobs.run_files import RunFiles
from playground.training import snapshot
from playground.training.__main__ import main
from playground.training.config import preset_names, resolve
from playground.training.snapshot import snapshot_bytes

EVERY = {"report_every_images": 32, "sample_every_images": 64, "snapshot_every_images": 96}


def state(file: Path) -> dict:
    return torch.load(file, weights_only=True)


def measured(run: Path) -> list[dict]:
    """The measurements of a run, without those of the machine."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return [{name: value for name, value in line.items() if "/" in name or name == "images_seen"} for line in lines]


@pytest.mark.parametrize("preset", ["digits-gan", "digits-vae"])
def test_a_branch_with_the_same_settings_is_the_unbroken_run(preset, tmp_path):
    origin, branch = tmp_path / "origin", tmp_path / "branch"
    assert main(command(preset, origin, total_images=384, **EVERY)) == 0
    files = RunFiles(origin)
    assert list(files.states_there()) == list(files.snapshots_there()) == [96, 192, 288, 384]
    assert [state(file)["progress"]["images_seen"] for file in files.states_there().values()] == [96, 192, 288, 384]

    copy_run(origin, branch, preset, settings(preset, total_images=384, **EVERY), at=192)
    assert [file.name for file in sorted((branch / "samples").iterdir())] == [f"{n:09d}.png" for n in (64, 128, 192)]
    assert main(["--run-dir", str(branch), "--resume"]) == 0
    one, other = state(files.state), state(RunFiles(branch).state)
    for part in ("model", "extra", "averaged"):
        assert all(torch.equal(tensor, other[part][name]) for name, tensor in one[part].items())
    for phase, optimizer in one["optimizers"].items():
        for index, moments in optimizer["state"].items():
            assert all(torch.equal(moments[n], other["optimizers"][phase]["state"][index][n]) for n in moments)
    assert torch.equal(one["random"], other["random"])
    assert measured(origin) == measured(branch)
    assert len(measured(origin)) == 12


def test_another_rate_from_the_same_snapshot_ends_elsewhere(tmp_path):
    origin, branch = tmp_path / "origin", tmp_path / "branch"
    assert main(command("digits-cgan", origin, total_images=192, **EVERY)) == 0
    changes = [*settings("digits-cgan", total_images=192, **EVERY), "optimizer.learning_rate=1e-5"]
    copy_run(origin, branch, "digits-cgan", changes, at=96)
    assert main(["--run-dir", str(branch), "--resume"]) == 0
    one, other = (state(RunFiles(run).state)["model"] for run in (origin, branch))
    assert not all(torch.equal(tensor, other[name]) for name, tensor in one.items())


def test_the_newest_state_is_the_newest_snapshots_and_takes_no_second_place(tmp_path):
    run = tmp_path / "run"
    assert main(command("digits-gan", run, total_images=96, **EVERY)) == 0
    files = RunFiles(run)
    newest = files.states_there()[96]
    snapshot._make_newest(newest, files.state)
    assert files.state.samefile(newest)
    sizes = [file.stat().st_size for file in run.rglob("*") if file.is_file()]
    assert num_bytes(run) == sum(sizes) - newest.stat().st_size


def test_a_file_system_without_links_gets_a_copy(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    run = tmp_path / "run"
    assert main(command("digits-gan", run, total_images=96, **EVERY)) == 0
    assert state(RunFiles(run).states_there()[96])["progress"]["images_seen"] == 96
    assert not list(run.rglob("*.partial"))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("model.latent_dim=8", r"model\.latent_dim stays 24 and cannot be 8"),
        ("model.image_size=16", r"model\.image_size stays 32"),
        ("model.mode_embedding_dim=7", r"model\.mode_embedding_dim stays as it is"),
        ("objective={kind='classic'}", r"objective\.kind stays relativistic and cannot be classic"),
        ("total_images=40_000", r"set it higher"),
    ],
)
def test_what_a_branch_cannot_change_gives_one_sentence(change, sentence):
    before, after = (resolve("digits-gan", changes).model_dump(mode="json") for changes in ([], [change]))
    with pytest.raises(PlaygroundError, match=sentence):
        refuse_changes(before, after, at=40_000)


@pytest.mark.parametrize("change", ["objective.adversary_weight=0", "objective.adversary_channels=[8]"])
def test_a_branch_neither_loses_nor_changes_its_adversary(change):
    before, after = (resolve("digits-vae", changes).model_dump(mode="json") for changes in ([], [change]))
    with pytest.raises(PlaygroundError, match="adversary"):
        refuse_changes(before, after, at=None)


def test_what_a_branch_may_change():
    changes = ["optimizer.learning_rate=1e-5", "objective.penalty.weight=2", "total_images=40_001", "batch_size=8"]
    before, after = (resolve("digits-gan", change).model_dump(mode="json") for change in ([], changes))
    refuse_changes(before, after, at=40_000)


def test_a_snapshot_without_its_state_and_a_damaged_config_are_named(tmp_path):
    origin = tmp_path / "origin"
    assert main(command("digits-gan", origin, total_images=96, **EVERY)) == 0
    changes = settings("digits-gan", total_images=960)
    with pytest.raises(PlaygroundError, match="no snapshot at 64 images to go on from: there are 96"):
        copy_run(origin, tmp_path / "branch", "digits-gan", changes, at=64)
    (origin / "config.json").write_text("[]")
    with pytest.raises(PlaygroundError, match=r"config\.json cannot be read"):
        copy_run(origin, tmp_path / "branch", "digits-gan", changes, at=96)
    RunFiles(origin).states_there()[96].unlink()
    with pytest.raises(PlaygroundError, match="there are none"):
        copy_run(origin, tmp_path / "branch", "digits-gan", changes, at=96)
    assert not (tmp_path / "branch").exists()


def test_what_a_snapshot_costs_is_known_before(tmp_path, capsys):
    for preset in ("digits-gan", "digits-vae"):
        run = tmp_path / preset
        assert main(command(preset, run, total_images=96, **EVERY)) == 0
        assert "1 snapshot, each to be played with and continued from" in capsys.readouterr().err
        config = resolve(preset, settings(preset, total_images=96, **EVERY))
        folder = RunFiles(run).snapshots_there()[96]
        overhead = num_bytes(folder) - snapshot_bytes(config)
        assert 0 < overhead < 60_000  # of names and headers, which these small networks have as many of as large ones
        checkpoints.load(folder)
    assert all(snapshot_bytes(resolve(preset, [])) > 3e6 for preset in preset_names())
