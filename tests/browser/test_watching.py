"""The Train page as an impatient person uses it, over runs that were written by hand."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from playground.jobs.devices import devices
from playground.jobs.lock import WorkerLock
from playground.jobs.process import Process
from playground.jobs.queue import Queue
from playground.jobs.states import State
from tests.browser.visitor import Visitor
from tests.pages.runs_by_hand import go_on, place, put

pytestmark = pytest.mark.browser
ZOOM = "() => document.querySelector('.js-plotly-plot')._fullLayout.xaxis.range"
PATIENCE_SECONDS = 60
NUM_POINTS = "() => document.querySelector('.js-plotly-plot')?.data?.[0].x.length ?? 0"


@pytest.fixture
def queue(own_checkpoints: Path, address: str) -> Iterator[Queue]:
    """The queue of the server, whose workers this process pretends to be: what is queued stays so."""
    queue = Queue(worker=("true",))
    locks = [WorkerLock(queue.runs, device) for device in devices()]
    for lock in locks:
        take_when_free(lock)
    yield queue
    for job in queue.jobs():
        if job.state is State.RUNNING:
            put_to_rest(queue, job.id)
        queue.delete(job.id)
    for lock in locks:
        lock.leave()


def take_when_free(lock: WorkerLock) -> None:
    """A worker of the tests before ends by itself, once it has had nothing to do for a while."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not lock.take():
        assert time.monotonic() < deadline, "A worker holds its device for ever."
        time.sleep(0.2)


def put_to_rest(queue: Queue, job_id: int) -> None:
    with queue.store.changing() as book:
        book.put(book.job(job_id).to(State.PAUSED, process=None))


def running(queue: Queue, name: str, seen: int = 2000) -> Path:
    """The folder of a run whose trainer is this process."""
    job = place(queue, name, State.QUEUED, seen)
    put(queue, job, State.RUNNING, process=Process.of(os.getpid()))
    return job.run_dir


def say(queue: Queue, sentence: str) -> None:
    """The only job's sentence, from now on."""
    with queue.store.changing() as book:
        [job] = book.jobs()
        book.put(job.model_copy(update={"sentence": sentence}))


def shown_sheet(tab: Page, images_seen: int) -> None:
    expect(tab.locator(".history img")).to_have_attribute("data-images-seen", str(images_seen))


def film(tab: Page):
    return tab.get_by_role("slider", name="Samples through time")


def test_the_address_brings_back_what_was_seen(visitor, queue):
    for name in ("first", "second"):
        place(queue, name, State.PAUSED)
    tab = visitor.tab
    visitor.open("train")
    shown_sheet(tab, 2000)
    assert tab.url.endswith("run=second")
    tab.get_by_text("first", exact=True).click()
    expect(tab).to_have_url(re.compile("run=first"))
    film(tab).press("ArrowLeft")
    film(tab).press("ArrowLeft")
    expect(tab).to_have_url(re.compile("at=1000"))
    sent = tab.url

    tab.reload()
    visitor.settle()
    expect(tab.locator(".st-key-run_head")).to_contain_text("first")
    shown_sheet(tab, 1000)
    other = Visitor(tab.context.new_page(), visitor.address)
    other.tab.goto(sent)
    other.settle()
    shown_sheet(other.tab, 1000)
    other.open("train", "?run=never-there")
    expect(other.tab.get_by_test_id("stAlert")).to_contain_text("no run named never-there")
    expect(other.tab.locator(".st-key-run_head")).to_contain_text("second")
    other.tab.get_by_text("first", exact=True).click()
    expect(other.tab.locator(".st-key-run_head")).to_contain_text("first")
    other.tab.go_back()
    expect(other.tab.locator(".st-key-run_head")).to_contain_text("second")
    other.assert_nothing_went_wrong()


def test_updates_leave_the_reader_alone(visitor, queue):
    folder = running(queue, "mine")
    tab = visitor.tab
    visitor.open("train")
    shown_sheet(tab, 2000)
    tab.get_by_text("Log", exact=True).click()
    film(tab).press("ArrowLeft")
    shown_sheet(tab, 1500)
    area = tab.locator(".js-plotly-plot .nsewdrag").bounding_box()
    middle = area["y"] + area["height"] / 2
    tab.mouse.move(area["x"] + 0.4 * area["width"], middle)
    tab.mouse.down()
    tab.mouse.move(area["x"] + 0.7 * area["width"], middle, steps=4)
    tab.mouse.up()
    zoomed = tab.evaluate(ZOOM)
    assert zoomed[0] > 0
    tab.get_by_role("button", name="Branch").click()
    changes = tab.get_by_role("textbox", name="Changes, one a line")
    changes.press_sequentially("seed=")
    parts = [tab.locator(".history img"), tab.locator(".js-plotly-plot")]
    for part in parts:
        part.evaluate("(node) => { node.was_here = true; }")
    points = tab.evaluate(NUM_POINTS)

    for images_seen in (2500, 3000):
        go_on(folder, images_seen)
        points += 1
        tab.wait_for_function(f"({NUM_POINTS})() >= {points}")
        changes.press_sequentially("7")
    expect(changes).to_have_value("seed=77")
    expect(changes).to_be_focused()
    assert tab.evaluate(ZOOM) == zoomed
    shown_sheet(tab, 1500)
    assert all(part.evaluate("(node) => node.was_here") for part in parts)  # the same nodes: nothing flickered
    expect(tab.get_by_text("Nothing yet.")).to_be_visible()


def test_a_sentence_that_comes_or_goes_draws_nothing_else_anew(visitor, queue):
    folder = running(queue, "mine")
    tab = visitor.tab
    visitor.open("train")
    shown_sheet(tab, 2000)
    parts = [tab.locator(".history img"), tab.locator(".js-plotly-plot")]
    for part in parts:
        part.evaluate("(node) => { node.was_here = true; }")

    say(queue, "It waits for the other machines.")
    expect(tab.get_by_text("It waits for the other machines.")).to_be_visible()
    with (folder / "metrics.jsonl").open("a") as file:
        file.write('{"images_seen": 2500, "generator/loss": NaN}\n')
    expect(tab.locator(".st-key-train_troubles")).to_be_visible()
    say(queue, "")
    expect(tab.get_by_text("It waits for the other machines.")).not_to_be_visible()
    assert all(part.evaluate("(node) => node.was_here") for part in parts)


def test_over_a_slow_line_the_reader_stays_where_they_went(visitor, queue):
    folder = running(queue, "mine")
    tab = visitor.tab
    visitor.hear_late(milliseconds=900)  # so that the browser often asks again before it has heard
    visitor.open("train")
    shown_sheet(tab, 2000)
    film(tab).press("ArrowLeft")
    expect(tab).to_have_url(re.compile("at=1500"))
    points = tab.evaluate(NUM_POINTS)
    for number, images_seen in enumerate((2500, 3000), start=1):
        go_on(folder, images_seen)
        tab.wait_for_function(f"({NUM_POINTS})() >= {points + number}")
    shown_sheet(tab, 1500)


def test_the_film_plays_in_the_browser_while_the_run_goes_on(visitor, queue):
    folder = running(queue, "mine", 4000)
    tab = visitor.tab
    visitor.open("train", "?model=test-gan&run=mine&at=500")
    shown_sheet(tab, 500)
    speed = tab.get_by_role("button", name="Speed of the film")
    for _ in range(3):
        speed.click()
    expect(speed).to_have_text("0.5×")
    tab.locator(".history img").evaluate("""(image) => {
      window.frames_seen = [];
      new MutationObserver(() => window.frames_seen.push([+image.dataset.imagesSeen, image.naturalWidth]))
        .observe(image, { attributes: true, attributeFilter: ['data-images-seen'] });
    }""")
    tab.get_by_role("button", name="Play the film").click()
    go_on(folder, 4500)
    shown_sheet(tab, 4500)
    expect(tab.get_by_role("button", name="Play the film")).to_be_visible()
    seen = tab.evaluate("() => window.frames_seen")
    assert [images_seen for images_seen, _ in seen] == list(range(1000, 4501, 500))
    assert all(width == 100 for _, width in seen)  # each was decoded before it was shown
    expect(tab).not_to_have_url(re.compile("at="))


def test_a_double_click_on_start_makes_one_run(visitor, queue):
    visitor.open("train")
    visitor.tab.get_by_role("button", name="Start", exact=True).dblclick()
    expect(visitor.tab.locator(".st-key-run_head")).to_contain_text("queued")
    visitor.tab.wait_for_timeout(500)
    visitor.settle()
    assert len(queue.jobs()) == 1


def test_a_run_is_deleted_while_another_tab_looks_at_it_among_many(visitor, queue):
    for number in range(60):
        place(queue, f"run-{number}", State.PAUSED, 500)
    tab = visitor.tab
    visitor.open("train")
    other = Visitor(tab.context.new_page(), visitor.address)
    other.open("train")
    for each in (tab, other.tab):
        expect(each.locator(".st-key-run_head")).to_contain_text("run-59")
        assert each.evaluate("() => document.querySelector('[data-testid=stMain]').scrollHeight") < 2000
    tab.get_by_role("button", name="Delete", exact=True).click()
    tab.get_by_role("button", name="Delete for ever").click()
    for each in (tab, other.tab):
        expect(each.locator(".st-key-run_head")).to_contain_text("run-58")
    expect(other.tab.get_by_test_id("stToast")).to_contain_text("run-59 was deleted")
    other.assert_nothing_went_wrong()
