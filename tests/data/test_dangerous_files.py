"""What people and attackers put into folders and ZIPs: refused or skipped, each with a sentence."""

import io
import os
import struct
import zipfile
import zlib

import pytest
from drawn_pictures import encoded, folder_of, noise, picture, zip_of
from PIL import Image

from playground.data import prepare, zip_source
from playground.data import source as source_file
from playground.errors import PlaygroundError

GOOD = {"good.png": picture()}

pytestmark = pytest.mark.usefixtures("own_cache")


def reasons(path) -> dict[str, str]:
    """Why each file was skipped; the good one is always used."""
    report = prepare(path, 16).report
    assert report.num_images == 1
    return {file.path: file.reason for file in report.skipped}


@pytest.mark.parametrize(
    "name", ["../out.png", "/etc/out.png", "a/../../out.png", "C:\\out.png", "..\\out.png", "//host/out.png"]
)
def test_paths_that_climb_out_are_skipped_and_nothing_is_unpacked(name, tmp_path, own_cache):
    packed = tmp_path / "in" / "climb.zip"
    packed.parent.mkdir()
    [reason] = reasons(zip_of(packed, {name: picture(), **GOOD})).values()
    assert reason == "has a path that leads out of the archive"
    assert list(tmp_path.rglob("*.png")) == []


def test_links_in_an_archive_are_skipped(tmp_path):
    link = zipfile.ZipInfo("link.png")
    link.external_attr = 0o120777 << 16
    path = zip_of(tmp_path / "l.zip", GOOD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert reasons(path) == {"link.png": "is a link"}


def test_links_that_lead_out_of_a_folder_are_skipped(tmp_path):
    outside = folder_of(tmp_path / "outside", {"secret.png": picture()})
    folder = folder_of(tmp_path / "inside", GOOD)
    (folder / "link.png").symlink_to(outside / "secret.png")
    (folder / "gone.png").symlink_to(folder / "nothing.png")
    (folder / "album").symlink_to(outside)
    os.mkfifo(folder / "pipe.png")
    assert reasons(folder) == {
        "album": "is a link to a folder, which is not followed",
        "gone.png": "is a link to nothing",
        "link.png": "is a link that leads out of the folder",
        "pipe.png": "is no plain file",
    }


def test_a_link_within_the_folder_is_followed(tmp_path):
    folder = folder_of(tmp_path / "inside", GOOD)
    (folder / "again.png").symlink_to(folder / "good.png")
    assert prepare(folder, 16).report.num_images == 2


def test_an_entry_that_unpacks_to_far_too_much_is_skipped(tmp_path):
    assert "times its size" in reasons(zip_of(tmp_path / "b.zip", {"bomb.png": bytes(10_000_000), **GOOD}))["bomb.png"]


def test_an_archive_that_unpacks_to_far_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(zip_source, "HARMLESS_BYTES", 10_000_000)
    path = zip_of(tmp_path / "b.zip", {f"{number}.png": bytes(2_000_000) for number in range(10)})
    with pytest.raises(PlaygroundError, match=r"b.zip would unpack to 0.0 GB, .* times its size"):
        prepare(path, 16)


def test_a_file_that_lies_about_its_size_is_skipped(tmp_path):
    """Declared as 100 bytes, it holds ten million."""
    path = zip_of(tmp_path / "lie.zip", {"lie.png": bytes(10_000_000), **GOOD})
    content = path.read_bytes()
    true, lie = struct.pack("<L", 10_000_000), struct.pack("<L", 100)
    assert content.count(true) == 2
    path.write_bytes(content.replace(true, lie))
    assert reasons(path) == {"lie.png": "is damaged within the archive"}


def test_too_large_a_file_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr(source_file, "MAX_FILE_BYTES", 1000)
    files = {"large.png": noise(0, 32), **GOOD}
    for path in (zip_of(tmp_path / "l.zip", files, zipfile.ZIP_STORED), folder_of(tmp_path / "l", files)):
        assert "is too large" in reasons(path)["large.png"]


def test_too_many_files_are_refused(tmp_path, monkeypatch):
    files = {f"{number}.png": b"" for number in range(20)}
    for module in ("zip_source", "folder_source"):
        monkeypatch.setattr(f"playground.data.{module}.MAX_FILES", 10)
    with pytest.raises(PlaygroundError, match="holds 20 files"):
        prepare(zip_of(tmp_path / "m.zip", files), 16)
    with pytest.raises(PlaygroundError, match="holds more than 10 files"):
        prepare(folder_of(tmp_path / "m", files), 16)


def test_a_list_of_files_that_would_fill_the_memory_is_not_read(tmp_path, monkeypatch):
    path = zip_of(tmp_path / "m.zip", {f"{number}.png": b"" for number in range(200)})
    monkeypatch.setattr(zip_source, "MAX_DIRECTORY_BYTES", 1000)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(PlaygroundError, match=r"m.zip holds more files"):
        prepare(path, 16)


def test_an_image_bomb_is_skipped_by_its_header(tmp_path):
    """60,000 x 60,000 pixels in a few bytes; nothing of it is decoded."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    bomb = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    data = b"IDAT" + zlib.compress(bytes(100))
    bomb += struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
    assert "million" in reasons(zip_of(tmp_path / "i.zip", {"bomb.png": bomb, **GOOD}))["bomb.png"]


def test_a_picture_beyond_the_bound_is_skipped(tmp_path, monkeypatch):
    monkeypatch.setattr("playground.data.decoding.MAX_PIXELS", 1000)
    found = reasons(zip_of(tmp_path / "i.zip", {"large.png": noise(0, 40), **GOOD}))
    assert "has 40 x 40 pixels" in found["large.png"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("cut.png", noise(0, 64)[:3000], "is damaged or cut off"),
        ("cut.jpg", encoded(Image.open(io.BytesIO(noise(0, 64))), "JPEG")[:1500], "is damaged or cut off"),
        ("text.png", b"hello", "is no picture, whatever its name says"),
        ("empty.jpg", b"", "is no picture, whatever its name says"),
        ("evil.png", b"%!PS-Adobe-3.0 EPSF-3.0\n", "is no picture, whatever its name says"),
        ("dot.png", picture(width=1, height=1), "is too small: 1 x 1 pixels"),
        ("notes.txt", b"hello", "is no picture, by its name"),
        ("more.zip", b"PK", "is an archive: unpack it beside the pictures"),
        ("float.tif", encoded(Image.new("F", (16, 16)), "TIFF"), "has levels of neither 8 nor 16 bits"),
    ],
)
@pytest.mark.parametrize("pack", [folder_of, zip_of])
def test_what_is_no_picture_is_skipped(pack, name, content, reason, tmp_path):
    assert reasons(pack(tmp_path / "x", {name: content, **GOOD})) == {name: reason}


@pytest.mark.parametrize("pack", [folder_of, zip_of])
def test_hidden_files_are_not_even_mentioned(pack, tmp_path):
    hidden = ["__MACOSX/._good.png", ".DS_Store", "Thumbs.db", ".git/a.png", "desktop.ini", "._good.png"]
    assert reasons(pack(tmp_path / "x", {**dict.fromkeys(hidden, b"x"), **GOOD})) == {}


def test_encrypted_files_are_skipped(tmp_path):
    path = zip_of(tmp_path / "e.zip", {"secret.png": picture(), **GOOD})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # the flag in the first file's own header, and in the archive's list
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)
    assert "is encrypted" in reasons(path)["secret.png"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_skipped(method, tmp_path):
    path = zip_of(tmp_path / "o.zip", GOOD)
    with zipfile.ZipFile(path, "a", method) as archive:
        archive.writestr("other.png", picture())
    assert "is packed in a way that is not read" in reasons(path)["other.png"]


def test_a_file_that_is_there_twice_counts_once(tmp_path):
    path = zip_of(tmp_path / "t.zip", GOOD)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("good.png", picture())
    assert reasons(path) == {"good.png": "is in the archive twice"}


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x05\x06" + bytes(10)])
def test_what_is_no_archive_is_refused(content, tmp_path):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(PlaygroundError, match=r"x.zip is no ZIP, or a damaged one"):
        prepare(tmp_path / "x.zip", 16)


def test_an_archive_that_is_cut_off_is_refused(tmp_path):
    path = zip_of(tmp_path / "x.zip", GOOD)
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(PlaygroundError, match=r"x.zip is no ZIP, or a damaged one"):
        prepare(path, 16)


def test_a_damaged_entry_is_skipped(tmp_path):
    path = zip_of(tmp_path / "x.zip", {"bad.png": noise(0), **GOOD}, zipfile.ZIP_STORED)
    content = bytearray(path.read_bytes())
    content[200] ^= 255
    path.write_bytes(content)
    assert reasons(path) == {"bad.png": "is damaged within the archive"}
