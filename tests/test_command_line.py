import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

import playground
from playground.__main__ import main, parse_classes, parse_seeds
from playground.errors import PlaygroundError
from playground.images import recipe_json_of


def test_seeds_are_numbers_ranges_and_lists():
    assert parse_seeds("7") == [7]
    assert parse_seeds("3-5, 9,0-1") == [3, 4, 5, 9, 0, 1]
    assert parse_seeds(str(2**63 - 1)) == [2**63 - 1]


@pytest.mark.parametrize(
    "text", ["", "a", "5-3", "0-100000", f"{2**63}", "-1", "1.5", "1-2-3", "0-9223372036854775807", "0-60000,0-60000"]
)
def test_bad_seeds_get_one_sentence(text):
    with pytest.raises(PlaygroundError):
        parse_seeds(text)


def test_classes_are_names_with_weights():
    assert parse_classes("3") == {"3": 1.0}
    assert parse_classes("3:0.5, 8:0.25") == {"3": 0.5, "8": 0.25}
    with pytest.raises(PlaygroundError, match="no class with a weight"):
        parse_classes("3:much")


def test_one_picture_carries_its_recipe(tiny_checkpoint, tmp_path):
    out = tmp_path / "new folder" / "one.png"
    assert main(["sample", "tiny", "--seeds", "7", "--class", "1:1,2:3", "--psi", "0.5", "--out", str(out)]) == 0
    recipe = playground.Recipe.from_json(recipe_json_of(out.read_bytes()))
    assert recipe == playground.Recipe(model="tiny", seeds=[(7, 1)], classes={"1": 1, "2": 3}, psi=0.5)
    with Image.open(out) as opened:
        assert np.array_equal(np.asarray(opened)[:, :, None], playground.render(recipe))


def test_several_pictures_become_a_grid(tiny_checkpoint, tmp_path):
    assert main(["sample", "tiny", "--seeds", "0-3", "--out", str(tmp_path / "grid.png")]) == 0
    with Image.open(tmp_path / "grid.png") as opened:
        assert opened.size == (18, 18)


def test_an_archive_holds_images_and_labels(tiny_checkpoint, plain_checkpoint, tmp_path):
    main(["sample", "tiny", "--seeds", "0-4", "--out", str(tmp_path / "a.npz")])
    archive = np.load(tmp_path / "a.npz")
    assert np.array_equal(archive["images"], playground.load("tiny").sample(range(5)))
    assert archive["labels"].tolist() == [0, 1, 2, 0, 1]
    main(["sample", "plain", "--seeds", "0-1", "--out", str(tmp_path / "b.npz")])
    assert np.load(tmp_path / "b.npz")["labels"].tolist() == [-1, -1]


def test_a_folder_gets_one_file_a_seed(tiny_checkpoint, tmp_path):
    main(["sample", "tiny", "--seeds", "5,7", "--out", str(tmp_path / "folder")])
    files = sorted((tmp_path / "folder").iterdir())
    assert [file.name for file in files] == ["000000.png", "000001.png"]
    assert json.loads(recipe_json_of(files[1].read_bytes()))["seeds"] == [[7, 1.0]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["sample", "nobody", "--out", "x.png"],
        ["sample", "tiny", "--seeds", "-5", "--out", "x.png"],
        ["sample", "tiny", "--class", "9", "--out", "x.png"],
        ["sample", "tiny", "--psi", "nan", "--out", "x.png"],
        ["sample", "tiny", "--out", "x.bmp"],
        ["sample", "tiny", "--out", "file/x.png"],
        ["info", "nobody"],
    ],
)
def test_bad_input_gets_one_sentence_and_leaves_nothing(tiny_checkpoint, tmp_path, monkeypatch, capsys, arguments):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("not a folder")
    before = sorted(tmp_path.rglob("*"))
    if "-5" in arguments:
        arguments = [argument if argument != "-5" else " -5" for argument in arguments]
    assert main(arguments) == 2
    printed = capsys.readouterr()
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_list_and_info_read_every_checkpoint(tiny_checkpoint, plain_checkpoint, capsys):
    (plain_checkpoint / "model.safetensors").write_bytes(b"cut")
    assert main(["list"]) == 0
    printed = capsys.readouterr().out
    assert "A tiny model" in printed
    assert "plain" in printed
    assert "damaged or cut off" in printed
    assert main(["info", "tiny"]) == 0
    assert "# A tiny model" in capsys.readouterr().out


def test_the_command_runs_as_a_module():
    finished = subprocess.run(
        [sys.executable, "-m", "playground", "info", "nobody"], capture_output=True, text=True, check=False
    )
    assert finished.returncode == 2
    assert "Traceback" not in finished.stderr
    assert finished.stderr.startswith("There is no checkpoint named 'nobody'")


def test_a_reader_that_has_seen_enough_hears_of_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "playground", "list"]
    finished = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (finished.returncode, finished.stderr) == (0, "")
