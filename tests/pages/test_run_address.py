"""Which run the Train page shows: as its address says, as long as that run is there, among many."""

from __future__ import annotations

import pytest

from playground.jobs.metrics import Metrics
from playground.jobs.states import State
from tests.pages.conftest import chart, history, problems
from tests.pages.runs_by_hand import place


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
