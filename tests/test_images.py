import io

import numpy as np
import pytest
import torch
from PIL import Image

from playground import images
from playground.errors import PlaygroundError


def test_grey_levels_survive_the_way_there_and_back():
    levels = np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1)
    assert np.array_equal(images.to_uint8(images.to_float(levels)), levels)


def test_values_outside_are_clipped():
    assert images.to_uint8(torch.tensor([[[[-3.0, 3.0]]]])).ravel().tolist() == [0, 255]


def test_a_grid_places_pictures_row_by_row():
    pictures = np.stack([np.full((2, 2, 1), level, dtype=np.uint8) for level in (50, 100, 150)])
    sheet = images.grid(pictures, num_columns=2, gap=1)
    assert sheet.shape == (5, 5, 1)
    assert (sheet[0, 0, 0], sheet[0, 3, 0], sheet[3, 0, 0], sheet[3, 3, 0]) == (50, 100, 150, 32)


def test_enlarging_repeats_pixels():
    small = np.array([[[[0], [255]]]], dtype=np.uint8)
    assert images.enlarge(small, 3)[0, :, :, 0].tolist() == [[0, 0, 0, 255, 255, 255]] * 3


@pytest.mark.parametrize("channels", [1, 3])
def test_a_png_is_exact_and_carries_its_recipe(channels):
    picture = np.random.default_rng(0).integers(0, 256, (9, 7, channels), dtype=np.uint8)
    png = images.to_png(picture, '{"model": "Gr\u00fc\u00dfe"}')
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))).reshape(picture.shape), picture)
    assert images.recipe_json_of(png) == '{"model": "Gr\u00fc\u00dfe"}'
    assert images.recipe_json_of(images.to_png(picture)) is None


def _file(picture: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_every_mode_is_opened_in_the_model_s_size(mode):
    data = _file(Image.new(mode, (50, 20), 0), "TIFF")
    assert images.open_image(data, (1, 32, 32)).shape == (32, 32, 1)
    assert images.open_image(data, (3, 16, 16)).shape == (16, 16, 3)


def test_a_rotated_photo_is_turned_upright():
    picture = Image.new("L", (20, 20))
    picture.paste(255, (0, 0, 20, 10))  # the upper half is white
    exif = Image.Exif()
    exif[0x0112] = 3  # stored upside down
    opened = images.open_image(_file(picture, "JPEG", exif=exif), (1, 20, 20))
    assert opened[15, 10, 0] > 200 > 50 > opened[5, 10, 0]


def test_what_is_transparent_is_black():
    assert images.open_image(_file(Image.new("RGBA", (8, 8), (255, 255, 255, 0)), "PNG"), (1, 8, 8)).max() == 0


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"<svg/>"])
def test_what_is_no_picture_gets_one_sentence(data):
    with pytest.raises(PlaygroundError, match="no picture that can be read"):
        images.open_image(data, (1, 8, 8))


def test_a_cut_off_picture_gets_one_sentence():
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64), dtype=np.uint8))
    data = _file(noise, "PNG")
    with pytest.raises(PlaygroundError, match="damaged or cut off"):
        images.open_image(data[: len(data) // 2], (1, 8, 8))


def test_a_picture_that_is_too_large_is_refused_before_it_is_decoded(monkeypatch):
    def refuse(*_):
        raise AssertionError("decoded")

    data = _file(Image.new("1", (20_000, 20_000)), "PNG")
    monkeypatch.setattr(Image.Image, "convert", refuse)
    with pytest.raises(PlaygroundError, match="too large"):
        images.open_image(data, (1, 8, 8))
    with pytest.raises(PlaygroundError, match="MB"):
        images.open_image(b"x" * 20_000_001, (1, 8, 8))
