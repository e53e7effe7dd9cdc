"""Faces out of videos: a frame every so often, the same face once."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_pictures import folder_of
from faces_in_photos import astronaut, video
from PIL import ImageOps

from playground.data.face_extraction.extraction import extract
from playground.data.face_extraction.settings import FaceSettings
from playground.data.face_extraction.video import frames_of
from playground.data.source import UnreadableError


@pytest.fixture(scope="module")
def film(tmp_path_factory):
    return video(tmp_path_factory.mktemp("films") / "film.mp4", [astronaut(), ImageOps.mirror(astronaut())], 10)


def test_the_same_face_in_neighbouring_frames_is_kept_once(film, tmp_path):
    report = extract([film.parent], tmp_path / "faces", FaceSettings(every_seconds=0.5))
    [file] = report.files
    assert (file.path, file.num_kept) == (f"{film.parent.name}/film.mp4", 2)
    assert [words.partition(" of ")[0] for words in file.objections] == ["is a duplicate"] * 2


@pytest.mark.parametrize(("every_seconds", "moments"), [(0.5, [0, 0.5, 1, 1.5]), (1.0, [0, 1]), (60.0, [0])])
def test_a_frame_is_looked_at_every_so_often(film, every_seconds, moments):
    frames = list(frames_of(film, every_seconds))
    assert [frame.seconds for frame in frames] == pytest.approx(moments)
    assert frames[0].pixels.shape == (400, 400, 3)
    assert [frame.share for frame in frames] == pytest.approx([moment / 2 for moment in moments], abs=0.05)


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_video_of_a_turned_camera_is_turned_upright(rotation, tmp_path):
    if not hasattr(__import__("av").video.stream.VideoStream, "set_display_rotation"):
        pytest.skip("This PyAV cannot write such a video.")
    turned = astronaut().rotate(-rotation, expand=True)
    [frame] = frames_of(video(tmp_path / "turned.mp4", [turned], 3, rotation), 60.0)
    assert abs(frame.pixels.astype(int) - np.asarray(astronaut())).mean() < 8


def test_no_video_or_a_cut_one_is_said(film, tmp_path):
    content = film.read_bytes()
    folder = folder_of(
        tmp_path / "films",
        {
            "list.mp4": b"#EXTM3U\n#EXTINF:1,\nfile:///etc/hostname\n",
            "text.mkv": b"no film",
            "cut.mp4": content[: len(content) // 3],
        },
    )
    report = extract([folder], tmp_path / "faces")
    assert {file.note for file in report.files} == {"is no video that can be read"}


def test_too_large_frames_are_refused_before_they_are_decoded(film, monkeypatch):
    monkeypatch.setattr("playground.data.face_extraction.video.MAX_PIXELS", 10_000)
    with pytest.raises(UnreadableError, match="has frames of 400 x 400 pixels"):
        next(frames_of(film, 1.0))


def test_what_lies_before_the_damage_is_kept(film, tmp_path, monkeypatch):
    monkeypatch.setattr("playground.data.face_extraction.video.MAX_FRAMES", 1)
    [file] = extract([film], tmp_path / "faces").files
    assert file.num_kept == 1
    assert "1 frames of it were looked at" in file.note
