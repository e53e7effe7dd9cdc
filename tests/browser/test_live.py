"""The live page in a real browser: the picture moves with the hand, and is the library's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Move, Recipe, render
from playground.ui.start import start_recipe
from tests.browser.app_server import AppServer
from tests.browser.live_canvas import LiveCanvas
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.browser
MODEL = "test-cgan"
START = start_recipe(MODEL, tuple("0123456789"))
BASE = "/play/ground"
BLOCK_SOCKET = """window.WebSocket = class extends WebSocket {
  constructor(where, ...more) {
    super(String(where).includes("/live/socket") ? "ws://127.0.0.1:1/" : where, ...more);
  }
};"""


@pytest.fixture
def canvas(visitor: Visitor) -> LiveCanvas:
    return LiveCanvas(visitor)


@pytest.fixture
def server(own_checkpoints: Path, tmp_path: Path) -> Iterator[AppServer]:
    """An app of this test's own, below a path."""
    server = AppServer(tmp_path / "log.txt", BASE)
    server.start()
    yield server
    server.stop()
    server.assert_nothing_went_wrong()


@pytest.mark.parametrize("backend", ["server", "browser"])
def test_the_picture_moves_with_the_mouse_and_the_address_follows_on_release(canvas: LiveCanvas, backend: str):
    canvas.open(MODEL)
    canvas.draw_by(backend)
    canvas.expect_picture(START)
    before = canvas.pixels()
    canvas.grab("Direction 2", 0.9)
    canvas.expect_change(before)
    assert canvas.committed() is None
    canvas.tab.mouse.up()
    moved = canvas.expect_commit(None)
    assert [move.direction for move in moved.moves] == ["principal:1"]
    assert moved.moves[0].amount > 2
    assert moved == START.model_copy(update={"moves": moved.moves})
    canvas.tab.reload()
    canvas.expect_picture(moved)
    expect(canvas.slider("Direction 2")).to_have_value(f"{moved.moves[0].amount:g}")


def test_every_control_says_its_recipe(canvas: LiveCanvas):
    canvas.open(MODEL)
    canvas.expect_picture(START)
    canvas.tab.get_by_label("Seed, a whole number").fill(str(2**62))
    canvas.tab.keyboard.press("Tab")
    seeded = canvas.expect_commit(None)
    assert seeded == START.model_copy(update={"seeds": ((2**62, 1.0),)})
    canvas.slider("Weight of class 8").focus()
    for _ in range(50):
        canvas.tab.keyboard.press("ArrowUp")
    blended = canvas.expect_commit(seeded)
    assert blended.classes == {"3": 1, "8": 0.5}
    canvas.slider("Truncation psi").focus()
    canvas.tab.keyboard.press("Home")
    for _ in range(70):
        canvas.tab.keyboard.press("ArrowRight")
    truncated = canvas.expect_commit(blended)
    assert truncated.psi == 0.7
    canvas.tab.get_by_text("All 64 coordinates").click()
    canvas.slider("Coordinate 5 of").focus()
    canvas.tab.keyboard.press("End")
    moved = canvas.expect_commit(truncated)
    assert moved.moves == (Move(direction="axis:5", amount=3),)
    pad = canvas.tab.get_by_label("Pad: arrow keys")
    expect(pad.locator("canvas")).to_have_js_property("width", 4 * 32)  # the map of 4 x 4 pictures
    pad.click(position={"x": 130, "y": 90})
    neighbours = canvas.expect_commit(moved)
    assert len(neighbours.seeds) == 4
    pad.press("Shift+ArrowRight")
    assert canvas.expect_commit(neighbours).seeds != neighbours.seeds


def test_a_finger_moves_sliders_and_the_pad(own_checkpoints: Path, browser: Browser, address: str):
    context = browser.new_context(has_touch=True, viewport={"width": 420, "height": 900})
    canvas = LiveCanvas(Visitor(context.new_page(), address))
    canvas.open(MODEL)
    canvas.expect_picture(START)
    before = canvas.pixels()
    canvas.touch(canvas.slider("Direction 1"), 0.5, 0.9)
    canvas.expect_change(before)
    canvas.lift()
    moved = canvas.expect_commit(None)
    assert [move.direction for move in moved.moves] == ["principal:0"]
    before = canvas.pixels()
    canvas.touch(canvas.tab.get_by_label("Pad: arrow keys"), 0.2, 0.6)
    canvas.expect_change(before)
    canvas.lift()
    assert len(canvas.expect_commit(moved).seeds) > 1
    canvas.visitor.assert_nothing_went_wrong()
    context.close()


def test_undo_redo_hold_and_reset_by_mouse_and_by_keyboard(canvas: LiveCanvas):
    canvas.open(MODEL)
    canvas.expect_picture(START)
    expect(canvas.button("Undo")).to_be_disabled()
    canvas.slider("Direction 1").focus()
    canvas.tab.keyboard.press("End")
    moved = canvas.expect_commit(None)
    assert moved.moves == (Move(direction="principal:0", amount=3),)
    canvas.button("Undo").click()
    canvas.expect_picture(START)
    canvas.button("Redo").click()
    canvas.expect_picture(moved)
    canvas.slider("Direction 1").focus()
    canvas.tab.keyboard.press("z")
    canvas.expect_picture(START)
    canvas.tab.keyboard.press("Control+y")
    canvas.expect_picture(moved)
    canvas.tab.keyboard.press("h")
    canvas.tab.keyboard.press("r")
    canvas.expect_picture(START)
    canvas.button("Hold").click()
    expect(canvas.stage.locator("button.pin")).to_have_count(2)
    canvas.stage.locator("button.pin").first.click()
    canvas.expect_picture(moved)
    canvas.stage.locator("button.away").first.click()
    expect(canvas.stage.locator("button.pin")).to_have_count(1)
    canvas.button("Reset").click()
    canvas.expect_picture(START)
    assert canvas.expect_commit(moved) == START


def test_a_walk_plays_and_pauses_where_it_is(canvas: LiveCanvas):
    canvas.open(MODEL)
    canvas.expect_picture(START)
    canvas.button("A walk").click()
    canvas.expect_change(canvas.pixels())
    canvas.expect_change(canvas.pixels())
    canvas.button("A walk").press("p")
    walked = canvas.expect_commit(None)
    assert len(walked.seeds) > 1
    canvas.tab.keyboard.press("p")
    canvas.expect_change(canvas.pixels())
    canvas.button("A walk").click()
    assert canvas.expect_commit(walked).seeds != walked.seeds


def test_without_a_socket_the_browser_draws_and_says_so(canvas: LiveCanvas):
    canvas.tab.add_init_script(BLOCK_SOCKET)
    canvas.visitor.open("", f"?model={MODEL}")
    expect(canvas.who).to_have_text("browser")
    expect(canvas.says).to_contain_text("cannot be reached")
    canvas.expect_picture(START)
    canvas.slider("Direction 1").focus()
    canvas.tab.keyboard.press("End")
    assert canvas.expect_commit(None).moves == (Move(direction="principal:0", amount=3),)
    complaints, canvas.visitor.complaints = canvas.visitor.complaints, []
    assert all("ws://127.0.0.1:1/" in complaint for complaint in complaints)


def test_below_a_path_a_restarted_server_is_found_again(server: AppServer, tab: Page):
    canvas = LiveCanvas(Visitor(tab, server.address))
    canvas.open(MODEL)
    canvas.expect_picture(START)
    canvas.draw_by("browser")
    canvas.draw_by("server")
    canvas.slider("Direction 1").focus()
    canvas.tab.keyboard.press("End")
    moved = canvas.expect_commit(None)
    canvas.visitor.assert_nothing_went_wrong()

    server.stop()
    expect(canvas.says).to_contain_text("cannot be reached")
    expect(canvas.who).to_have_text("browser")
    canvas.expect_picture(moved)
    server.start()
    expect(canvas.says).to_contain_text("The server is back")
    expect(canvas.who).to_have_text("server")
    canvas.visitor.settle()
    canvas.expect_picture(moved)
    canvas.slider("Direction 1").focus()
    canvas.tab.keyboard.press("Home")
    assert canvas.expect_commit(moved).moves == (Move(direction="principal:0", amount=-3),)


def test_a_session_whose_frames_are_short_moves_into_the_page(canvas: LiveCanvas):
    canvas.call_every_frame_short()
    canvas.open(MODEL)
    canvas.draw_by("browser")
    canvas.expect_no_worker()
    before = canvas.pixels()
    canvas.grab("Direction 1", 0.9)
    canvas.expect_change(before)
    canvas.tab.mouse.up()
    canvas.expect_commit(None)
    expect(canvas.who).to_have_text("browser")
    canvas.visitor.pick_model("test-gan")  # which the session does not outlive, and is released for once
    canvas.draw_by("browser")


def test_switching_pages_leaves_one_socket_and_no_worker(canvas: LiveCanvas):
    canvas.call_every_frame_short()
    sockets = []
    canvas.tab.on("websocket", lambda socket: sockets.append(socket) if "/live/socket" in socket.url else None)
    canvas.open(MODEL)
    canvas.draw_by("browser")
    for _ in range(5):
        canvas.visitor.go_to("Classes")
        canvas.visitor.go_to("Live")
        canvas.expect_picture(START)
    expect(canvas.who).to_have_text("browser")
    assert len([socket for socket in sockets if not socket.is_closed()]) == 1
    canvas.expect_no_worker()
    before = canvas.pixels()
    canvas.grab("Direction 1", 0.1)
    canvas.expect_change(before)
    canvas.tab.mouse.up()
    canvas.expect_commit(None)


@pytest.mark.parametrize("width", [420, 1440])
def test_the_picture_has_hard_pixels_and_nothing_sticks_out(canvas: LiveCanvas, width: int):
    canvas.tab.set_viewport_size({"width": width, "height": 900})
    canvas.open(MODEL)
    canvas.expect_picture(START)
    picture = canvas.stage.locator(".show canvas")
    expect(picture).to_have_css("image-rendering", "pixelated")
    expect(picture).to_have_attribute("aria-label", f"{MODEL}, seed 14, class 3")
    box = picture.bounding_box()
    assert box is not None
    assert box["width"] == box["height"]
    assert box["width"] % 32 == 0
    overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert canvas.tab.evaluate(overflow) <= 0


def test_whoever_goes_on_at_once_gets_there_and_nothing_is_lost(canvas: LiveCanvas):
    canvas.visitor.hear_late(milliseconds=300)
    canvas.open(MODEL)
    canvas.expect_picture(START)
    canvas.slider("Truncation psi").focus()
    canvas.tab.keyboard.press("Home")
    canvas.visitor.go_to("Vectors")
    expect(canvas.tab).to_have_url(re.compile("/vectors"))
    canvas.visitor.go_to("Live")
    canvas.expect_picture(START.model_copy(update={"psi": 0.0}))


def test_whoever_goes_on_while_another_model_comes_gets_there(canvas: LiveCanvas):
    canvas.visitor.hear_late(milliseconds=300)
    canvas.open(MODEL)
    canvas.expect_picture(START)
    canvas.visitor.pick_model("test-gan")
    canvas.visitor.go_to("Sample")
    expect(canvas.tab).to_have_url(re.compile("/sample.*model=test-gan"))


def test_another_model_keeps_what_it_can(canvas: LiveCanvas):
    canvas.open(MODEL)
    canvas.expect_picture(START)
    canvas.visitor.pick_model("test-gan")
    canvas.expect_picture(Recipe(model="test-gan", seeds=[(14, 1)]))
    canvas.visitor.pick_model(MODEL)
    canvas.expect_picture(START)
    assert render(START).std() > 5
