"""A ZIP of pictures, uploaded in a real browser, looked at, and trained on to the end."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from playground import checkpoints
from tests.browser.visitor import PATIENCE_MS

pytestmark = pytest.mark.browser
NAME = "shapes-of-my-own"
NUM_EACH = 100
SETTINGS = (
    *("model.image_size=16", "batch_size=16", "average_images=100", "total_images=640"),
    *("model.generator_channels=[12, 8, 8]", "model.discriminator_channels=[8, 8]", "model.latent_dim=6"),
    *("report_every_images=320", "sample_every_images=320", "snapshot_every_images=640"),
)


def shapes(path: Path) -> Path:
    """A ZIP of discs and squares in colour, of all sizes, with a text and a damaged picture among them."""
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(NUM_EACH):
            for kind in ("discs", "squares"):
                image = Image.new("RGB", (20, 16), (20, 20, 60))
                size = 4 + number % 5
                place = (10 - size, 8 - size, 10 + size, 8 + size)
                draw = ImageDraw.Draw(image).ellipse if kind == "discs" else ImageDraw.Draw(image).rectangle
                draw(place, fill=(250, 100 + number, 40))
                buffer = io.BytesIO()
                image.save(buffer, "PNG")
                archive.writestr(f"shapes/{kind}/{number}.png", buffer.getvalue())
        archive.writestr("shapes/discs/cut.png", buffer.getvalue()[:60])
        archive.writestr("shapes/read me.txt", "Drawn for a test.")
    return path


def test_an_uploaded_zip_is_checked_and_trained_on(visitor, queue, tmp_path):
    tab = visitor.tab
    visitor.open("train")
    tab.get_by_test_id("stSelectbox").get_by_label("Model and preset").click()
    tab.get_by_role("option", name=re.compile(r"\(digits-cgan\)")).click()
    visitor.settle()
    visitor.type_into("Name of the run", NAME)
    tab.get_by_text("All other settings").click()
    changes = tab.get_by_role("textbox", name="Changes, one a line")
    changes.fill("\n".join(SETTINGS))
    changes.press("Control+Enter")
    visitor.settle()

    tab.get_by_test_id("stSelectbox").get_by_label("Data", exact=True).click()
    tab.get_by_role("option", name="A ZIP to upload").click()
    start = tab.get_by_role("button", name="Start", exact=True)
    expect(start).to_be_disabled()
    tab.locator("input[type=file]").set_input_files(shapes(tmp_path / "shapes.zip"))
    expect(start).to_be_enabled()
    visitor.settle()
    expect(tab.get_by_text("200 pictures in 2 classes, in colour, all of 20 x 16 pixels.")).to_be_visible()
    contact = visitor.sheet("Some of the pictures in shapes.zip")
    expect(contact.locator("img")).to_have_count(12)
    expect(contact).to_contain_text("100 discs")
    tab.get_by_text("2 files skipped").click()
    expect(tab.get_by_text("shapes/discs/cut.png")).to_be_visible()
    assert visitor.problems() == []

    start.click()
    state = tab.locator(".st-key-run_head")
    expect(state).to_contain_text(NAME)
    expect(state).to_contain_text("finished", timeout=2 * PATIENCE_MS)
    [job] = queue.jobs()
    [made] = (job.run_dir / "checkpoint").iterdir()
    model = checkpoints.load(made).model
    assert (model.class_names, model.image_shape) == (("discs", "squares"), (3, 16, 16))
    assert checkpoints.describe(made).card.data == "shapes.zip, all of it, at 16 pixels"
