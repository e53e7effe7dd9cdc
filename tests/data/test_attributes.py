"""attributes.csv: numbers beside the pictures."""

import math

import pytest
from drawn_pictures import folder_of, picture, zip_of

from playground.data import prepare

PICTURES = {"old/a.png": picture(), "young/b.png": picture(), "young/c.png": picture()}

pytestmark = pytest.mark.usefixtures("own_cache")


@pytest.mark.parametrize("pack", [folder_of, zip_of])
@pytest.mark.parametrize("prefix", ["", "export/"])
def test_numbers_are_kept_beside_their_pictures(pack, prefix, tmp_path):
    table = "\ufefffile, age,name,smile\nyoung/c.png,20,Cleo,0.5\n./old/a.png,80,Al,\nnot/there.png,1,x,1\n"
    files = {prefix + name: content for name, content in PICTURES.items()}
    path = pack(tmp_path / "x", {**files, prefix + "attributes.csv": table.encode()})
    for _ in range(2):  # decoded, then from the cache
        found = prepare(path, 16)
        assert found.report.attributes == ("age", "smile")
        assert found.attributes[:, 0].nan_to_num(-1).tolist() == [80, -1, 20]
        assert found.attributes[:, 1].nan_to_num(-1).tolist() == [-1, -1, 0.5]
    missing, useless = found.report.attribute_warnings
    assert "says nothing of 1 of the 3 pictures" in missing
    assert "no numbers in name" in useless
    assert found.report.skipped == ()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "no CSV file in UTF-8"),
        (b"", "no column 'file'"),
        (b"picture,age\na.png,1\n", "no column 'file'"),
        (b"file,age,age\nold/a.png,1,2\n", "different names"),
    ],
)
def test_a_table_that_cannot_be_used_is_left_out_and_said(content, sentence, tmp_path):
    found = prepare(zip_of(tmp_path / "x.zip", {**PICTURES, "attributes.csv": content}), 16)
    assert found.attributes.shape == (3, 0)
    assert sentence in found.report.attribute_warnings[0]
    assert sentence in found.report.to_text()


def test_odd_numbers_are_none(tmp_path):
    table = b"file,age\nold/a.png,eighty\nyoung/b.png,1e3\nyoung/c.png\n"
    found = prepare(zip_of(tmp_path / "x.zip", {**PICTURES, "attributes.csv": table}), 16)
    assert [math.isnan(value) for value in found.attributes[:, 0].tolist()] == [True, False, True]
