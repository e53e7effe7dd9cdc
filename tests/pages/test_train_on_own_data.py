"""The Train page with a person's own pictures: looked at before anything can be started."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.jobs.queue import Queue
from tests.data.drawn_pictures import folder_of, noise, picture, zip_of
from tests.pages.conftest import problems, sheet

PRESET = "digits-cgan"
PETS = {f"{kind}/{number}.png": noise(number) for kind in ("cats", "dogs") for number in range(12)}


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("playground.jobs.queue.start_detached", lambda *_: None)
    return Queue()


@pytest.fixture
def form(queue: Queue, open_page: Callable[..., AppTest], tiny_checkpoint: Path) -> Callable[[str], AppTest]:
    """Opens the form and chooses where the pictures are."""

    def opened(where: str) -> AppTest:
        app = open_page("train", model="tiny")
        return app.selectbox(key=f"train_{PRESET}_data").set_value(where).run()

    return opened


def can_start(app: AppTest) -> bool:
    [button] = [button for button in app.button if button.label == "Start"]
    return not button.disabled


def content(path: Path) -> bytes:
    return path.read_bytes()


def test_a_folder_is_looked_at_and_then_trained_on(queue, form, tmp_path):
    folder = folder_of(tmp_path / "pets", {**PETS, "dogs/note.txt": b"x", "dogs/cut.png": noise(0)[:300]})
    app = form("folder")
    assert not can_start(app)
    assert problems(app) == []
    app.text_input(key="train_folder").set_value(str(folder)).run()
    assert problems(app) == []
    assert any("**24 pictures** in 2 classes, in colour" in text.value for text in app.markdown)
    assert sheet(app, "Some of the pictures in pets")["row_headings"] == ["12 cats", "12 dogs"]
    assert len(sheet(app, "Some of the pictures in pets")["pictures"]) == 12
    [skipped] = [code.value for code in app.code if "is no picture" in code.value]
    assert "dogs/note.txt" in skipped
    assert "1 file: is damaged or cut off." in skipped
    assert any("24 pictures are few" in box.value for box in app.warning)
    app.button(key="train_start").click().run()
    [job] = queue.jobs()
    assert job.changes == (f"data={folder}",)


def test_an_upload_is_kept_and_trained_on(queue, form, tmp_path):
    packed = content(zip_of(tmp_path / "pets.zip", PETS))
    app = form("upload")
    assert not can_start(app)
    app.file_uploader(key="train_upload").upload("../my pets?.zip", packed, "application/zip").run()
    assert problems(app) == []
    app.button(key="train_start").click().run()
    [job] = queue.jobs()
    [kept] = (queue.runs / ".uploads").glob("*/*")
    assert job.changes == (f"data={kept}",)
    assert (kept.name, kept.read_bytes()) == ("my pets_.zip", packed)


def test_the_pictures_are_decoded_once_for_all_clicks(form, tmp_path, monkeypatch):
    app = form("folder")
    app.text_input(key="train_folder").set_value(str(folder_of(tmp_path / "pets", PETS))).run()
    asked = []
    monkeypatch.setattr("playground.ui.data_check.prepare", lambda *_: asked.append(1))
    app.number_input(key=f"train_{PRESET}_total_images").set_value(5000).run()
    assert problems(app) == []
    assert asked == []


def test_what_has_changed_is_seen_when_looked_at_again(form, tmp_path):
    folder = folder_of(tmp_path / "pets", PETS)
    app = form("folder")
    app.text_input(key="train_folder").set_value(str(folder)).run()
    (folder / "dogs" / "new.png").write_bytes(picture())
    app.button(key="train_look_again").click().run()
    assert sheet(app, "Some of the pictures in pets")["row_headings"] == ["12 cats", "13 dogs"]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.png": picture()}, "is told classes, and pets.zip has none"),
        ({**PETS, "birds/a.txt": b"x"}, "The class 'birds' has no picture"),
        ({"a.txt": b"x"}, "holds no picture"),
        (None, "is no ZIP, or a damaged one"),
    ],
)
def test_what_cannot_be_trained_on_is_refused_with_a_sentence(files, sentence, queue, form, tmp_path):
    packed = b"no archive" if files is None else content(zip_of(tmp_path / "pets.zip", files))
    app = form("upload")
    app.file_uploader(key="train_upload").upload("pets.zip", packed, "application/zip").run()
    [problem] = problems(app)
    assert sentence in problem
    assert not can_start(app)


def test_a_path_where_nothing_is_is_said(form, tmp_path):
    app = form("folder")
    app.text_input(key="train_folder").set_value(str(tmp_path / "nowhere")).run()
    [problem] = problems(app)
    assert "There is no folder and no ZIP at" in problem
    assert not can_start(app)


def test_a_bomb_is_said_on_the_page(form, monkeypatch):
    monkeypatch.setattr("playground.data.zip_source.HARMLESS_BYTES", 1_000_000)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.png", bytes(1_000_000))
    app = form("upload")
    app.file_uploader(key="train_upload").upload("bomb.zip", buffer.getvalue(), "application/zip").run()
    [problem] = problems(app)
    assert "bomb.zip would unpack to" in problem


def test_too_large_an_upload_is_refused(form, monkeypatch):
    monkeypatch.setattr("playground.data.uploads.MAX_UPLOAD_MB", 0)
    app = form("upload")
    app.file_uploader(key="train_upload").upload("large.zip", bytes(2_000_000), "application/zip").run()
    [problem] = problems(app)
    assert "large.zip has 2 MB: 0 can be uploaded" in problem
    assert not can_start(app)
