import io

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from playground import film

FRAMES = np.stack([np.full((33, 21, 1), level, dtype=np.uint8) for level in (0, 120, 255)])


def test_a_gif_has_every_frame_and_loops():
    opened = Image.open(io.BytesIO(film.to_gif(FRAMES, 20)))
    assert opened.n_frames == 3
    assert opened.info["loop"] == 0
    assert opened.info["duration"] == 50
    levels = [np.asarray(frame.convert("L"))[5, 5] for frame in ImageSequence.Iterator(opened)]
    assert levels == [0, 120, 255]


@pytest.mark.parametrize("channels", [1, 3])
def test_an_mp4_has_every_frame_in_an_even_size(channels):
    data = film.to_mp4(FRAMES.repeat(channels, axis=3), 20)
    with av.open(io.BytesIO(data)) as opened:
        pictures = [frame.to_ndarray(format="gray") for frame in opened.decode(video=0)]
        assert opened.streams.video[0].average_rate == 20
    assert [picture.shape for picture in pictures] == [(34, 22)] * 3
    assert [int(picture[5, 5]) for picture in pictures] == pytest.approx([0, 120, 255], abs=8)
