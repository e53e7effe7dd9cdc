"""The Faces page: photos in, faces kept and rejected, moved by a click, taken to Train."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground import checkpoints
from playground.card import Card
from playground.data.face_extraction.tray import Place, Tray
from playground.errors import PlaygroundError
from playground.models import family
from playground.ui.face_collection import collection
from tests.data.drawn_pictures import folder_of, noise
from tests.data.faces_in_photos import astronaut, photo
from tests.pages.conftest import pixels, problems, sheet, sheets


@pytest.fixture
def page(open_page: Callable[..., AppTest], tiny_checkpoint: Path) -> AppTest:
    return open_page("faces", model="tiny")


@pytest.fixture
def filled(page: AppTest, tmp_path: Path) -> AppTest:
    """The page after the faces of a folder were found: one kept, one rejected."""
    folder = folder_of(
        tmp_path / "photos",
        {
            "face.png": photo(),
            "small.png": photo(astronaut().resize((140, 140))),
            "noise.png": noise(0, 64),
            "note.txt": b"x",
        },
    )
    page.segmented_control(key="faces_where").set_value("On the server's machine").run()
    page.text_input(key="faces_path").set_value(str(folder)).run()
    return page.button(key="faces_find").click().run()


def test_an_empty_page_says_what_to_do(page):
    assert problems(page) == []
    assert page.button(key="faces_find").disabled
    assert "Upload photos or name a folder" in page.info[0].value


def test_every_file_is_told_of_and_every_face_shown(filled):
    assert problems(filled) == []
    assert any("4 files: 1 face kept, 1 rejected, 2 without any face." in text.value for text in filled.markdown)
    [lines] = [code.value for code in filled.code if "face.png" in code.value]
    assert "photos/noise.png: this file shows no face." in lines
    assert "photos/note.txt: this file is no picture, by its name." in lines
    [kept] = sheet(filled, "The kept faces")["pictures"]
    assert kept["alt"] == "A face in photos/face.png"
    assert pixels(kept).shape == (96, 96, 3)
    filled.segmented_control(key="faces_place").set_value(Place.REJECTED).run()
    [rejected] = sheet(filled, "The rejected faces")["pictures"]
    assert rejected["caption"] == "too small"
    assert "is too small: 4" in rejected["alt"]


def test_an_upload_is_looked_at_and_not_kept(page, tmp_path):
    page.file_uploader(key="faces_upload").upload("../me.png", photo(), "image/png").run()
    page.button(key="faces_find").click().run()
    assert problems(page) == []
    assert len(sheet(page, "The kept faces")["pictures"]) == 1
    assert not (tmp_path / "runs" / ".uploads").exists()
    assert [face.path for face in Tray(collection("my-faces")).lying(Place.KEPT)] == ["me.png"]


def test_the_kept_faces_go_to_train(filled):
    filled.button(key="faces_use").click().run()
    assert problems(filled) == []
    assert [title.value for title in filled.title] == ["Train"]
    assert filled.text_input(key="train_folder").value == str(collection("my-faces"))
    assert any("**1 pictures** without classes" in text.value for text in filled.markdown)


def test_a_damaged_collection_is_said(filled):
    (collection("my-faces") / ".faces.json").write_bytes(b"{")
    [problem] = problems(filled.run())
    assert "is damaged" in problem


@pytest.mark.parametrize("name", ["../elsewhere", "a/b", ".hidden", "..", "", "x" * 99])
def test_a_collection_s_name_becomes_no_path(name):
    with pytest.raises(PlaygroundError, match="A collection cannot be named"):
        collection(name)


def test_what_is_not_there_is_said(page):
    page.segmented_control(key="faces_where").set_value("On the server's machine").run()
    page.text_input(key="faces_path").set_value("/no/such/place").run()
    [problem] = problems(page.button(key="faces_find").click().run())
    assert "There is nothing at /no/such/place" in problem


@pytest.fixture
def colour(open_page: Callable[..., AppTest], checkpoint_folder: Path) -> AppTest:
    """The Reconstruct page with a model of colour pictures."""
    model = family("tiny-test").build({"latent_dim": 4, "image_size": 16, "image_channels": 3}).eval()
    checkpoints.save(checkpoint_folder / "colour", model, Card(title="A model in colour"))
    return open_page("reconstruct", model="colour")


def test_a_photo_s_face_goes_to_the_encoder(colour):
    assert problems(colour) == []
    assert colour.segmented_control(key="reconstruct_source").options == ["Upload", "A generated picture"]
    colour.file_uploader(key="reconstruct_photo").upload("me.png", photo(), "image/png").run()
    face = pixels(sheet(colour, "Original, reconstruction")["pictures"][0])
    colour.toggle(key="reconstruct_find_face").set_value(False).run()
    whole = pixels(sheet(colour, "Original, reconstruction")["pictures"][0])
    assert (face.shape, whole.shape) == ((16, 16, 3), (16, 16, 3))
    assert abs(face.astype(int) - whole).mean() > 20
    assert not colour.warning


def test_a_photo_without_a_face_is_taken_as_it_is_and_that_is_said(colour):
    colour.file_uploader(key="reconstruct_photo").upload("noise.png", noise(0, 64), "image/png").run()
    assert problems(colour) == []
    assert "No face with two visible eyes" in colour.warning[0].value
    assert sheets(colour)


def test_what_is_no_photo_is_said(colour):
    colour.file_uploader(key="reconstruct_photo").upload("me.png", b"x", "image/png").run()
    [problem] = problems(colour)
    assert "no picture that can be read" in problem
