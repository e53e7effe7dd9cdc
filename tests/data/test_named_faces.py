"""The data sets of faces that have names: found where they lie, refused with a sentence where they do not."""

import pytest
import torch
from drawn_pictures import GREEN, GREY, RED, folder_of, picture, zip_of
from torchvision.datasets import CelebA

from playground.data import load_images
from playground.errors import PlaygroundError
from playground.training.about import licence_line
from playground.training.config import resolve

pytestmark = pytest.mark.usefixtures("own_cache")

COLOURS = {"000001.jpg": RED, "000002.jpg": GREEN, "000003.jpg": GREY, "000004.jpg": GREEN}


@pytest.fixture
def celeba(tmp_path, monkeypatch):
    """Four pictures with lists as CelebA has them; torchvision knows the real ones by their checksums."""
    monkeypatch.setattr(CelebA, "_check_integrity", lambda self: True)
    folder = tmp_path / "celeba"
    pictures = {f"img_align_celeba/{name}": picture(colour, 178, 218, "PNG") for name, colour in COLOURS.items()}
    folder_of(folder, pictures)
    lists = {
        "list_eval_partition.txt": ["0", "2", "0", "2"],
        "identity_CelebA.txt": ["1", "2", "3", "4"],
        "list_bbox_celeba.txt": ["0 0 9 9"] * 4,
        "list_landmarks_align_celeba.txt": ["1 2 3 4"] * 4,
        "list_attr_celeba.txt": ["-1 1", "1 1", "1 -1", "1 1"],
    }
    headers = {"list_bbox_celeba.txt": "x y w h", "list_landmarks_align_celeba.txt": "a b c d"}
    headers["list_attr_celeba.txt"] = "Smiling Young"
    for name, rows in lists.items():
        lines = [f"{file} {row}" for file, row in zip(COLOURS, rows, strict=True)]
        start = ["4", headers[name]] if name in headers else []
        (folder / name).write_text("\n".join([*start, *lines]) + "\n")
    return tmp_path


def test_celeba_keeps_its_own_parts_and_all_its_attributes(celeba):
    train = load_images("celeba", "train", 16, celeba)
    assert train.images[:, :, 0, 0].tolist() == [list(RED), list(GREY)]
    assert (train.class_names, train.labels.tolist()) == (("serious", "smiling"), [0, 1])
    assert train.attribute_names == ("Smiling", "Young")
    assert train.attributes.tolist() == [[0, 1], [1, 0]]
    test = load_images("celeba", "test", 16, celeba)
    assert test.images[:, :, 0, 0].tolist() == [list(GREEN)] * 2


def test_a_picture_of_celeba_that_is_missing_is_noticed(celeba):
    (celeba / "celeba" / "img_align_celeba" / "000002.jpg").unlink()
    with pytest.raises(PlaygroundError, match="Of CelebA's 4 pictures 3 can be read"):
        load_images("celeba", "train", 16, celeba)


def test_faces_are_the_zip_of_that_name(tmp_path):
    files = {f"18-29/{number}.png": picture(RED) for number in range(2)} | {"60+/a.png": picture(GREEN)}
    zip_of(tmp_path / "faces128.zip", files)
    faces = load_images("faces", "train", 16, tmp_path)
    assert faces.class_names == ("18-29", "60+")
    assert torch.equal(faces.labels, torch.tensor([0, 0, 1]))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("faces", "put faces128.zip there"), ("celeba", r"put there what torchvision\.datasets\.CelebA keeps")],
)
def test_data_that_is_not_there_is_said(name, sentence, tmp_path):
    with pytest.raises(PlaygroundError, match=sentence):
        load_images(name, "train", 16, tmp_path)


@pytest.mark.parametrize("name", ["faces", "celeba"])
def test_weights_trained_on_faces_carry_the_licence_of_the_faces(name):
    assert licence_line(resolve("faces-gan", [f"data={name}"])).startswith("weights and data: ")
    assert "non-commercial" in licence_line(resolve("faces-gan", [f"data={name}"]))
