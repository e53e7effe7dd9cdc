"""Photos uploaded in a real browser: their faces found, moved by a click, and taken to Train."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.data.drawn_pictures import folder_of, noise
from tests.data.faces_in_photos import astronaut, photo

pytestmark = pytest.mark.browser


def test_a_photo_s_faces_are_found_moved_and_taken_to_train(visitor, queue, tmp_path: Path):
    photos = folder_of(
        tmp_path / "photos",
        {"me.jpg": photo(kind="JPEG"), "me small.png": photo(astronaut().resize((140, 140))), "sand.png": noise(0, 64)},
    )
    tab = visitor.tab
    visitor.open("faces")
    try:
        tab.locator("input[type=file]").set_input_files(sorted(photos.iterdir()))
        find = tab.get_by_role("button", name="Find faces")
        expect(find).to_be_enabled()
        visitor.settle()
        find.click()
        expect(tab.get_by_text("3 files: 1 face kept, 1 rejected, 1 without any face.")).to_be_visible()
        visitor.settle()
        expect(tab.get_by_text("sand.png: this file shows no face.")).to_be_visible()

        tab.get_by_text("Rejected", exact=True).click()
        rejected = visitor.sheet("The rejected faces").get_by_role("button")
        expect(rejected).to_have_text("too small")
        rejected.click()
        expect(tab.get_by_text("No face was rejected.")).to_be_visible()
        visitor.settle()
        tab.get_by_text("Kept", exact=True).click()
        expect(visitor.sheet("The kept faces").locator("img")).to_have_count(2)
        visitor.settle()

        tab.get_by_role("button", name="Use as a data set").click()
        expect(tab.get_by_role("heading", name="Train", level=1)).to_be_visible()
        expect(tab.get_by_role("textbox", name="Path", exact=True)).to_have_value(re.compile("my-faces$"))
        expect(tab.get_by_text("2 pictures without classes, in colour")).to_be_visible()
        visitor.settle()
        assert visitor.problems() == []
    finally:
        shutil.rmtree(queue.runs / ".faces", ignore_errors=True)
