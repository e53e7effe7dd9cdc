"""A visitor of the app: opens pages, moves controls, looks at pictures."""

from __future__ import annotations

import base64
import io
import re

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from playground.images import to_pillow

PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)
PAINTED = """async (image) => {
  try {
    await image.decode();
  } catch {
    return null; // its pixels are just being changed
  }
  const canvas = document.createElement("canvas");
  canvas.width = image.naturalWidth;
  canvas.height = image.naturalHeight;
  const pen = canvas.getContext("2d");
  pen.drawImage(image, 0, 0);
  return canvas.toDataURL("image/png");
}"""


class Visitor:
    """One tab at the app, with what a person does there."""

    def __init__(self, tab: Page, address: str) -> None:
        self.tab = tab
        self.address = address
        self.complaints: list[str] = []
        tab.set_default_timeout(PATIENCE_MS)
        tab.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        tab.on("console", self._heard)
        tab.on("request", self._asked)

    def open(self, page: str = "", query: str = "") -> None:
        """Open a page by its address, as from a bookmark, and wait until it is quiet."""
        self.tab.goto(f"{self.address}/{page}{query}")
        self.settle()

    def hear_late(self, milliseconds: int) -> None:
        """Over a slow line: all that Streamlit's server says comes so much later. Before a page is opened."""

        def slow(line: WebSocketRoute) -> None:
            server = line.connect_to_server()
            server.on_message(lambda message: (self.tab.wait_for_timeout(milliseconds), line.send(message)))

        self.tab.route_web_socket(re.compile("_stcore/stream"), slow)

    def go_to(self, title: str) -> None:
        """Follow the link in the sidebar."""
        self.tab.get_by_test_id("stSidebar").get_by_role("link", name=title).click()
        expect(self.tab.get_by_role("heading", name=title, level=1)).to_be_visible()
        self.settle()

    def settle(self) -> None:
        """Wait until the page has run to its end and shows something."""
        expect(self.tab.get_by_test_id("stApp")).to_have_attribute(
            "data-test-script-state", re.compile("notRunning|stopped")
        )
        expect(self.tab.locator("[data-stale=true]")).to_have_count(0)

    def pick_model(self, name: str) -> None:
        self.tab.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input").click()
        self.tab.get_by_role("option", name=name, exact=True).click()
        self.settle()

    def type_into(self, label: str, text: str) -> None:
        field = self.tab.get_by_role("textbox", name=label, exact=True)
        field.fill(text)
        field.press("Enter")
        self.settle()

    def nudge(self, label: str, times: int) -> None:
        """Move a slider by arrow keys; negative is to the left."""
        handle = self.tab.locator(f'input[type=range][aria-label="{label}"]')
        handle.focus()
        for _ in range(abs(times)):
            handle.press("ArrowRight" if times > 0 else "ArrowLeft")
        self.settle()

    def sheet(self, label: str) -> Locator:
        """The sheet of pictures whose label contains these words."""
        return self.tab.get_by_role("group", name=label)

    def picture(self, label: str, index: int) -> Locator:
        return self.sheet(label).locator("img").nth(index)

    def pixels(self, label: str, index: int) -> np.ndarray:
        """A picture as the browser paints it: grey levels [height, width]."""
        content = None
        while content is None:
            content = self.picture(label, index).evaluate(PAINTED)
        content = content.partition(",")[2]
        return np.asarray(Image.open(io.BytesIO(base64.b64decode(content))).convert("L"))

    def expect_picture(self, label: str, index: int, expected: np.ndarray) -> None:
        """Wait until a picture shows these levels [height, width, channels], within one; colours as their luma."""
        expected = np.asarray(to_pillow(expected).convert("L"))
        deadline = PATIENCE_MS // 100
        for _ in range(deadline):
            if self._matches(label, index, expected):
                return
            self.tab.wait_for_timeout(100)
        difference = abs(self.pixels(label, index).astype(int) - expected)
        raise AssertionError(f"picture {index} of {label!r} is off by up to {difference.max()} grey levels")

    def _matches(self, label: str, index: int, expected: np.ndarray) -> bool:
        if self.picture(label, index).count() == 0:
            return False
        painted = self.pixels(label, index)
        return painted.shape == expected.shape and abs(painted.astype(int) - expected).max() <= 1

    def problems(self) -> list[str]:
        """The error boxes on the page, as texts."""
        return self.tab.locator("[data-testid=stAlertContentError]").all_inner_texts()

    def assert_nothing_went_wrong(self) -> None:
        assert self.tab.get_by_test_id("stException").count() == 0
        assert self.complaints == [], self.complaints

    def _heard(self, message) -> None:
        """Note errors. Streamlit asks for its health below a page's own address first, and learns from the 404."""
        is_probe = "/_stcore/" in message.location.get("url", "") and "404" in message.text
        if message.type == "error" and not is_probe:
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.complaints.append(f"a request to another machine: {request.url}")
