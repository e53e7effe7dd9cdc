"""Every page in a real browser: a control moves, and the pixels that are painted differ and are right."""

from __future__ import annotations

import math
import re

import numpy as np
import onnxruntime
import pytest
from PIL import Image
from playwright.sync_api import expect

from playground import Move, Recipe, load, render
from playground.latents.paths import walk
from playground.ui.catalogue import playable
from tests.browser.live_canvas import LiveCanvas

pytestmark = pytest.mark.browser
MODEL = "test-cgan"


def sample(seed: int, name: str | None = None, **more) -> Recipe:
    return Recipe(model=MODEL, seeds=[(seed, 1)], classes={name or str(seed % 10): 1}, **more)


def test_gallery_draws_every_model_and_names_the_damaged_one(visitor):
    visitor.open("gallery")
    for entry in playable():
        names = load(entry.name).class_names
        recipe = Recipe(model=entry.name, seeds=[(3, 1)], classes={names[3]: 1} if names else {})
        visitor.expect_picture(f"pictures of {entry.name}", 3, render(recipe))
    [problem] = visitor.problems()
    assert "test-broken" in problem


def test_gallery_opens_a_model_on_the_live_page(visitor):
    visitor.open("gallery")
    card = visitor.tab.locator(".st-key-card_test-gan")
    card.get_by_role("link", name="Play").click()
    LiveCanvas(visitor).expect_picture(Recipe(model="test-gan", seeds=[(0, 1)]))
    assert "model=test-gan" in visitor.tab.url


def test_gallery_gives_the_generator_away(visitor):
    visitor.open("gallery")
    card = visitor.tab.locator(".st-key-card_test-gan")
    with visitor.tab.expect_download(timeout=120_000) as begun:
        card.get_by_role("button", name="ONNX").click()
    session = onnxruntime.InferenceSession(begun.value.path().read_bytes())
    z = np.stack([load("test-gan").checkpoint.model.prior.draw(3).numpy()])
    expected = render(Recipe(model="test-gan", seeds=[(3, 1)])).astype(int)
    assert abs(session.run(["images"], {"z": z})[0][0] - expected).max() <= 1


def test_sample_changes_with_its_controls(visitor):
    visitor.open("sample", f"?model={MODEL}")
    label = f"pictures of {MODEL}"
    visitor.expect_picture(label, 5, render(sample(5)))
    before = visitor.pixels(label, 5)
    visitor.type_into("Seeds", str(2**63 - 5))
    visitor.expect_picture(label, 2, render(sample(2**63 - 3)))
    visitor.type_into("Seeds", "40-47")
    visitor.expect_picture(label, 5, render(sample(45)))
    assert not np.array_equal(visitor.pixels(label, 5), before)
    visitor.nudge("Truncation psi", -8)
    visitor.expect_picture(label, 5, render(sample(45, psi=0.6)))
    for name in ("3", "8"):
        visitor.tab.get_by_role("button", name=name, exact=True).click()
        visitor.settle()
    visitor.nudge("Weight of 8", -5)
    blend = Recipe(model=MODEL, seeds=[(45, 1)], classes={"3": 0.5, "8": 0.25}, psi=0.6)
    visitor.expect_picture(label, 5, render(blend))


def test_sample_picks_by_click_and_by_keyboard_and_carries_the_picture_on(visitor):
    visitor.open("sample", f"?model={MODEL}")
    sheet = visitor.sheet(f"pictures of {MODEL}")
    sheet.get_by_role("button").nth(7).dblclick()
    visitor.expect_picture("The chosen picture", 0, render(sample(7)))
    visitor.tab.keyboard.press("ArrowDown")
    visitor.tab.keyboard.press("Enter")
    visitor.expect_picture("The chosen picture", 0, render(sample(13)))
    expect(sheet.locator("[aria-pressed=true] img")).to_have_attribute("alt", f"{MODEL}, seed 13, class 3")
    visitor.settle()  # the links below the picture follow it
    visitor.tab.get_by_test_id("stMain").get_by_role("link", name="Vectors").click()
    visitor.expect_picture("A minus B plus C", 0, render(sample(13, "3")))
    visitor.tab.go_back()
    visitor.expect_picture("The chosen picture", 0, render(sample(13)))
    visitor.tab.reload()
    visitor.expect_picture(f"pictures of {MODEL}", 1, render(sample(1)))


def test_sample_downloads_a_picture_that_carries_its_recipe(visitor, tmp_path):
    from playground.images import recipe_json_of

    visitor.open("sample", f"?model={MODEL}")
    with visitor.tab.expect_download() as waiting:
        visitor.tab.get_by_role("button", name="PNG", exact=True).click()
    waiting.value.save_as(tmp_path / "one.png")
    assert Recipe.from_json(recipe_json_of((tmp_path / "one.png").read_bytes())) == sample(0)


def test_a_wrong_seed_is_said_and_the_pictures_stay(visitor):
    visitor.open("sample", f"?model={MODEL}")
    visitor.type_into("Seeds", "-3")
    expect(visitor.tab.get_by_test_id("stAlertContentError")).to_contain_text("out of range")
    visitor.expect_picture(f"pictures of {MODEL}", 0, render(sample(0)))


def test_classes_changes_with_its_controls(visitor):
    visitor.open("classes", f"?model={MODEL}")
    visitor.expect_picture("Every class", 14, render(sample(1, "4")))
    before = visitor.pixels("Every class", 14)
    visitor.type_into("First seed", "50")
    visitor.expect_picture("Every class", 14, render(sample(51, "4")))
    assert not np.array_equal(visitor.pixels("Every class", 14), before)
    visitor.nudge("Share of 8", 10)
    mix = {"3": 0.4, "8": 0.6}
    visitor.expect_picture("The chosen picture", 0, render(Recipe(model=MODEL, seeds=[(0, 1)], classes=mix)))


def test_interpolate_changes_with_its_controls_and_makes_a_film(visitor):
    visitor.open("interpolate", f"?model={MODEL}")
    model = load(MODEL).checkpoint.model
    frames = walk([sample(3), sample(8)], model, 9, "spherical")
    visitor.expect_picture("A walk", 4, render(frames[4]))
    visitor.tab.get_by_text("straight", exact=True).click()
    visitor.expect_picture("A walk", 4, render(walk([sample(3), sample(8)], model, 9, "straight")[4]))
    visitor.sheet("A walk").get_by_role("button").nth(2).click()
    visitor.expect_picture("The chosen picture", 0, render(walk([sample(3), sample(8)], model, 9, "straight")[2]))
    visitor.tab.get_by_role("button", name="Make the film").click()
    film = visitor.picture("A film", 0)
    expect(film).to_have_attribute("src", re.compile("^data:image/gif"))
    assert film.evaluate("image => image.decode().then(() => image.naturalWidth)") == 256


def test_vectors_changes_with_its_controls(visitor):
    visitor.open("vectors", f"?model={MODEL}")
    parts = [(3, 1), (13, -1), (8, 1)]
    visitor.expect_picture("A minus B plus C", 3, render(Recipe(model=MODEL, seeds=parts, classes={"3": 1})))
    before = visitor.pixels("A minus B plus C", 3)
    visitor.nudge("Constant c, added to every number", 10)
    moves = [Move(direction="constant", amount=0.5 * math.sqrt(load(MODEL).latent_dim))]
    moved = Recipe(model=MODEL, seeds=parts, classes={"3": 1}, moves=moves)
    visitor.expect_picture("A minus B plus C", 3, render(moved))
    assert not np.array_equal(visitor.pixels("A minus B plus C", 3), before)


def test_reconstruct_encodes_what_is_drawn_and_walks_on(visitor):
    visitor.open("reconstruct", "?model=test-cvae")
    expect(visitor.tab.get_by_text("Draw a digit in the black square")).to_be_visible()
    canvas = visitor.tab.get_by_label("A black square")
    box = canvas.bounding_box()
    visitor.tab.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.2 * box["height"])
    visitor.tab.mouse.down()
    visitor.tab.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.8 * box["height"], steps=8)
    visitor.tab.mouse.up()
    expect(visitor.sheet("Original, reconstruction and error")).to_be_visible()
    visitor.settle()
    original = visitor.pixels("Original", 0)
    rows, columns = np.nonzero(original)
    assert (rows.min(), rows.max()) == (6, 25)
    assert columns.max() - columns.min() < 6
    model = load("test-cvae")
    names = model.class_names
    codes = model.encode(np.stack([original[:, :, None]] * len(names)), list(names))
    images = model.decode(codes, list(names))
    best = int(((images.astype(float) - original[:, :, None]) ** 2).mean(axis=(1, 2, 3)).argmin())
    visitor.expect_picture("Original", 1, images[best])
    visitor.sheet("every class").get_by_role("button").nth((best + 1) % 10).click()
    other = Recipe(model="test-cvae", code=codes[best].tolist(), classes={names[(best + 1) % 10]: 1})
    visitor.expect_picture("The chosen picture", 0, render(other))
    visitor.tab.get_by_role("button", name="Clear").click()
    expect(visitor.tab.get_by_text("Draw a digit in the black square")).to_be_visible()


def test_reconstruct_takes_a_digit_on_paper_and_refuses_what_is_no_picture(visitor, tmp_path):
    visitor.open("reconstruct", "?model=test-cvae")
    visitor.tab.get_by_text("Upload", exact=True).first.click()
    (tmp_path / "no-picture.png").write_bytes(b"this is not a picture")
    visitor.tab.locator("input[type=file]").set_input_files(tmp_path / "no-picture.png")
    expect(visitor.tab.get_by_test_id("stAlertContentError")).to_contain_text("no picture")
    paper = np.full((300, 400), 230, dtype=np.uint8)
    paper[60:240, 190:210] = 20  # a 1 in dark ink
    Image.fromarray(paper).save(tmp_path / "one.png")
    visitor.tab.locator("input[type=file]").set_input_files(tmp_path / "one.png")
    expect(visitor.sheet("Original, reconstruction and error")).to_be_visible()
    original = visitor.pixels("Original", 0)
    rows, columns = np.nonzero(original > 128)
    assert (rows.min(), rows.max()) == (6, 25)
    assert (columns.min(), columns.max()) == (15, 16)


def test_reconstruct_says_which_models_can(visitor):
    visitor.open("reconstruct", "?model=test-gan")
    expect(visitor.tab.get_by_text("test-gan has no encoder")).to_be_visible()
    visitor.tab.get_by_role("button", name="test-cvae").click()
    expect(visitor.tab.get_by_label("A black square")).to_be_visible()


def test_the_model_is_kept_on_every_page_and_in_the_address(visitor):
    visitor.open()
    visitor.pick_model("test-gan")
    for title in ("Vectors", "Interpolate", "Sample", "Gallery"):
        visitor.go_to(title)
        assert "model=test-gan" in visitor.tab.url
    visitor.tab.reload()
    visitor.settle()
    picker = visitor.tab.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input")
    expect(picker).to_have_value("test-gan")


def test_two_tabs_do_not_disturb_each_other(visitor, browser, address):
    from tests.browser.visitor import Visitor

    other = Visitor(browser.new_context().new_page(), address)
    visitor.open("sample", f"?model={MODEL}")
    other.open("sample", "?model=test-gan")
    visitor.type_into("Seeds", "100")
    other.type_into("Seeds", "200")
    visitor.expect_picture(f"pictures of {MODEL}", 0, render(sample(100)))
    other.expect_picture("pictures of test-gan", 0, render(Recipe(model="test-gan", seeds=[(200, 1)])))
    other.assert_nothing_went_wrong()


def test_an_impatient_visitor_ends_where_the_last_click_was(visitor):
    visitor.open("sample", f"?model={MODEL}")
    dice = visitor.tab.get_by_role("button", name="casino").first
    for _ in range(6):
        dice.click(no_wait_after=True)
    for title in ("Vectors", "Classes", "Interpolate"):
        visitor.tab.get_by_test_id("stSidebar").get_by_role("link", name=title).click(no_wait_after=True)
    visitor.tab.get_by_test_id("stSidebar").get_by_role("link", name="Sample").click()
    visitor.settle()
    field = visitor.tab.get_by_role("textbox", name="Seeds", exact=True)
    expect(field).to_be_visible()
    visitor.type_into("Seeds", "300")
    visitor.expect_picture(f"pictures of {MODEL}", 0, render(sample(300)))


@pytest.mark.parametrize("page", ["gallery", "sample", "classes", "interpolate", "vectors", "reconstruct", "train"])
@pytest.mark.parametrize("width", [420, 1440])
def test_pictures_have_hard_pixels_and_nothing_sticks_out(page, width, visitor):
    visitor.tab.set_viewport_size({"width": width, "height": 900})
    visitor.open(page, "?model=test-cvae")
    if page != "reconstruct":
        expect(visitor.tab.locator(".pictures img").first).to_be_visible()
    look = (
        "images => images.map((image) => [getComputedStyle(image).imageRendering, image.src.slice(0, 14), image.alt])"
    )
    for rendering, kind, text in visitor.tab.locator(".pictures img").evaluate_all(look):
        assert (rendering, kind) == ("pixelated", "data:image/png")
        assert text.strip()
    overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert visitor.tab.evaluate(overflow) <= 0
