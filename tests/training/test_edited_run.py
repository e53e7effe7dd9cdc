"""A run folder that someone edited by hand goes on, or is refused in a sentence."""

import json
import shutil

import pytest
from small import command

from playground.jobs.runs import Run
from playground.training.__main__ import main


@pytest.fixture(scope="module")
def half_way(tmp_path_factory):
    """A run that can go on from 64 of 128 images; never touched."""
    folder = tmp_path_factory.mktemp("half way")
    every = {"report_every_images": 32, "sample_every_images": 64, "snapshot_every_images": 64}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PLAYGROUND_CHECKPOINTS", str(folder / "checkpoints"))
        assert main(command("digits-gan", folder / "run", total_images=64, **every)) == 0
    config = json.loads((folder / "run" / "config.json").read_text())
    (folder / "run" / "config.json").write_text(json.dumps({**config, "total_images": 128}))
    return folder / "run"


@pytest.fixture
def run(half_way, tmp_path):
    """A copy of it, to be edited."""
    return shutil.copytree(half_way, tmp_path / "run")


def test_garbled_measurements_are_left_out_and_missing_folders_made_again(run):
    with (run / "metrics.jsonl").open("ab") as file:
        file.write(b'[1]\nnull\n{"loss": 1}\n{"images_seen": "many"}\n\xff\xfe\n{"images_seen": 99, "loss": 1}\n{"imag')
    for folder in ("samples", "snapshots"):
        shutil.rmtree(run / folder)
    assert main(["--run-dir", str(run), "--resume"]) == 0
    assert Run(run).metrics.columns["images_seen"] == [32, 64, 96, 128]
    assert Run(run).problems == []
    assert list(Run(run).files.states_there()) == [128]


def test_without_measurements_it_goes_on_with_new_ones(run):
    (run / "metrics.jsonl").unlink()
    assert main(["--run-dir", str(run), "--resume"]) == 0
    assert Run(run).metrics.columns["images_seen"] == [96, 128]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b'{"total_images": 5}'])
def test_a_config_that_is_none_is_refused_in_a_sentence(run, content, capsys):
    (run / "config.json").write_bytes(content)
    capsys.readouterr()
    assert main(["--run-dir", str(run), "--resume"]) == 2
    [sentence] = capsys.readouterr().err.strip().splitlines()
    assert "config" in sentence


def test_a_file_in_the_place_of_a_folder_is_refused_in_a_sentence(run, capsys):
    shutil.rmtree(run / "samples")
    (run / "samples").write_text("a file")
    capsys.readouterr()
    assert main(["--run-dir", str(run), "--resume"]) == 2
    [sentence] = capsys.readouterr().err.strip().splitlines()
    assert "cannot be written" in sentence
