"""The pictures of a page follow its sliders while the mouse still holds them."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import expect

import playground
from playground.recipe import Recipe
from tests.browser.visitor import PATIENCE_MS, Visitor

pytestmark = pytest.mark.browser

COVERED = """(cover) => {
  const { data } = cover.getContext("2d").getImageData(0, 0, cover.width, cover.height);
  return { pixels: [...data].filter((_, index) => index % 4 === 0), width: cover.width };
}"""


def take_hold(visitor: Visitor, label: str, offset: int) -> float:
    """Drag a slider by `offset` pixels and keep hold of it; where it stands then."""
    handle = visitor.tab.locator(f'input[type=range][aria-label="{label}"]')
    thumb = handle.locator("xpath=../..")
    thumb.scroll_into_view_if_needed()
    box = thumb.bounding_box()
    across, down = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.tab.mouse.move(across, down)
    visitor.tab.mouse.down()
    visitor.tab.mouse.move(across + offset, down, steps=4)
    return float(handle.input_value())


def covering(visitor: Visitor, label: str, index: int) -> np.ndarray:
    """The grey levels that lie over a picture during a drag."""
    cover = visitor.sheet(label).locator(".picture").nth(index).locator("canvas.cover")
    expect(cover).to_be_visible()
    found = cover.evaluate(COVERED)
    return np.array(found["pixels"]).reshape(-1, found["width"])


def expect_covering(visitor: Visitor, label: str, index: int, recipe: Recipe) -> None:
    """Wait until the last step of the drag lies over a picture, within one grey level."""
    expected = playground.render(recipe)[:, :, 0].astype(int)
    for _ in range(PATIENCE_MS // 100):
        if abs(covering(visitor, label, index) - expected).max() <= 1:
            return
        visitor.tab.wait_for_timeout(100)
    raise AssertionError(f"picture {index} of {label!r} did not follow the slider")


def test_a_sheet_follows_truncation_and_gives_way_to_the_page(visitor):
    visitor.open("sample?model=test-gan")
    psi = take_hold(visitor, "Truncation psi", -40)
    assert psi < 1
    recipe = Recipe(model="test-gan", seeds=[(3, 1.0)], psi=psi)
    expect_covering(visitor, "pictures of test-gan", 3, recipe)
    visitor.tab.mouse.up()
    visitor.expect_picture("pictures of test-gan", 3, playground.render(recipe))
    expect(visitor.tab.locator("canvas.cover:visible")).to_have_count(0)


def test_a_blend_follows_its_share(visitor):
    visitor.open("classes?model=test-cgan")
    share = take_hold(visitor, "Share of 8", 60)
    assert share > 0.5
    recipe = Recipe(model="test-cgan", seeds=[(0, 1.0)], classes={"3": 1 - share, "8": share})
    expect_covering(visitor, "The chosen picture", 0, recipe)
    visitor.tab.mouse.up()
    visitor.expect_picture("The chosen picture", 0, playground.render(recipe))


def test_only_the_result_follows_the_constant(visitor):
    visitor.open("vectors?model=test-gan")
    before = visitor.pixels("A minus B plus C", 0)
    take_hold(visitor, "Constant c, added to every number", 40)
    assert abs(covering(visitor, "A minus B plus C", 0) - before.astype(int)).max() <= 1
    assert abs(covering(visitor, "A minus B plus C", 3) - visitor.pixels("A minus B plus C", 3).astype(int)).max() > 1
    visitor.tab.mouse.up()


def test_a_place_on_the_walk_follows_the_hand(visitor):
    visitor.open("interpolate?model=test-cvae")
    before = visitor.pixels("The chosen picture", 0)
    take_hold(visitor, "Legs from the start", 50)
    assert abs(covering(visitor, "The chosen picture", 0) - before.astype(int)).max() > 1
    visitor.tab.mouse.up()
    expect(visitor.tab.locator("canvas.cover:visible")).to_have_count(0)


def test_pages_work_without_the_live_modules(visitor):
    visitor.tab.route("**/live/web/**", lambda route: route.abort())
    visitor.open("sample?model=test-gan")
    visitor.nudge("Truncation psi", -4)
    recipe = Recipe(model="test-gan", seeds=[(3, 1.0)], psi=0.8)
    visitor.expect_picture("pictures of test-gan", 3, playground.render(recipe))
    visitor.go_to("Live")
    expect(visitor.tab.get_by_text("The live canvas did not load")).to_be_visible()
    own = [complaint for complaint in visitor.complaints if "/live/web/" not in complaint]
    visitor.complaints = own  # the browser notes each request that the test broke
