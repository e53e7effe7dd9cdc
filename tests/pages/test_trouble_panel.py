"""What the Train page shows of a run that goes wrong, and the one click back."""

from __future__ import annotations

import json
import math
import os

import pytest
from streamlit.testing.v1 import AppTest

from playground.jobs.job import Job
from playground.jobs.states import Request, State
from playground.training.config import resolve
from playground.training.estimate import num_snapshots
from playground.training.snapshot import snapshot_bytes
from playground.ui.training_form import FAVOURITE
from tests.pages.conftest import problems
from tests.pages.runs_by_hand import CHANGES, PRESET, TOTAL, place


def go_wrong(job: Job) -> None:
    """The discriminator wins from 1,100 images on; snapshots every 500, the one at 500 is the best before that."""
    with (job.run_dir / "metrics.jsonl").open("w") as file:
        for images_seen in range(100, 2001, 100):
            line = {"images_seen": images_seen, "discriminator/accuracy": 0.999 if images_seen > 1000 else 0.8}
            if images_seen % 500 == 0:
                line["samples/distance"] = {500: 0.2}.get(images_seen, 0.5)
            file.write(json.dumps(line) + "\n")
    for images_seen in (500, 1000, 1500, 2000):
        folder = job.run_dir / "snapshots" / f"{images_seen:09d}"
        folder.mkdir()
        (folder / "model.safetensors").touch()
        (folder / "state.pt").write_text(f"the state at {images_seen}")
        sheet = job.run_dir / "samples" / f"{images_seen:09d}.png"
        os.utime(sheet, (1, 1))


def evidence(app: AppTest) -> list[str]:
    return [text.value for text in app.markdown if ":material/warning:" in text.value]


def test_a_healthy_run_has_no_panel(queue, train):
    place(queue, "mine")
    app = train()
    assert problems(app) == []
    assert evidence(app) == []


@pytest.mark.parametrize("state", [State.RUNNING, State.FINISHED])
def test_one_click_goes_on_from_the_best_snapshot_and_stops_what_goes_wrong(state, queue, train):
    job = place(queue, "mine", state)
    go_wrong(job)
    app = train()
    [said] = evidence(app)
    assert "The discriminator is right in 99.9% of cases since 1,100 images (healthy: 52% to 98%)" in said
    [button] = [button for button in app.button if button.key == f"way_back_{job.id}"]
    assert button.label == "Go back to 500 images"
    button.click().run()
    assert problems(app) == []
    _, branch = queue.jobs()
    assert (branch.branched_from, branch.branched_at) == ("mine", 500)
    assert branch.changes == (*CHANGES, "objective.penalty.weight=1")
    assert (branch.run_dir / "state" / "resume.pt").read_text() == "the state at 500"
    assert json.loads((branch.run_dir / "config.json").read_text())["objective"]["penalty"]["weight"] == 1
    assert [file.name for file in (branch.run_dir / "samples").iterdir()] == ["000000500.png"]
    assert app.radio(key="train_run").value == branch.name
    assert queue.job(job.id).asked is (Request.CANCEL if state is State.RUNNING else None)
    assert evidence(app) == []  # what it took over is from before


def test_without_a_snapshot_from_before_it_starts_again(queue, train):
    job = place(queue, "mine", State.FAILED, sentence="The loss was no number.")
    (job.run_dir / "metrics.jsonl").write_text(json.dumps({"images_seen": 100, "generator/loss": math.nan}) + "\n")
    app = train()
    [said] = evidence(app)
    assert "The loss of the generator is no number since 100 images" in said
    app.button(key=f"way_back_{job.id}").click().run()
    _, again = queue.jobs()
    assert (again.preset, again.changes) == (PRESET, (*CHANGES, "optimizer.learning_rate=0.00035"))
    assert again.state is State.QUEUED


def test_what_cannot_be_done_about_it_is_said_and_the_run_goes_on(queue, train):
    job = place(queue, "mine")
    go_wrong(job)
    config = json.loads((job.run_dir / "config.json").read_text())
    (job.run_dir / "config.json").write_text(json.dumps({**config, "family": "gan"}))
    app = train()
    app.button(key=f"way_back_{job.id}").click().run()
    [sentence] = problems(app)
    assert "family stays gan and cannot be cgan" in sentence
    assert queue.job(job.id).asked is None
    assert len(queue.jobs()) == 1


def test_a_run_is_branched_from_any_snapshot(queue, train, monkeypatch):
    monkeypatch.setattr("playground.ui.job_buttons.DOUBLE_CLICK_SECONDS", 0)  # two clicks are meant
    job = place(queue, "mine", State.FINISHED)
    go_wrong(job)
    app = train()
    choice = app.selectbox(key=f"branch_at_{job.id}")
    assert choice.options == [
        "its newest saved state",
        *(f"the snapshot at {images_seen:,} images" for images_seen in (2000, 1500, 1000, 500)),
    ]
    choice.set_value("the snapshot at 1,500 images")
    app.text_area(key=f"branch_changes_{job.id}").set_value(f"total_images={2 * TOTAL}\nmodel.latent_dim=3").run()
    app.button(key=f"branch_{job.id}").click().run()
    [sentence] = problems(app)
    assert "model.latent_dim stays 64 and cannot be 3" in sentence
    app.text_area(key=f"branch_changes_{job.id}").set_value(f"total_images={2 * TOTAL}").run()
    app.button(key=f"branch_{job.id}").click().run()
    assert problems(app) == []
    assert queue.jobs()[1].branched_at == 1500


def test_the_form_says_what_snapshots_cost(train):
    app = train()
    [said] = [text.value for text in app.caption if "continued from" in text.value]
    config = resolve(FAVOURITE, [])
    number, megabytes = num_snapshots(config), snapshot_bytes(config) / 1e6
    assert said.startswith(f"{number} snapshots, each to be played with and continued from, ")
    assert said.endswith(f" about {megabytes:.1f} MB on the disk: {number * megabytes:,.0f} MB in all.")
    assert (number, megabytes) == (100, pytest.approx(24, abs=1))
