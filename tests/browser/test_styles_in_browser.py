"""A style-based model in a real browser: its layers, its named directions, and both back ends of the live canvas."""

from __future__ import annotations

import pytest

from playground import Layers, Move, Recipe, Style, render
from playground.latents.layers import layer_groups
from tests.browser.live_canvas import LiveCanvas

pytestmark = pytest.mark.browser
MODEL = "test-style"
GROUPS = layer_groups(7)


def test_the_page_of_styles_mixes_rows_with_columns(visitor):
    visitor.open("styles", f"?model={MODEL}")
    label = "in the style of 6 others"
    middle = Style(seed=102, **GROUPS["middle"].model_dump())
    place = 2 * 7 + 3  # the second row's third column, after the row of styles and the column of seeds
    visitor.expect_picture(label, place, render(Recipe(model=MODEL, seeds=[(1, 1)], styles=[middle])))
    visitor.tab.get_by_role("radio", name="fine").click()
    fine = Style(seed=102, **GROUPS["fine"].model_dump())
    visitor.expect_picture(label, place, render(Recipe(model=MODEL, seeds=[(1, 1)], styles=[fine])))


@pytest.mark.parametrize("backend", ["server", "browser"])
def test_the_live_canvas_mixes_styles_and_moves_single_layers_along_a_name(visitor, backend):
    canvas = LiveCanvas(visitor)
    canvas.open(MODEL)
    canvas.draw_by(backend)
    start = Recipe(model=MODEL, seeds=[(14, 1)])
    canvas.expect_picture(start)

    canvas.tab.get_by_label("Which layers take the other seed").select_option("fine")
    mixed = canvas.expect_commit(None)
    assert mixed == start.model_copy(update={"styles": (Style(seed=1, **GROUPS["fine"].model_dump()),)})

    canvas.tab.get_by_label("Which layers the directions move").select_option("coarse")
    canvas.slider("More or less of smile").focus()
    canvas.tab.keyboard.press("End")
    moved = canvas.expect_commit(mixed)
    coarse = Layers(**GROUPS["coarse"].model_dump())
    assert moved.moves == (Move(direction="label:smile", amount=3, layers=coarse),)
    assert moved.styles == mixed.styles
    canvas.tab.reload()
    canvas.expect_picture(moved)
