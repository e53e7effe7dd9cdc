"""`python -m playground.data`."""

import pytest
from drawn_pictures import picture, zip_of
from PIL import Image

from playground.data.__main__ import main

pytestmark = pytest.mark.usefixtures("own_cache")


def test_it_prints_the_report_and_writes_the_sheet(tmp_path, capsys):
    path = zip_of(tmp_path / "pets.zip", {"cats/a.png": picture(), "dogs/b.png": picture(), "dogs/c.txt": b"x"})
    assert main([str(path), "--size", "8", "--sheet", str(tmp_path / "sheet.png")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "pets.zip: 2 pictures, in colour, all of 16 x 16 pixels; scaled to 8."
    assert [line.split() for line in lines[1:3]] == [["cats", "1"], ["dogs", "1"]]
    assert "  dogs/c.txt is no picture, by its name." in lines
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.size == (98, 18)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is no folder and no ZIP at nowhere"),
        (["pets.zip", "--sheet", "no/such/folder/sheet.png"], "cannot be written"),
        (["pets.zip", "--size", "2"], "choose from 4 to 1024"),
    ],
)
def test_a_refusal_is_one_sentence(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    zip_of(tmp_path / "pets.zip", {"a.png": picture()})
    assert main(arguments) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert sentence in said
