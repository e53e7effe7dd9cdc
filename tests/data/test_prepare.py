"""Folders and ZIPs of pictures as data sets: classes, pixels, reports, and the cache behind them."""

import io
import json
import os
import shutil
import threading

import numpy as np
import pytest
import torch
from drawn_pictures import GREEN, GREY, RED, encoded, folder_of, noise, picture, zip_of
from PIL import Image

from playground.data import load_images, prepare
from playground.data.contact_sheet import contact_sheet
from playground.errors import PlaygroundError

TWO = {"cats/b.png": picture(RED), "cats/a.png": picture(GREEN), "dogs/c.png": picture(GREY)}

pytestmark = pytest.mark.usefixtures("own_cache")


def reasons(report) -> dict[str, str]:
    return {file.path: file.reason for file in report.skipped}


@pytest.mark.parametrize("pack", [folder_of, zip_of])
def test_sub_folders_are_the_classes_and_the_order_is_by_name(pack, tmp_path):
    found = prepare(pack(tmp_path / "pets", TWO), 16)
    assert found.images.class_names == ("cats", "dogs")
    assert found.images.labels.tolist() == [0, 0, 1]
    assert found.images.images[:, :, 0, 0].tolist() == [list(GREEN), list(RED), list(GREY)]
    assert found.report.counts == {"cats": 2, "dogs": 1}
    assert found.report.skipped == ()
    assert load_images(str(tmp_path / "pets"), "train", 16).class_names == ("cats", "dogs")


@pytest.mark.parametrize("pack", [folder_of, zip_of])
def test_without_sub_folders_there_are_no_classes(pack, tmp_path):
    found = prepare(pack(tmp_path / "plain", {"a.png": picture(), "b.jpg": picture(kind="JPEG")}), 16)
    assert (found.images.class_names, found.images.labels.tolist(), found.report.counts) == ((), [0, 0], {})


@pytest.mark.parametrize("pack", [folder_of, zip_of])
def test_a_folder_around_everything_is_no_class(pack, tmp_path):
    wrapped = {f"export/pets/{name}": content for name, content in TWO.items()}
    found = prepare(pack(tmp_path / "wrapped", {**wrapped, "export/readme.txt": b"hello"}), 16)
    assert found.images.class_names == ("cats", "dogs")
    assert reasons(found.report) == {"export/readme.txt": "is no picture, by its name"}


def test_classes_are_counted_as_people_count(tmp_path):
    numbers = {f"{number}/a.png": picture() for number in (10, 9, 1)}
    assert prepare(zip_of(tmp_path / "n.zip", numbers), 16).images.class_names == ("1", "9", "10")


def test_pictures_beside_the_class_folders_are_skipped(tmp_path):
    found = prepare(folder_of(tmp_path / "pets", {**TWO, "loose.png": picture()}), 16)
    assert reasons(found.report) == {"loose.png": "lies beside the class folders, so it has no class"}


@pytest.mark.parametrize("pack", [folder_of, zip_of])
@pytest.mark.parametrize("others", [{"birds/": b""}, {"birds/a.png": b"no picture"}, {"birds/a.txt": b"no picture"}])
def test_a_class_without_a_picture_is_refused(pack, others, tmp_path):
    if pack is folder_of and "birds/" in others:
        (tmp_path / "pets" / "birds").mkdir(parents=True)
        others = {}
    with pytest.raises(PlaygroundError, match=r"class 'birds' has no picture .* or remove the folder"):
        prepare(pack(tmp_path / "pets", {**TWO, **others}), 16)


def test_nothing_usable_is_refused_with_the_first_reason(tmp_path):
    with pytest.raises(PlaygroundError, match=r"bad.zip holds no picture .*; a.png is damaged or cut off"):
        prepare(zip_of(tmp_path / "bad.zip", {"a.png": noise(0)[:200]}), 16)
    with pytest.raises(PlaygroundError, match="holds no picture"):
        prepare(folder_of(tmp_path / "empty", {}), 16)


def test_the_middle_square_is_cut_out_and_scaled(tmp_path):
    wide = Image.new("RGB", (48, 16), GREEN)
    wide.paste(RED, (16, 0, 32, 16))
    found = prepare(zip_of(tmp_path / "w.zip", {"a.png": encoded(wide)}), 8)
    assert (found.images.images[0] == torch.tensor(RED)[:, None, None]).all()
    assert found.report.smallest == (48, 16)


def test_pixels_of_the_wanted_size_are_left_as_they_are(tmp_path):
    found = prepare(zip_of(tmp_path / "n.zip", {"a.png": noise(1)}), 16)
    assert np.array_equal(found.images.images[0].permute(1, 2, 0).numpy(), np.asarray(Image.open(io.BytesIO(noise(1)))))


def test_a_photograph_is_turned_upright_and_large_ones_are_scaled_well(tmp_path):
    lying = Image.new("RGB", (640, 320), GREEN)
    lying.paste(RED, (0, 0, 320, 320))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was turned: left is up
    content = encoded(lying, "JPEG", exif=exif, quality=95)
    found = prepare(zip_of(tmp_path / "p.zip", {"a.jpg": content}), 16)
    assert found.report.largest == (320, 640)
    top, bottom = found.images.images[0, 0, 3].float().mean(), found.images.images[0, 0, 12].float().mean()
    assert top > 190
    assert bottom < 30


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("L", (8, 8), 70), 70),
        (Image.new("1", (8, 8), 1), 255),
        (Image.fromarray(np.full((8, 8), 70 * 257, np.uint16)), 70),
        (Image.new("LA", (8, 8), (100, 0)), 0),
        (Image.new("RGBA", (8, 8), (200, 200, 200, 255)), 200),
        (Image.new("RGB", (8, 8), (70, 71, 72)), 70),
    ],
    ids=["grey", "black and white", "16 bits", "transparent", "opaque", "as good as grey"],
)
def test_every_kind_of_grey_is_grey(image, expected, tmp_path):
    found = prepare(zip_of(tmp_path / "g.zip", {"a.png": encoded(image)}), 8)
    assert found.images.images.shape == (1, 1, 8, 8)
    assert found.images.images[0, 0, 0, 0] == expected


def test_one_picture_in_colour_makes_all_of_them_so(tmp_path):
    found = prepare(zip_of(tmp_path / "m.zip", {"a.png": picture(GREY), "b.png": picture(RED)}), 16)
    assert found.images.images.shape == (2, 3, 16, 16)
    assert any("1 of the 2 pictures are grey" in sentence for sentence in found.report.warnings)


def test_cmyk_and_palettes_are_read(tmp_path):
    cmyk = encoded(Image.new("RGB", (16, 16), RED).convert("CMYK"), "JPEG", quality=100)
    palette = encoded(Image.new("RGB", (16, 16), RED).quantize(4), "GIF")
    found = prepare(zip_of(tmp_path / "k.zip", {"a.jpg": cmyk, "b.gif": palette}), 16)
    assert (found.images.images.int() - torch.tensor(RED)[:, None, None]).abs().max() < 12


def test_the_sizes_that_came_are_said(tmp_path):
    files = {f"{width}.png": picture(width=width, height=20) for width in (60, 10, 30)}
    report = prepare(zip_of(tmp_path / "s.zip", files), 8).report
    assert report.sizes == "from 10 x 20 to 60 x 20 pixels, half of them 30 x 20 or more"


def test_what_to_mind_is_said(tmp_path):
    files = {f"many/{number}.png": noise(number, 8) for number in range(20)} | {"few/a.png": noise(99, 8)}
    report = prepare(zip_of(tmp_path / "u.zip", files), 16).report
    few, unequal, enlarged = report.warnings
    assert "21 pictures are few" in few
    assert "many has 20 pictures, few 1" in unequal
    assert "21 pictures are smaller than 16 pixels" in enlarged
    for sentence in report.warnings:
        assert sentence in report.to_text()


def test_what_is_decoded_once_is_read_from_the_cache(tmp_path, monkeypatch):
    first = prepare(zip_of(tmp_path / "pets.zip", TWO), 16)
    monkeypatch.setattr("playground.data.preparation.decode", None)
    shutil.copyfile(tmp_path / "pets.zip", tmp_path / "copy.zip")
    again = prepare(tmp_path / "copy.zip", 16)
    assert torch.equal(again.images.images, first.images.images)
    assert torch.equal(again.images.labels, first.images.labels)
    assert again.images.class_names == first.images.class_names
    assert again.report == first.report.model_copy(update={"name": "copy.zip"})


@pytest.mark.parametrize("change", ["content", "size"])
def test_other_content_or_another_size_is_decoded_anew(change, tmp_path):
    folder = folder_of(tmp_path / "pets", TWO)
    before = prepare(folder, 16)
    if change == "content":
        (folder / "cats" / "a.png").write_bytes(picture(GREY))
    after = prepare(folder, 16 if change == "content" else 8)
    assert after.images.images.shape[-1] == (16 if change == "content" else 8)
    assert after.images.images[0, :, 0, 0].tolist() == list(GREY if change == "content" else GREEN)
    assert before.report.fingerprint == prepare(folder_of(tmp_path / "other", TWO), 16).report.fingerprint


def test_another_skipped_file_is_seen_at_the_next_look(tmp_path):
    folder = folder_of(tmp_path / "pets", TWO)
    assert reasons(prepare(folder, 16).report) == {}
    (folder / "notes.txt").write_text("new")
    assert reasons(prepare(folder, 16).report) == {"notes.txt": "is no picture, by its name"}


@pytest.mark.parametrize("damage", ["one bit", "cut off", "note", "no note", "format", "no tensors"])
def test_a_damaged_cache_is_made_again(damage, tmp_path, own_cache):
    pets = zip_of(tmp_path / "pets.zip", TWO)
    good = prepare(pets, 16)
    [tensors], [note] = own_cache.glob("*.safetensors"), own_cache.glob("*.json")
    content = bytearray(tensors.read_bytes())
    content[-20] ^= 1
    whole = json.loads(note.read_text())
    match damage:
        case "one bit":
            tensors.write_bytes(content)
        case "cut off":
            tensors.write_bytes(content[:-50])
        case "note":
            note.write_text("{")
        case "no note":
            note.unlink()
        case "format":
            note.write_text(json.dumps(whole | {"format": 0}))
        case "no tensors":
            tensors.unlink()
    again = prepare(pets, 16)
    assert torch.equal(again.images.images, good.images.images)
    assert json.loads(note.read_text()) == whole
    assert sorted(own_cache.iterdir()) == sorted([tensors, note])


def test_a_cache_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "cache").write_text("no folder")
    with pytest.raises(PlaygroundError, match=r"cannot be kept in .* XDG_CACHE_HOME"):
        prepare(zip_of(tmp_path / "pets.zip", TWO), 16)


def test_progress_is_told_to_the_end(tmp_path):
    told = []
    prepare(zip_of(tmp_path / "pets.zip", TWO), 16, lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_who_breaks_off_leaves_no_thread_and_no_file(tmp_path, own_cache):
    def lose_interest(done, total):
        raise KeyboardInterrupt

    files = {f"{number}.png": noise(number) for number in range(200)}
    with pytest.raises(KeyboardInterrupt):
        prepare(zip_of(tmp_path / "n.zip", files), 16, lose_interest)
    assert not [thread for thread in threading.enumerate() if "ThreadPoolExecutor" in thread.name]
    assert not own_cache.exists()


def test_more_than_the_memory_holds_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("playground.data.preparation.MAX_TENSOR_BYTES", 1000)
    with pytest.raises(PlaygroundError, match=r"3 pictures of 16 pixels take .* choose a smaller size"):
        prepare(zip_of(tmp_path / "pets.zip", TWO), 16)


def test_the_contact_sheet_has_a_row_a_class(tmp_path):
    sheet = contact_sheet(prepare(zip_of(tmp_path / "pets.zip", TWO), 16).images)
    assert sheet.shape == (2 * 18 - 2, 10 * 18 - 2, 3)
    assert [tuple(sheet[0, 0]), tuple(sheet[0, 18]), tuple(sheet[18, 0]), tuple(sheet[18, 18])] == [
        GREEN,
        RED,
        GREY,
        (32, 32, 32),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ("/no/such/folder", "no pictures at /no/such/folder: put the folder or the ZIP back"),
        ("missing.zip", "no pictures at missing.zip"),
        ("nonsense", "no data set 'nonsense': known are mnist, digits8"),
    ],
)
def test_what_is_not_there_is_said(data, sentence):
    with pytest.raises(PlaygroundError, match=sentence):
        load_images(data, "train", 16)


def test_own_pictures_have_no_test_part(tmp_path):
    with pytest.raises(PlaygroundError, match=r"pets.zip has no test part"):
        load_images(str(zip_of(tmp_path / "pets.zip", TWO)), "test", 16)


@pytest.mark.parametrize("size", [0, 3, 4000])
def test_an_impossible_size_is_refused(size, tmp_path):
    with pytest.raises(PlaygroundError, match="choose from 4 to 1024"):
        prepare(zip_of(tmp_path / "pets.zip", TWO), size)


def test_odd_names_are_shown_and_read(tmp_path):
    folder = folder_of(tmp_path / "odd", {"ca\u0301ts/a b'\"#.png": picture(), "tab\tand\nline/b.png": picture()})
    (folder / os.fsdecode(b"not-\xff-text")).mkdir()
    (folder / os.fsdecode(b"not-\xff-text") / "c.PNG").write_bytes(picture())
    found = prepare(folder, 16)
    assert found.images.class_names == ("c\u00e1ts", r"not-\udcff-text", r"tab\tand\nline")
    assert prepare(folder, 16).report == found.report
