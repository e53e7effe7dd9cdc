"""Frames of a video, one every so often."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from playground.data.face_extraction.alignment import Photo
from playground.data.source import UnreadableError
from playground.images import MAX_PIXELS

# By ending, and no other is tried: some of what FFmpeg reads names further files, on this machine or another.
FORMATS = {
    ".mp4": "mov",
    ".m4v": "mov",
    ".mov": "mov",
    ".mkv": "matroska",
    ".webm": "matroska",
    ".avi": "avi",
}
MAX_FRAMES = 20_000  # of one video that are looked at


@dataclass(frozen=True)
class Frame:
    """A frame of a video.

    Attributes:
        pixels: uint8 RGB, upright.
        seconds: from the beginning of the video.
        share: of the video that is read, 0 to 1; 0 where its length is unknown.
    """

    pixels: Photo
    seconds: float
    share: float


def frames_of(file: Path, every_seconds: float) -> Iterator[Frame]:
    """The first frame and then one at least so many seconds after the one before.

    Raises `UnreadableError` where it is no video or its frames are too large; after the last good frame where
    the rest is damaged or too long.
    """
    import av

    seconds = 0.0
    due = 0.0
    num_frames = 0
    try:
        with file.open("rb") as opened, av.open(opened, format=FORMATS[file.suffix.lower()]) as container:
            if not container.streams.video:
                raise UnreadableError("is a video without pictures")
            stream = container.streams.video[0]
            stream.thread_type = "AUTO"
            _check_size(stream.codec_context.width, stream.codec_context.height)
            length = container.duration / av.time_base if container.duration else None
            for frame in container.decode(stream):
                seconds = frame.time if frame.time is not None else seconds
                if seconds < due:
                    continue
                if num_frames == MAX_FRAMES:
                    raise UnreadableError(
                        f"is long: {MAX_FRAMES:,} frames of it were looked at, so choose more seconds between them"
                    )
                _check_size(frame.width, frame.height)
                upright = np.rot90(frame.to_ndarray(format="rgb24"), round(frame.rotation / 90))
                yield Frame(np.ascontiguousarray(upright), seconds, min(1.0, seconds / length) if length else 0.0)
                due = seconds + every_seconds
                num_frames += 1
    except (av.FFmpegError, OSError, ValueError, EOFError):
        if not num_frames:
            raise UnreadableError("is no video that can be read") from None
        raise UnreadableError(f"is damaged or cut off {seconds:.0f} seconds from its beginning") from None
    if not num_frames:
        raise UnreadableError("is a video without pictures")


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise UnreadableError(
            f"has frames of {width:,} x {height:,} pixels: {MAX_PIXELS / 1e6:.0f} million are the bound"
        )
