"""Faces out of photos: every file gives a line, every face lies in one place, and its eyes where they belong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from drawn_pictures import folder_of, noise, zip_of
from faces_in_photos import LEFT_PUPIL, RIGHT_PUPIL, all_kinds, astronaut, opened, photo
from PIL import Image, ImageOps

from playground.data import load_images
from playground.data.face_extraction.alignment import LEFT_EYE, RIGHT_EYE, align
from playground.data.face_extraction.detection import find_faces
from playground.data.face_extraction.extraction import extract, face_of
from playground.data.face_extraction.settings import FaceSettings
from playground.data.face_extraction.tray import Place, Tray
from playground.errors import PlaygroundError

EXPECTED = {  # of each file: faces kept, words of its faces' objections, words of its note
    "a plain.png": (1, (), ""),
    "again.jpg": (0, ("is a duplicate of a_plain-",), ""),
    "blurred.png": (0, ("is blurred: its sharpness is 0.0",), ""),
    "cmyk.jpg": (0, ("is a duplicate of",), ""),
    "copy.png": (0, (), "has the same content as photos/a plain.png"),
    "cut off.png": (0, ("is cut off by the edge",), ""),
    "empty/noise.png": (0, (), "shows no face"),
    "empty/pixel.png": (0, (), "is too small: 1 x 1 pixels"),
    "grey.png": (1, (), ""),
    "huge.png": (0, (), "has 10,000 x 10,000 pixels: 50 million are the bound"),
    "note.txt": (0, (), "is no picture, by its name"),
    "several.png": (0, ("is a duplicate of a_plain-", "is a duplicate of grey-", "is too small: 4"), ""),
    "small.png": (0, ("is too small: 4",), ""),
    "tilted.png": (0, ("is tilted by 3",), ""),
    "turned.jpg": (0, ("is a duplicate of a_plain-",), ""),
    "words.jpg": (0, (), "is no picture, whatever its name says"),
}


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder_of(tmp_path_factory.mktemp("inputs") / "photos", all_kinds())


@pytest.fixture(scope="module")
def done(photos: Path, tmp_path_factory: pytest.TempPathFactory):
    out = tmp_path_factory.mktemp("outputs") / "faces"
    return extract([photos], out), out


@pytest.mark.parametrize("name", EXPECTED)
def test_every_file_gives_a_line_that_says_what_became_of_it(name, done):
    report, _ = done
    [file] = [file for file in report.files if file.path == f"photos/{name}"]
    num_kept, objections, note = EXPECTED[name]
    assert file.num_kept == num_kept
    assert len(file.objections) == len(objections)
    assert all(any(words in found for found in file.objections) for words in objections)
    assert note in file.note
    assert bool(file.note) == bool(note)
    assert file.to_text().startswith(f"photos/{name}: ")


def test_every_face_lies_in_one_place_and_the_folder_is_a_data_set(done, monkeypatch, tmp_path):
    report, out = done
    tray = Tray(out)
    assert len(report.files) == len(EXPECTED)
    assert (len(tray.lying(Place.KEPT)), len(tray.lying(Place.REJECTED))) == (report.num_kept, report.num_rejected)
    assert report.summary == "16 files: 2 faces kept, 10 rejected, 6 without any face."
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    images = load_images(str(out), "train", 32)
    assert (len(images), images.class_names) == (report.num_kept, ())


def test_the_eyes_are_found_where_they_are():
    [found] = find_faces(np.asarray(astronaut()))
    assert found.has_eyes
    assert max(abs(found.left - LEFT_PUPIL), abs(found.right - RIGHT_PUPIL)) < 3


@pytest.mark.parametrize("turn", [1, 4 + 1j, 0.6 - 0.2j])
@pytest.mark.parametrize("size", [32, 128])
def test_the_eyes_come_to_lie_where_those_of_the_training_faces_do(turn, size):
    photo = np.zeros((600, 700, 3), np.uint8)
    left, right = 300 + 250j, 300 + 250j + 45 * turn
    for channel, eye in enumerate((left, right)):
        x, y = round(eye.real), round(eye.imag)
        photo[y - 5 : y + 5, x - 5 : x + 5, channel] = 255
    face = align(photo, left, right, size).astype(float)
    for channel, wanted in enumerate((LEFT_EYE, RIGHT_EYE)):
        rows, columns = np.indices((size, size)) + 0.5
        weights = face[:, :, channel] / face[:, :, channel].sum()
        seen = ((columns + 1j * rows) * weights).sum() / size
        assert abs(seen - wanted) < 0.02


@pytest.mark.parametrize("degrees", [-40, -15, 15, 40])
def test_a_leaning_face_is_turned_upright(degrees):
    upright = face_of(np.asarray(astronaut()), 64)
    leaning = face_of(np.asarray(astronaut().rotate(degrees, Image.Resampling.BICUBIC, expand=True)), 64)
    middle = slice(16, 48)
    assert np.corrcoef(upright[middle, middle].ravel(), leaning[middle, middle].ravel())[0, 1] > 0.9


def test_pixels_are_neither_shifted_nor_aliased():
    ramp = np.broadcast_to(np.arange(256, dtype=np.uint8)[None, :, None], (256, 256, 3)).copy()
    side = 128  # placed upright, so that a pixel of the picture is the mean of two by two of the photo
    face = align(ramp, 64 + side * 2 * LEFT_EYE - 64, 64 + side * 2 * RIGHT_EYE - 64, side)
    assert abs(face[:, :, 0].astype(float) - (np.arange(side) * 2 + 0.5)).max() <= 1


def test_a_photo_without_a_face_has_none():
    assert face_of(np.random.default_rng(0).integers(0, 256, (200, 300, 3), dtype=np.uint8), 64) is None


def test_a_person_s_verdicts_outlive_another_run(photos, tmp_path):
    out = tmp_path / "faces"
    some = [photos / name for name in ("a plain.png", "grey.png", "tilted.png", "small.png", "several.png")]
    extract(some, out)
    tray = Tray(out)
    kept = {face.path: face.name for face in tray.lying(Place.KEPT)}
    rejected = {face.path: face.name for face in tray.lying(Place.REJECTED)}
    tray.reject(kept["a plain.png"])
    tray.keep(rejected["tilted.png"])
    (out / kept["grey.png"]).unlink()

    report = extract(some, out, FaceSettings(size=48, min_side=20))
    tray = Tray(out)
    names = {face.name for face in tray.lying(Place.KEPT)}
    assert rejected["tilted.png"] in names  # was asked for
    assert not names & set(kept.values())  # one moved away, one deleted
    assert rejected["small.png"] in {face.name for face in tray.faces.values()}
    assert opened(out / rejected["tilted.png"]).shape == (48, 48, 3)
    assert report.files[0].objections == ("was rejected by hand",)
    assert not list(out.glob("**/.*.png.*"))  # nothing half-written


def test_other_settings_judge_anew_what_nobody_has_moved(photos, tmp_path):
    assert extract([photos / "small.png"], tmp_path / "faces").num_kept == 0
    assert extract([photos / "small.png"], tmp_path / "faces", FaceSettings(min_side=30)).num_kept == 1
    assert [face.objection for face in Tray(tmp_path / "faces").faces.values()] == [""]
    assert not list((tmp_path / "faces" / ".rejected").iterdir())


def test_more_photos_are_added_to_the_same_folder(photos, tmp_path):
    extract([photos / "a plain.png"], tmp_path / "faces")
    report = extract([photos / "again.jpg", photos / "grey.png"], tmp_path / "faces")
    assert [file.num_kept for file in report.files] == [0, 1]
    assert len(Tray(tmp_path / "faces").lying(Place.KEPT)) == 2


def test_a_zip_of_photos_is_read_and_its_names_become_no_paths(tmp_path):
    packed = zip_of(
        tmp_path / "photos.zip",
        {"../../evil.png": photo(), "x/a name; rm.png": photo(ImageOps.mirror(astronaut())), "film.mp4": b"x"},
    )
    report = extract([packed], tmp_path / "faces")
    notes = {file.path: file.note for file in report.files}
    assert notes["photos.zip/../../evil.png"] == "has a path that leads out of the archive"
    assert "is a video within an archive" in notes["photos.zip/film.mp4"]
    [kept] = (tmp_path / "faces").glob("*.png")
    assert kept.name.startswith("a_name_rm-")
    assert {file.name for file in tmp_path.iterdir()} == {"photos.zip", "faces"}


@pytest.mark.parametrize(
    ("inputs", "out", "sentence"),
    [
        (["nowhere.jpg"], "faces", "There is nothing at"),
        (["photos"], "photos/faces", "lies in"),
        (["photos"], "photos", "lies in"),
        (["photos/noise.png"], "taken", "holds other files already"),
        (["photos/noise.png"], "taken/file.txt/faces", "cannot be written"),
        (["empty"], "faces", "There is no file in"),
        (["photos/broken.zip"], "faces", "is no ZIP, or a damaged one"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(inputs, out, sentence, tmp_path):
    folder_of(tmp_path / "photos", {"noise.png": noise(0), "broken.zip": b"x"})
    folder_of(tmp_path / "taken", {"file.txt": b"x"})
    (tmp_path / "empty").mkdir()
    with pytest.raises(PlaygroundError, match=sentence):
        extract([tmp_path / name for name in inputs], tmp_path / out)
    assert (tmp_path / "taken" / "file.txt").read_bytes() == b"x"


def test_a_damaged_record_is_said(tmp_path):
    folder_of(tmp_path / "faces", {".faces.json": b"{"})
    with pytest.raises(PlaygroundError, match="is damaged"):
        Tray(tmp_path / "faces")


def test_a_record_names_no_file_outside(tmp_path):
    face = '{"name": "../evil.png", "path": "a", "fingerprint": "a", "seconds": 0, "objection": "", "marks": "0"}'
    folder_of(tmp_path / "faces", {".faces.json": f'{{"faces": {{"../evil.png": {face}}}}}'.encode()})
    with pytest.raises(PlaygroundError, match="is damaged"):
        Tray(tmp_path / "faces")


def test_a_face_that_is_not_there_cannot_be_moved(tmp_path):
    tray = Tray(tmp_path / "faces")
    with pytest.raises(PlaygroundError, match="There is no face named"):
        tray.keep("../other.png")
