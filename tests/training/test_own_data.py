"""Trainings on a person's own pictures: what the model takes from them, what its card says, what is refused."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from small import SMALL

from playground import checkpoints
from playground.training.__main__ import main

EVERY = ("sample_every_images=32", "snapshot_every_images=32")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def pictures(path: Path, classes: tuple[str, ...], num_each: int = 20) -> Path:
    """A ZIP of noise in colour, with these folders."""
    random = np.random.default_rng(0)
    with zipfile.ZipFile(path, "w") as archive:
        for name in classes:
            for number in range(num_each):
                buffer = io.BytesIO()
                Image.fromarray(random.integers(0, 256, (10, 10, 3), dtype=np.uint8)).save(buffer, "PNG")
                archive.writestr(f"{name}{number}.png", buffer.getvalue())
    return path


def arguments(preset: str, run: Path, data: Path, total_images: int = 32) -> list[str]:
    changes = [f"data={data}", "model.image_size=8", "batch_size=16", f"total_images={total_images}"]
    words = ["--preset", preset, "--run-dir", str(run)]
    return words + [word for change in (*changes, *SMALL[preset], *EVERY) for word in ("--set", change)]


@pytest.mark.parametrize("preset", sorted(SMALL))
def test_classes_and_colours_follow_the_data(preset, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    pictures(tmp_path / "pets.zip", ("cats/", "dogs/", "emus/"))
    assert main(arguments(preset, tmp_path / "run", Path("pets.zip"))) == 0
    found = checkpoints.load(preset)
    assert found.model.image_shape == (3, 8, 8)
    assert found.model.class_names == (("cats", "dogs", "emus") if preset == "digits-cgan" else ())
    assert json.loads((tmp_path / "run" / "config.json").read_text())["data"] == str(tmp_path / "pets.zip")


def test_the_card_names_the_data_and_nothing_of_the_machine(tmp_path):
    pictures(tmp_path / "pets.zip", ("cats/", "dogs/"))
    assert main(arguments("digits-cgan", tmp_path / "run", tmp_path / "pets.zip")) == 0
    card = checkpoints.load("digits-cgan").card
    assert card.title == "Conditional GAN on pets.zip"
    assert card.data == "pets.zip, all of it, at 8 pixels"
    assert card.licence == "unknown: yours"
    assert "--set data=pets.zip" in card.command
    assert "MNIST" not in card.to_markdown()
    assert str(tmp_path) not in card.to_markdown()


def test_a_run_reads_its_pictures_again_when_it_goes_on(tmp_path, capsys):
    data = pictures(tmp_path / "pets.zip", ("cats/", "dogs/"))
    run = tmp_path / "run"
    assert main(arguments("digits-cgan", run, data)) == 0
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"total_images": 64}))
    resume = ["--run-dir", str(run), "--resume"]

    data.rename(tmp_path / "elsewhere.zip")
    assert main(resume) == 2
    assert f"no pictures at {data}: put the folder or the ZIP back" in capsys.readouterr().err
    (tmp_path / "elsewhere.zip").rename(data)
    assert main(resume) == 0
    assert checkpoints.load("digits-cgan").card.images_seen == 64


@pytest.mark.parametrize(
    ("preset", "folders", "num_each", "sentence"),
    [
        ("digits-cgan", ("",), 20, "is told classes, and pets.zip has none"),
        ("digits-vae", ("",), 3, "pets.zip has 3 pictures, too few for 2 groups .* 8, or lower model.mixture_comp"),
    ],
)
def test_what_does_not_fit_the_model_is_refused(preset, folders, num_each, sentence, tmp_path, capsys):
    data = pictures(tmp_path / "pets.zip", folders, num_each)
    assert main(arguments(preset, tmp_path / "run", data)) == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1
    assert re.search(sentence, said), said
    assert not (tmp_path / "run").exists()
