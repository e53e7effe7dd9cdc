"""MNIST in all the places it may lie, with four tiny files of its format."""

import gzip
import struct
import urllib.error

import numpy as np
import pytest

from playground.data import load_images, mnist
from playground.errors import PlaygroundError

NUM_IMAGES = 6


def images_file() -> bytes:
    pixels = np.arange(NUM_IMAGES * 28 * 28, dtype=np.uint32).astype(np.uint8)
    return struct.pack(">IIII", 0x803, NUM_IMAGES, 28, 28) + pixels.tobytes()


def labels_file() -> bytes:
    return struct.pack(">II", 0x801, NUM_IMAGES) + bytes(range(NUM_IMAGES))


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("PLAYGROUND_DATA", raising=False)
    return tmp_path / "cache" / "latent-playground"


@pytest.fixture
def no_network(monkeypatch):
    from torchvision.datasets import mnist as vision

    def fail(*arguments, **options):
        raise urllib.error.URLError("no route to host")

    monkeypatch.setattr(vision, "download_and_extract_archive", fail)


def write(folder, packed: bool):
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in mnist.FILES:
        content = images_file() if "images" in name else labels_file()
        (raw / (f"{name}.gz" if packed else name)).write_bytes(gzip.compress(content) if packed else content)
    return raw


def test_unpacked_files_are_read_where_they_lie(tmp_path, cache):
    write(tmp_path / "data", packed=False)
    digits = load_images("mnist", "train", 28, tmp_path / "data")
    assert digits.images.shape == (NUM_IMAGES, 1, 28, 28)
    assert digits.images.flatten().tolist() == [value % 256 for value in range(NUM_IMAGES * 784)]
    assert digits.labels.tolist() == list(range(NUM_IMAGES))
    assert not cache.exists()


def test_packed_files_are_unpacked_into_the_cache_and_nowhere_else(tmp_path, cache, monkeypatch):
    raw = write(tmp_path / "data", packed=True)
    before = sorted(raw.iterdir())
    monkeypatch.setenv("PLAYGROUND_DATA", str(tmp_path / "data"))
    assert len(load_images("mnist", "test", 32)) == NUM_IMAGES
    assert sorted(raw.iterdir()) == before
    assert len(list(cache.glob("mnist-*/MNIST/raw/*-ubyte"))) == 4
    assert not list(cache.glob("**/*.partial"))


def test_a_damaged_packed_file_is_named(tmp_path, cache):
    raw = write(tmp_path / "data", packed=True)
    file = raw / f"{mnist.FILES[0]}.gz"
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(PlaygroundError, match=r"packed MNIST file in .* is damaged"):
        load_images("mnist", "train", 32, tmp_path / "data")


def test_a_damaged_unpacked_file_is_named(tmp_path, cache):
    raw = write(tmp_path / "data", packed=False)
    (raw / mnist.FILES[0]).write_bytes(b"\0" * 10)
    with pytest.raises(PlaygroundError, match=r"MNIST files under .* are damaged"):
        load_images("mnist", "train", 32, tmp_path / "data")


@pytest.mark.filterwarnings("ignore:Failed to download:UserWarning")
def test_without_network_one_sentence_says_what_to_do(tmp_path, cache, no_network):
    with pytest.raises(
        PlaygroundError,
        match=r"could not be downloaded \(urlopen error no route to host\).*--data-dir or PLAYGROUND_DATA.*digits8",
    ):
        load_images("mnist", "train", 32, tmp_path / "empty")


def test_a_data_folder_that_cannot_be_written_is_named(tmp_path, cache):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(PlaygroundError, match=r"data folder .* cannot be written .*name another with --data-dir"):
        load_images("mnist", "train", 32, tmp_path / "file" / "data")


def test_a_cache_that_cannot_be_written_is_named(tmp_path, cache):
    write(tmp_path / "data", packed=True)
    (tmp_path / "cache").write_text("not a folder")
    with pytest.raises(PlaygroundError, match=r"cannot be unpacked into .* XDG_CACHE_HOME"):
        load_images("mnist", "train", 32, tmp_path / "data")
