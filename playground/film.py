"""Pictures in a row as a film: GIF by Pillow, MP4 by FFmpeg's libraries (PyAV)."""

from __future__ import annotations

import io

import numpy as np
from jaxtyping import UInt8

from playground.images import to_pillow


def to_gif(frames: UInt8[np.ndarray, "num_frames height width channels"], frames_per_second: int) -> bytes:
    """An endless GIF. Its clock has steps of 10 ms, so that rates above 50 are cut to 50."""
    duration_ms = max(20, round(1000 / frames_per_second / 10) * 10)
    pictures = [to_pillow(frame) for frame in frames]
    buffer = io.BytesIO()
    pictures[0].save(buffer, "GIF", save_all=True, append_images=pictures[1:], duration=duration_ms, loop=0)
    return buffer.getvalue()


def to_mp4(frames: UInt8[np.ndarray, "num_frames height width channels"], frames_per_second: int) -> bytes:
    """An MP4 film (H.264, which every browser plays). Odd sizes are padded by one pixel: H.264 has even ones."""
    import av

    num_frames, height, width, channels = frames.shape
    even = np.zeros((num_frames, height + height % 2, width + width % 2, 3), dtype=np.uint8)
    even[:, :height, :width] = frames if channels == 3 else frames.repeat(3, axis=3)
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as film:
        stream = film.add_stream("libx264", rate=frames_per_second)
        stream.width, stream.height, stream.pix_fmt = even.shape[2], even.shape[1], "yuv420p"
        stream.options = {"crf": "14", "preset": "veryfast"}
        for picture in even:
            film.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        film.mux(stream.encode())
    return buffer.getvalue()
