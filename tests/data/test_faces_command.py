"""`python -m playground.data.face_extraction`."""

import pytest
from drawn_pictures import folder_of
from faces_in_photos import photo

from playground.data.face_extraction.__main__ import main


def test_it_prints_a_line_a_file_and_the_sum(tmp_path, capsys):
    folder = folder_of(tmp_path / "photos", {"a.png": photo(), "b.txt": b"x"})
    assert main([str(folder), "--out", str(tmp_path / "faces"), "--size", "32"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "photos/a.png: 1 face kept.",
        "photos/b.txt: this file is no picture, by its name.",
        "2 files: 1 face kept, 0 rejected, 1 without any face.",
    ]
    assert len(list((tmp_path / "faces").glob("a-*.png"))) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nowhere"], "There is nothing at nowhere"),
        (["nowhere", "--size", "2"], "size is 2: Input should be greater than or equal to 16"),
        (["nowhere", "--every-seconds", "0"], "every_seconds is 0.0"),
    ],
)
def test_a_refusal_is_one_sentence(arguments, sentence, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main([*arguments, "--out", "faces"]) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert sentence in said
