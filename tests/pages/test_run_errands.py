"""What the Train page has commands do: snapshots made ready for other pages, and a training measured."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from playground import checkpoints
from playground.jobs.errand import Errand
from playground.jobs.job import Job
from playground.jobs.queue import Queue
from playground.jobs.states import State
from playground.training.config import resolve
from playground.training.estimate import Estimate, Stretch
from playground.ui.durations import in_words
from tests.pages.conftest import problems
from tests.pages.runs_by_hand import PRESET, place

ESTIMATE = Estimate(
    device="cpu",
    machine="a machine",
    num_parameters=1_000_000,
    num_trained=2_000_000,
    num_multiply_adds=50_000_000,
    stretches=(Stretch(starts=0.0, seconds_a_step=0.1), Stretch(starts=0.9, seconds_a_step=0.2)),
    seconds_before=6,
    seconds_a_sheet=0.1,
    seconds_a_snapshot=0.5,
    bytes_a_sheet=100_000,
    bytes_a_snapshot=1_000_000,
    bytes_once=1_000_000,
    peak_bytes=10**9,
)


class Errands:
    """What pages send commands for, without commands."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.under_way = False
        self.printed: str | None = None
        self.said = ""


@pytest.fixture
def errands(monkeypatch: pytest.MonkeyPatch) -> Errands:
    shared = Errands()

    def start(errand: Errand) -> None:
        shared.started.append(errand.name)
        shared.under_way = True

    monkeypatch.setattr(Errand, "start", start)
    monkeypatch.setattr(Errand, "running", lambda _: shared.under_way)
    monkeypatch.setattr(Errand, "answer", lambda _: shared.printed)
    monkeypatch.setattr(Errand, "problem", lambda _: shared.said)
    return shared


def with_snapshot(queue: Queue, checkpoint: Path) -> Job:
    """A running job, whose snapshot at 2000 images is this checkpoint."""
    job = place(queue, "mine")
    shutil.copytree(checkpoint, job.run_dir / "snapshots" / "000002000")
    return job


def test_a_snapshot_that_is_open_already_is_gone_to_at_once(queue, train, tiny_checkpoint):
    job = with_snapshot(queue, tiny_checkpoint)
    checkpoints.copy(tiny_checkpoint, checkpoints.opened_folder() / "mine@2000")
    for page in ("live", "vectors"):
        app = train()
        app.button(key="train_play" if page == "live" else f"open_{page}").click().run()
        assert problems(app) == []
        assert [title.value for title in app.title] == [page.capitalize()]
        assert app.sidebar.selectbox(key="model").value == "mine@2000"
    queue.cancel(job.id)


def test_the_checkpoint_of_a_finished_run_is_opened_as_it_is(queue, train, tiny_checkpoint):
    job = place(queue, "mine", State.FINISHED)
    own = shutil.copytree(tiny_checkpoint, job.run_dir / "checkpoint" / "mine")
    (own / "card.md").touch()
    app = train()
    app.button(key="train_play").click().run()
    assert app.sidebar.selectbox(key="model").value == "mine@finished"
    assert checkpoints.describe("mine@finished").fingerprint == checkpoints.describe(own).fingerprint
    (own / checkpoints.WEIGHTS).write_bytes(b"nothing")
    app = train()
    app.button(key="train_play").click().run()
    assert "damaged" in problems(app)[0]


def test_a_snapshot_is_made_ready_meanwhile_and_then_gone_to(queue, train, tiny_checkpoint, errands):
    with_snapshot(queue, tiny_checkpoint)
    app = train()
    app.button(key="open_sample").click().run()
    assert "being made ready" in app.info[0].value
    assert errands.started == ["open-mine@2000"]
    checkpoints.copy(tiny_checkpoint, checkpoints.opened_folder() / "mine@2000")
    errands.under_way = False
    app.run()
    assert [title.value for title in app.title] == ["Sample"]


def test_a_snapshot_that_cannot_be_opened_is_said(queue, train, tiny_checkpoint, errands):
    with_snapshot(queue, tiny_checkpoint)
    app = train()
    app.button(key="train_play").click().run()
    errands.under_way, errands.said = False, "The data set is missing: fetch it."
    app.run()
    assert problems(app.run()) == ["The data set is missing: fetch it."]


@pytest.mark.parametrize("wrong", ["../mine", "tiny"])
def test_a_snapshot_is_never_kept_under_an_impossible_name(wrong, queue, train, tiny_checkpoint, errands):
    job = with_snapshot(queue, tiny_checkpoint)
    app = train()
    app.text_input(key=f"keep_name_{job.id}").set_value(wrong).run()
    app.button(key="train_keep").click().run()
    assert len(problems(app)) == 1
    assert errands.started == []


def test_a_snapshot_is_kept_under_a_name(queue, train, tiny_checkpoint, checkpoint_folder, errands):
    job = with_snapshot(queue, tiny_checkpoint)
    app = train()
    app.text_input(key=f"keep_name_{job.id}").set_value("my-best").run()
    app.button(key="train_keep").click().run()
    assert errands.started == ["open-my-best"]
    checkpoints.copy(tiny_checkpoint, checkpoint_folder / "my-best")
    errands.under_way = False
    app.run()
    assert "my-best" in app.toast[0].value


def test_the_time_it_takes_here_is_measured_once(queue, train, errands):
    app = train()
    app.button(key="train_estimate").click().run()
    assert len(errands.started) == 1
    assert any("being timed" in text.value for text in app.markdown)
    errands.under_way, errands.printed = False, ESTIMATE.model_dump_json()
    app.run()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Takes here"] == in_words(ESTIMATE.seconds(resolve(PRESET, [])))
    assert figures["Memory"] == "1.0 GB"
    assert train().button(key="train_start")  # another visitor sees it at once
    assert errands.started == errands.started[:1]
