"""A small real training in a real browser, from the form to the Live page."""

from __future__ import annotations

import os
import re
import signal

import pytest
from playwright.sync_api import Browser, Page, expect

from playground import Recipe
from playground.jobs.queue import Queue
from tests.browser.live_canvas import LiveCanvas
from tests.browser.visitor import PATIENCE_MS, Visitor
from tests.jobs.processes import wait_for
from tests.training.small import settings

pytestmark = pytest.mark.browser
NAME = "seen-in-the-browser"
EVERY = {"report_every_images": 320, "sample_every_images": 320, "snapshot_every_images": 1280}
NUM_POINTS = "() => document.querySelector('.js-plotly-plot')?.data?.[0].x.length ?? 0"


def new_visitor(browser: Browser, address: str) -> Visitor:
    return Visitor(browser.new_context(viewport={"width": 1440, "height": 1000}).new_page(), address)


def images_seen(tab: Page) -> int:
    """By the run when it drew the sheet on the page."""
    return int(tab.locator(".history img").get_attribute("data-images-seen"))


def hold(queue: Queue) -> int:
    """Stop the trainer's clock, so that a fast machine does not finish while the tabs change; returns its id."""
    [job] = queue.jobs()
    os.kill(job.process.pid, signal.SIGSTOP)
    return job.process.pid


def test_a_training_outlives_its_tab_and_ends_on_the_live_page(browser, address, queue):
    first = new_visitor(browser, address)
    first.open("train")
    first.tab.get_by_test_id("stSelectbox").get_by_label("Model and preset").click()
    first.tab.get_by_role("option", name=re.compile("digits-gan")).click()
    first.settle()
    first.type_into("Name of the run", NAME)
    first.tab.get_by_text("All other settings").click()
    changes = first.tab.get_by_role("textbox", name="Changes, one a line")
    changes.fill("\n".join(settings("digits-gan", total_images=20_000, **EVERY)))
    changes.press("Control+Enter")
    first.settle()
    first.tab.get_by_role("button", name="Start", exact=True).click()

    expect(first.tab.get_by_role("radio", name=re.compile(NAME))).to_be_checked()
    expect(first.tab.locator(".history img")).to_have_attribute("data-images-seen", re.compile(r"\d+"))
    before, points = images_seen(first.tab), first.tab.evaluate(NUM_POINTS)
    first.tab.wait_for_function(f"({NUM_POINTS})() > {points}")
    expect(first.tab.locator(".history img")).not_to_have_attribute("data-images-seen", str(before))
    assert images_seen(first.tab) > before
    wait_for(lambda: images_seen(first.tab) > EVERY["snapshot_every_images"])  # so the sheet before has a snapshot too
    trainer = hold(queue)
    first.assert_nothing_went_wrong()
    first.tab.context.close()

    second = new_visitor(browser, address)
    second.open("train")
    state = second.tab.locator(".st-key-run_head")
    expect(state).to_contain_text("running")
    second.tab.get_by_role("button", name="Pause").click()
    expect(state).to_contain_text("pausing")
    os.kill(trainer, signal.SIGCONT)
    expect(state).to_contain_text("paused")

    film = second.tab.get_by_role("slider", name="Samples through time")
    film.press("ArrowLeft")
    second.tab.get_by_role("button", name="Open on").click()
    second.tab.get_by_role("button", name="Sample", exact=True).click()
    expect(second.tab.get_by_role("heading", name="Sample", level=1)).to_be_visible()
    expect(second.sheet(f"pictures of {NAME}@").locator("img").first).to_be_visible()
    second.go_to("Train")
    second.tab.get_by_role("button", name="Resume").click()
    expect(state).to_contain_text("finished", timeout=2 * PATIENCE_MS)

    second.tab.get_by_role("button", name="Play with the finished model").click()
    expect(second.tab.get_by_role("heading", name="Live", level=1)).to_be_visible()
    LiveCanvas(second).expect_picture(Recipe(model=f"{NAME}@finished", seeds=[(14, 1)]))
    second.assert_nothing_went_wrong()
    second.tab.context.close()
