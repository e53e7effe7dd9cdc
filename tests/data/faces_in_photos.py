"""Photos with a face in them, made of one that is in the public domain."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

import av
import numpy as np
from PIL import Image, ImageFilter, ImageOps

from tests.data.drawn_pictures import encoded, noise

UPSIDE_DOWN = {1: 0, 3: 180, 6: 90, 8: 270}  # by EXIF's number: how a camera has turned its picture, anticlockwise


LEFT_PUPIL, RIGHT_PUPIL = 153.3 + 100.8j, 197.2 + 103.5j  # of the astronaut, by eye


@cache
def astronaut() -> Image.Image:
    """Eileen Collins, by NASA: a face of about 115 pixels in a photo of 400."""
    from skimage import data

    return Image.fromarray(data.astronaut()).crop((50, 0, 450, 400))


def photo(image: Image.Image | None = None, kind: str = "PNG", **options: object) -> bytes:
    return encoded(image or astronaut(), kind, **options)


def by_exif(number: int) -> bytes:
    """The photo as a camera held in another way has it."""
    exif = Image.Exif()
    exif[0x0112] = number
    turned = astronaut().rotate(UPSIDE_DOWN[number], expand=True)
    return photo(turned, "JPEG", exif=exif, quality=95)


def several() -> Image.Image:
    """Three faces, none like another: one as it is, one seen in a mirror, one small."""
    wide = Image.new("RGB", (900, 400), (120, 130, 140))
    wide.paste(astronaut(), (0, 0))
    wide.paste(ImageOps.mirror(astronaut()), (400, 0))
    wide.paste(astronaut().resize((140, 140)), (760, 200))
    return wide


def huge() -> bytes:
    """10,000 by 10,000 pixels in a few kilobytes."""
    return photo(Image.new("1", (10_000, 10_000)))


def all_kinds() -> dict[str, bytes]:
    """A folder of everything that may be in a folder."""
    face = astronaut()
    return {
        "a plain.png": photo(),
        "again.jpg": photo(kind="JPEG", quality=60),
        "blurred.png": photo(ImageOps.mirror(face).filter(ImageFilter.GaussianBlur(4))),
        "cmyk.jpg": photo(face.convert("CMYK"), "JPEG"),
        "copy.png": photo(),
        "cut off.png": photo(face.crop((0, 0, 212, 400))),
        "empty/noise.png": noise(1, 300),
        "empty/pixel.png": photo(Image.new("RGB", (1, 1))),
        "grey.png": photo(ImageOps.mirror(face).convert("L")),
        "huge.png": huge(),
        "note.txt": b"no picture",
        "several.png": photo(several()),
        "small.png": photo(face.resize((140, 140))),
        "tilted.png": photo(face.rotate(36, expand=True)),
        "turned.jpg": by_exif(6),
        "words.jpg": b"no picture either",
    }


def video(path: Path, pictures: list[Image.Image], frames_each: int = 5, rotation: int = 0) -> Path:
    """A film at 10 frames a second that shows each picture for so many frames."""
    with av.open(str(path), "w") as film:
        stream = film.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = *pictures[0].size, "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": "10"}
        if rotation:
            stream.set_display_rotation(rotation)
        for image in pictures:
            for _ in range(frames_each):
                film.mux(stream.encode(av.VideoFrame.from_ndarray(np.asarray(image), format="rgb24")))
        film.mux(stream.encode())
    return path


def opened(path: Path) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(path.read_bytes())))
