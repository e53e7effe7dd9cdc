"""What the Train page says of processes, machines, clusters and memory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from playground.jobs.cluster import Cluster
from playground.jobs.devices import devices
from playground.jobs.processes import Processes
from playground.jobs.queue import Queue
from playground.jobs.states import State
from playground.ui import machine
from tests.pages.conftest import problems
from tests.pages.runs_by_hand import place, write_run


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """The queue that the page sees, without workers and GPUs."""
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    monkeypatch.setattr("playground.jobs.queue.start_detached", lambda *_: None)
    devices.cache_clear()
    yield Queue()
    devices.cache_clear()
    machine._problem.clear()


@pytest.fixture
def train(queue: Queue, open_page: Callable[..., AppTest], tiny_checkpoint: Path) -> Callable[[], AppTest]:
    """Opens the page."""
    return lambda: open_page("train", model="tiny")


def figures(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def report(run_dir: Path, **measured: object) -> None:
    with (run_dir / "metrics.jsonl").open("a") as file:
        file.write(json.dumps({"images_seen": 2500, **measured}) + "\n")


def test_memory_and_device_are_shown_as_last_reported(queue, train):
    job = place(queue, "mine")
    assert figures(train())["Memory"] == "–"
    report(job.run_dir, memory_megabytes=812, device="AMD EPYC 9B45 48-Core Processor")
    app = train()
    assert (figures(app)["Memory"], figures(app)["Device"]) == ("812 MB", "AMD EPYC 9B45")
    report(job.run_dir, memory_megabytes=1812, gpu_memory_megabytes=23456, device="NVIDIA H100")
    app = train()
    assert (figures(app)["Memory"], figures(app)["Device"]) == ("23.5 GB on the GPU", "NVIDIA H100")


def test_a_run_is_started_in_several_processes(queue, train):
    app = train()
    app.number_input(key="train_processes").set_value(3).run()
    assert any("torchrun --nproc-per-node=3 --standalone" in block.value for block in app.code)
    app.button(key="train_start").click().run()
    assert problems(app) == []
    [job] = queue.jobs()
    assert job.processes == Processes(num_processes=3)
    assert figures(app)["Device"].startswith("3 processes on ")
    write_run(job.run_dir, 500)
    report(job.run_dir, gpu_memory_megabytes=1000, device="NVIDIA H100")
    assert figures(app.run())["Device"] == "3 × NVIDIA H100"


def test_several_machines_need_a_place_to_meet_and_the_run_says_what_to_start_there(queue, train):
    app = train()
    app.number_input(key="train_nodes").set_value(2).run()
    [sentence] = problems(app)
    assert "place to meet" in sentence
    assert app.button(key="train_start_off").disabled
    app.text_input(key="train_rendezvous").set_value("node1:29400").run()
    app.button(key="train_start").click().run()
    assert problems(app) == []
    [job] = queue.jobs()
    [command] = [block.value for block in app.code if "--rdzv-endpoint" in block.value]
    assert "--rdzv-endpoint=node1:29400 --rdzv-id=" + job.name in command
    assert str(job.run_dir) in command


def test_more_processes_than_gpus_are_refused(queue, train, monkeypatch):
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "0")
    devices.cache_clear()
    app = train()
    app.number_input(key="train_processes").set_value(2).run()
    assert problems(app) == ["2 processes need a GPU each, and there is one: ask for fewer."]


def test_the_cluster_is_named_and_what_is_the_matter_with_it(queue, train, monkeypatch):
    assert not train().warning
    monkeypatch.setenv("PLAYGROUND_CLUSTER", "http://127.0.0.1:8265/")
    monkeypatch.setenv("PLAYGROUND_CLUSTER_JOBS", "3")
    devices.cache_clear()
    monkeypatch.setattr(Cluster, "problem", lambda cluster: "")
    assert any("http://127.0.0.1:8265, 3 at a time" in caption.value for caption in train().caption)
    machine._problem.clear()
    monkeypatch.setattr(Cluster, "problem", lambda cluster: "It does not answer.")
    assert [box.value for box in train().warning] == ["It does not answer."]


def test_what_keeps_a_running_job_is_no_error(queue, train):
    place(queue, "mine", State.RUNNING, sentence="The cluster has no room for it yet.")
    app = train()
    assert problems(app) == []
    assert [box.value for box in app.info] == ["The cluster has no room for it yet."]
