"""The Train page over run folders that were written by hand, with workers that do nothing."""

from __future__ import annotations

import json
import shutil

import pytest
from streamlit import dataframe_util
from streamlit.testing.v1 import AppTest

from playground.jobs.states import Request, State
from tests.pages.conftest import chart, history, problems
from tests.pages.runs_by_hand import PRESET, place, write_run


def frames(app: AppTest) -> list[int]:
    """The sheets that the browser was told of."""
    return [frame["images_seen"] for frame in json.loads(history(app)["frames"])]


def labels(app: AppTest) -> set[str]:
    return {button.label for button in app.button}


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
