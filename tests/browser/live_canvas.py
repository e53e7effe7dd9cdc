"""The live canvas as a visitor meets it: its controls, its picture, and the recipe in the address."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Locator, Route, expect

from playground import Recipe, render
from tests.browser.visitor import PATIENCE_MS, Visitor

LOOK_EVERY_MS = 50
SHORT_FRAME = "SHORT_FRAME_MS = 4"
PIXELS = """(canvas) => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return [canvas.height, canvas.width, data.filter((_, place) => place % 4 === 0)];
}"""


class LiveCanvas:
    """The live page in a visitor's tab."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.tab = visitor.tab
        self.stage = self.tab.locator(".live .stage")
        self.says = self.stage.locator(".say")
        self.who = self.stage.locator(".badge .who")

    def open(self, model: str) -> None:
        self.visitor.open("", f"?model={model}")
        expect(self.who).to_have_text("server")

    def call_every_frame_short(self) -> None:
        """However busy this machine is: so that a session moves into the page for certain."""

        def changed(route: Route) -> None:
            answer = route.fetch()
            assert SHORT_FRAME in answer.text()
            route.fulfill(response=answer, body=answer.text().replace(SHORT_FRAME, "SHORT_FRAME_MS = Infinity"))

        self.tab.route("**/browser_backend.js", changed)

    def draw_by(self, backend: str) -> None:
        """Choose who draws, and wait until it does: a new model has to be exported first."""
        self.stage.locator(".badge select").select_option(backend)
        expect(self.who).to_have_text(backend, timeout=2 * PATIENCE_MS)

    def slider(self, label: str) -> Locator:
        """The slider whose label begins so."""
        return self.tab.locator(f'.live input[type=range][aria-label^="{label}"]')

    def button(self, label: str) -> Locator:
        """The stage's button whose label begins so."""
        return self.stage.locator(f'button[aria-label^="{label}"]')

    def grab(self, label: str, share: float) -> None:
        """Press the mouse on a slider and pull it, without letting go."""
        box = self.slider(label).bounding_box()
        assert box is not None
        middle = box["y"] + box["height"] / 2
        self.tab.mouse.move(box["x"] + box["width"] / 2, middle)
        self.tab.mouse.down()
        self.tab.mouse.move(box["x"] + box["width"] * share, middle, steps=4)

    def touch(self, control: Locator, start: float, end: float) -> None:
        """Put a finger on a control, clear of the stage that stays on top, and move it across without lifting it."""
        control.evaluate("(control) => control.scrollIntoView({ block: 'end' })")
        box = control.bounding_box()
        assert box is not None
        self._screen = self.tab.context.new_cdp_session(self.tab)
        for step, kind in enumerate(["touchStart", *["touchMove"] * 8]):
            share = start + (end - start) * step / 8
            point = {"x": box["x"] + box["width"] * share, "y": box["y"] + box["height"] / 2}
            self._screen.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})

    def lift(self) -> None:
        """Take the finger off."""
        self._screen.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        self._screen.detach()

    def pixels(self) -> np.ndarray:
        """What the canvas holds: grey levels [height, width]."""
        height, width, red = self.stage.locator(".show canvas").evaluate(PIXELS)
        return np.array(list(red.values()) if isinstance(red, dict) else red, dtype=int).reshape(height, width)

    def expect_change(self, before: np.ndarray) -> None:
        self._until(lambda: not np.array_equal(self.pixels(), before), "The picture stays as it was.")

    def expect_no_worker(self) -> None:
        """The browser's session has left its worker for the page."""
        self._until(lambda: not self.tab.workers, "A worker still runs.")

    def expect_picture(self, recipe: Recipe) -> None:
        """Wait until the canvas shows what the library draws, within one grey level."""
        self._until(lambda: self._shows(recipe), f"The canvas does not show {recipe.to_json()}.")

    def _shows(self, recipe: Recipe) -> bool:
        painted, expected = self.pixels(), render(recipe)[:, :, 0].astype(int)
        return painted.shape == expected.shape and bool(abs(painted - expected).max() <= 1)

    def committed(self) -> Recipe | None:
        """The recipe in the address."""
        links = parse_qs(urlsplit(self.tab.url).query).get("recipe")
        return Recipe.from_link(links[0]) if links else None

    def expect_commit(self, before: Recipe | None) -> Recipe:
        """Wait until another recipe stands in the address, and until the canvas shows the one that stands there.

        Where the machine is slow, a recipe of halfway is put there first.
        """
        self._until(lambda: self.committed() not in (before, None), "The address stays as it was.")
        self.visitor.settle()
        self._until(
            lambda: self._shows(self.committed()), "The canvas does not show the recipe that stands in the address."
        )
        return self.committed()

    def _until(self, holds, complaint: str) -> None:
        for _ in range(PATIENCE_MS // LOOK_EVERY_MS):
            if holds():
                return
            self.tab.wait_for_timeout(LOOK_EVERY_MS)
        raise AssertionError(f"{complaint} The stage says {self.says.text_content()!r}.")
