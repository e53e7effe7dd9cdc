"""The Train page over run folders that were written by hand, with workers that do nothing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit import dataframe_util
from streamlit.testing.v1 import AppTest

from playground import checkpoints
from playground.jobs.errand import Errand
from playground.jobs.job import Job
from playground.jobs.metrics import Metrics
from playground.jobs.queue import Queue
from playground.jobs.states import Request, State
from playground.training.config import resolve
from playground.training.estimate import Estimate, Stretch
from playground.ui.durations import in_words
from tests.pages.conftest import problems
from tests.pages.runs_by_hand import PRESET, place, write_run


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue that the page sees, in a runs folder of its own."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    monkeypatch.setattr("playground.jobs.queue.start_detached", lambda *_: None)
    return Queue()


def history(app: AppTest) -> dict:
    """What the film of sample sheets was sent."""
    return sent_to(app, "playground_sample_history")


def sent_to(app: AppTest, component: str) -> dict:
    """What the one component of this name was sent."""
    mounted = [element.proto for element in app.get("bidi_component")]
    [sent] = [proto.json for proto in mounted if proto.component_name == component]
    return json.loads(sent)


def frames(app: AppTest) -> list[int]:
    """The sheets that the browser was told of."""
    return [frame["images_seen"] for frame in json.loads(history(app)["frames"])]


def chart(app: AppTest) -> dict:
    """The figure of the curves, as sent."""
    return json.loads(sent_to(app, "playground_curves")["figure"])


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


@pytest.fixture
def train(queue: Queue, open_page: Callable[..., AppTest], tiny_checkpoint: Path) -> Callable[[], AppTest]:
    """Opens the page."""
    return lambda: open_page("train", model="tiny")


def test_a_run_is_started_with_what_the_form_says(queue, train):
    app = train()
    app.selectbox(key="train_preset").set_value("digits-vae").run()
    app.text_input(key="train_name").set_value("mine")
    app.selectbox(key="train_digits-vae_data").set_value("digits8")
    app.number_input(key="train_digits-vae_total_images").set_value(5000)
    app.number_input(key="train_digits-vae_objective.beta").set_value(0.7)
    app.text_area(key="train_digits-vae_others").set_value("\naverage_images=10\n\n model.image_size=8 ").run()
    app.button(key="train_start").click().run()
    assert problems(app) == []
    [job] = queue.jobs()
    assert (job.name, job.preset, job.state) == ("mine", "digits-vae", State.QUEUED)
    assert job.changes == (
        "data=digits8",
        "total_images=5000",
        "objective.beta=0.7",
        "average_images=10",
        "model.image_size=8",
    )
    assert app.radio(key="train_run").value == "mine"


@pytest.mark.parametrize("preset", ["digits-autoencoder", "digits-cgan", "digits-dense-gan", "digits-gan"])
def test_a_preset_that_is_left_as_it_is_is_changed_in_nothing(preset, queue, train):
    app = train()
    app.selectbox(key="train_preset").set_value(preset).run()
    app.button(key="train_start").click().run()
    [job] = queue.jobs()
    assert (job.preset, job.changes) == (preset, ())


def test_a_wrong_setting_is_said_and_nothing_can_be_started(queue, train):
    app = train()
    for wrong in ("batch_size=-1", "no_such_setting=1", "nonsense"):
        app.text_area(key=f"train_{PRESET}_others").set_value(wrong).run()
        assert len(problems(app)) == 1, wrong
        assert app.button(key="train_start_off").disabled
    assert queue.jobs() == []


def test_a_name_that_is_taken_or_impossible_is_said(queue, train):
    queue.submit(PRESET, name="mine")
    app = train()
    app.button(key="train_new").click().run()
    for wrong in ("mine", "../mine", "a b", "tiny"):
        app.text_input(key="train_name").set_value(wrong).run()
        app.button(key="train_start").click().run()
        assert len(problems(app)) == 1, wrong
    assert len(queue.jobs()) == 1


def test_every_run_is_listed_with_its_state(queue, train):
    for state in State:
        place(queue, f"a-{state}", state)
    app = train()
    assert problems(app) == []
    listed = dict(zip(app.radio(key="train_run").options, app.radio(key="train_run").proto.captions, strict=True))
    assert set(listed) == {f"a-{state}" for state in State}
    for state in State:
        assert state in listed[f"a-{state}"]
    assert "50%" in listed["a-running"]


def test_a_run_is_shown_as_far_as_it_is(queue, train):
    place(queue, "mine")
    app = train()
    figures = {metric.label: metric.value for metric in app.metric}
    assert figures["Images a second"] == "100"
    assert figures["Time left"] == "20 s"
    assert frames(app) == [500, 1000, 1500, 2000]
    curves = [line for line in chart(app)["data"] if line.get("opacity", 1) == 1]
    assert [line["name"] for line in curves] == ["generator loss", "discriminator loss"]
    assert curves[0]["x"] == [500, 1000, 1500, 2000]


def test_what_a_run_writes_appears_at_the_next_look(queue, train):
    job = place(queue, "mine")
    app = train()
    shutil.rmtree(job.run_dir)
    write_run(job.run_dir, 3000)
    app.run()
    assert frames(app)[-1] == 3000
    assert chart(app)["data"][0]["x"][-1] == 3000


def test_another_run_is_shown_when_it_is_chosen(queue, train):
    place(queue, "first", seen=1000)
    place(queue, "second", seen=2000)
    app = train()
    assert frames(app)[-1] == 2000
    app.radio(key="train_run").set_value("first").run()
    assert frames(app)[-1] == 1000


def test_runs_are_laid_over_each_other(queue, train):
    place(queue, "first", seen=1000)
    job = place(queue, "second", seen=2000)
    app = train()
    app.multiselect(key=f"train_compare_{job.id}").set_value(["first"]).run()
    names = {line["name"] for line in chart(app)["data"]}
    assert names == {f"{run} {phase} loss" for run in ("first", "second") for phase in ("generator", "discriminator")}


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State.QUEUED, {"Pause", "Cancel"}),
        (State.RUNNING, {"Pause", "Cancel"}),
        (State.PAUSED, {"Resume", "Cancel"}),
        (State.INTERRUPTED, {"Resume", "Cancel"}),
        (State.FAILED, {"Resume", "Rerun"}),
        (State.CANCELLED, {"Resume", "Rerun"}),
        (State.FINISHED, {"Rerun"}),
    ],
)
def test_each_state_offers_what_it_allows(state, expected, queue, train):
    place(queue, "mine", state)
    verbs = {"Pause", "Resume", "Cancel", "Rerun"}
    assert labels(train()) & verbs == expected
    assert ("Delete for ever" in labels(train())) == (state is not State.RUNNING)


@pytest.mark.parametrize(
    ("before", "verb", "after"),
    [
        (State.QUEUED, "pause", State.PAUSED),
        (State.QUEUED, "cancel", State.CANCELLED),
        (State.PAUSED, "resume", State.QUEUED),
        (State.INTERRUPTED, "resume", State.QUEUED),
        (State.FAILED, "resume", State.QUEUED),
    ],
)
def test_a_button_moves_the_job_on(before, verb, after, queue, train):
    job = place(queue, "mine", before)
    train().button(key=f"{verb}_{job.id}").click().run()
    assert queue.job(job.id).state is after


@pytest.mark.parametrize(
    ("verb", "asked", "said"), [("pause", Request.PAUSE, "pausing"), ("cancel", Request.CANCEL, "stopping")]
)
def test_a_running_job_is_asked_and_the_page_says_so(verb, asked, said, queue, train):
    job = place(queue, "mine")
    app = train()
    app.button(key=f"{verb}_{job.id}").click().run()
    assert queue.job(job.id).asked is asked
    assert said in app.radio(key="train_run").proto.captions[0]
    assert app.button(key=f"{verb}_{job.id}").disabled


@pytest.mark.parametrize(
    ("verb", "order"), [("first", "cabd"), ("earlier", "acbd"), ("later", "abdc"), ("last", "abdc")]
)
def test_a_queued_job_is_given_another_place(verb, order, queue, train):
    jobs = {name: place(queue, name, State.QUEUED) for name in "abcd"}
    app = train()
    app.radio(key="train_run").set_value("c").run()
    assert {metric.label: metric.value for metric in app.metric}["Place in the queue"] == "3 of 4"
    app.button(key=f"{verb}_{jobs['c'].id}").click().run()
    assert "".join(waiting.name for waiting in queue.waiting()) == order


def test_a_place_that_a_queued_job_has_already_is_not_offered(queue, train):
    job = place(queue, "only", State.QUEUED)
    app = train()
    assert all(app.button(key=f"{verb}_{job.id}").disabled for verb in ("first", "earlier", "later", "last"))


def test_a_rerun_is_a_new_run_and_looked_at(queue, train):
    job = place(queue, "mine", State.FINISHED)
    app = train()
    app.button(key=f"rerun_{job.id}").click().run()
    old, new = queue.jobs()
    assert (new.preset, new.changes) == (old.preset, old.changes)
    assert app.radio(key="train_run").value == new.name


def test_what_cannot_be_done_is_said_until_something_else_is_done(queue, train):
    job = place(queue, "mine", State.PAUSED)
    app = train()
    app.button(key=f"branch_{job.id}").click().run()
    assert "no saved state" in problems(app.run())[0]
    app.button(key=f"resume_{job.id}").click().run()
    assert problems(app) == []


def test_a_double_click_makes_one_run(queue, train):
    job = place(queue, "mine", State.FINISHED)
    app = train()
    app.button(key=f"rerun_{job.id}").click().run()
    app.radio(key="train_run").set_value("mine").run()
    app.button(key=f"rerun_{job.id}").click().run()
    assert len(queue.jobs()) == 2


def test_a_deleted_run_is_gone_and_the_form_is_back(queue, train):
    job = place(queue, "mine", State.CANCELLED)
    app = train()
    app.button(key=f"delete_{job.id}").click().run()
    assert queue.jobs() == []
    assert not job.run_dir.exists()
    assert problems(app.run()) == []
    assert "Start" in labels(app)


def test_the_reason_of_a_failure_is_said(queue, train):
    place(queue, "mine", State.FAILED, sentence="The disk is full.")
    assert problems(train()) == ["The disk is full."]


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("config.json", "{not json"),
        ("config.json", "[]"),
        ("config.json", '{"total_images": "many", "sample_every_images": "often"}'),
        ("metrics.jsonl", '{"images_seen": 500, "generator/loss": NaN}\n{"images_seen": 1000, "gen\nnonsense\n'),
    ],
)
def test_a_run_folder_edited_by_hand_gives_a_sentence_and_the_page_stands(file, content, queue, train):
    job = place(queue, "mine", State.PAUSED)
    (job.run_dir / file).write_text(content)
    app = train()
    [sentence] = problems(app)
    assert file in sentence
    assert "Resume" in labels(app)


def test_nothing_on_the_page_needs_pandas(queue, train, monkeypatch):
    asked = []
    monkeypatch.setattr(dataframe_util, "determine_data_format", lambda data: asked.append(type(data)))
    place(queue, "mine")
    train().button(key="train_new").click().run()
    assert asked == []


def test_the_address_names_the_run_and_what_is_seen_of_it(queue, train, open_page):
    place(queue, "first", seen=1000)
    job = place(queue, "second", seen=2000)
    app = train()
    assert app.query_params["run"] == "second"
    app.radio(key="train_run").set_value("first").run()
    assert app.query_params["run"] == "first"

    sent = open_page("train", model="tiny", run="first", curve="learning_rate", over="second", at="500")
    assert problems(sent) == []
    assert sent.radio(key="train_run").value == "first"
    assert history(sent)["chosen"] == 500
    assert sent.query_params["over"] == "second"
    assert {line["name"].split()[0] for line in chart(sent)["data"]} == {"first", "second"}
    sent.radio(key="train_run").set_value("second").run()
    assert "at" not in sent.query_params and "over" not in sent.query_params
    assert sent.multiselect(key=f"train_compare_{job.id}").value == []


@pytest.mark.parametrize("wrong", ["no-such-run", "../../etc"])
def test_an_unknown_run_in_the_address_gives_a_sentence_and_another_run(wrong, queue, train, open_page):
    place(queue, "mine")
    app = open_page("train", model="tiny", run=wrong, at="never", curve="nothing", over="nobody,mine")
    assert problems(app) == []
    [sentence] = app.warning
    assert "no run named" in sentence.value
    assert app.radio(key="train_run").value == "mine"
    assert app.query_params["run"] == "mine"


def test_a_run_that_another_tab_deletes_gives_way_to_the_next(queue, train):
    place(queue, "other", State.PAUSED)
    job = place(queue, "mine", State.PAUSED)
    app = train()
    queue.delete(job.id)
    app.run()
    assert problems(app) == []
    assert app.radio(key="train_run").value == "other"
    assert "mine" in app.toast[0].value


def test_many_runs_are_listed_at_little_cost(queue, train, monkeypatch):
    for number in range(20):
        place(queue, f"run-{number}", State.PAUSED)
    read = []
    monkeypatch.setattr(Metrics, "read_new", lambda metrics: read.append(metrics.file) or False)
    train()
    assert len(set(read)) == 1  # of the chosen one


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
