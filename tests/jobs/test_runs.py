"""What a run folder says, as it grows and however it was edited."""

import json
import math

import pytest

from playground.jobs.log import last_lines
from playground.jobs.metrics import Metrics
from playground.jobs.runs import Progress, Run


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"preset": "digits-gan", "total_images": 1000}))
    return tmp_path


def report(folder, *lines):
    with (folder / "metrics.jsonl").open("a") as file:
        file.writelines(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)


def test_lines_are_read_as_they_come(folder):
    metrics = Metrics(folder / "metrics.jsonl")
    assert not metrics.read_new()
    report(folder, {"images_seen": 10, "gan/loss": 3}, '{"images_seen": 20, "gan/')
    assert metrics.read_new()
    assert metrics.columns == {"images_seen": [10], "gan/loss": [3]}
    assert not metrics.read_new()
    report(folder, 'loss": 2}\n', {"images_seen": 30, "late": 1})
    assert metrics.read_new()
    assert metrics.columns["images_seen"] == [10, 20, 30]
    assert metrics.columns["gan/loss"][:2] == [3, 2]
    assert math.isnan(metrics.columns["gan/loss"][2])
    assert [math.isnan(value) for value in metrics.columns["late"]] == [True, True, False]
    assert metrics.num_damaged == 0


def test_only_what_is_new_is_read(folder, monkeypatch):
    metrics = Metrics(folder / "metrics.jsonl")
    report(folder, *({"images_seen": number} for number in range(1000)))
    metrics.read_new()
    seen = []
    monkeypatch.setattr(metrics, "_add", seen.append)
    report(folder, {"images_seen": 1000})
    metrics.read_new()
    assert seen == [b'{"images_seen": 1000}']


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_a_file_that_a_resumed_run_rewrote_is_read_anew(folder, kept):
    metrics = Metrics(folder / "metrics.jsonl")
    report(folder, *({"images_seen": number, "loss": number} for number in (10, 20, 30)))
    metrics.read_new()
    (folder / "metrics.jsonl").unlink()
    report(folder, *({"images_seen": number, "loss": number} for number in (10, 20, 30)[:kept]))
    report(folder, *({"images_seen": number, "loss": -number} for number in (40, 50, 60, 70)))
    assert metrics.read_new()
    assert metrics.columns["images_seen"] == [*(10, 20, 30)[:kept], 40, 50, 60, 70]


def test_a_metrics_file_that_went_is_forgotten(folder):
    metrics = Metrics(folder / "metrics.jsonl")
    report(folder, {"images_seen": 10})
    metrics.read_new()
    (folder / "metrics.jsonl").unlink()
    assert metrics.read_new()
    assert len(metrics) == 0


def test_damaged_lines_are_left_out_and_counted(folder):
    nonsense = ["nonsense\n", "[1]\n", '{"loss": 1}\n', '{"images_seen": "many"}\n', '{"images_seen": NaN}\n', "\n"]
    report(folder, {"images_seen": 10, "note": "by hand", "loss": math.nan}, *nonsense, {"images_seen": 20, "loss": 2})
    run = Run(folder)
    assert run.metrics.columns["images_seen"] == [10, 20]
    assert set(run.metrics.columns) == {"images_seen", "loss"}
    assert run.metrics.num_damaged == len(nonsense)
    (problem,) = run.problems
    assert "6 lines are unreadable" in problem


def test_how_far_it_is(folder):
    run = Run(folder)
    assert run.progress() == Progress(0, 1000, None, None)
    report(folder, *({"images_seen": 100 * number, "images_per_second": 50.0} for number in range(1, 7)))
    assert run.update()
    assert run.progress() == Progress(600, 1000, 50.0, 8.0)
    assert not run.update()


def test_what_it_holds_of_which_machine(folder):
    report(folder, {"images_seen": 10, "memory_megabytes": 300, "device": "One"}, {"images_seen": 20})
    progress = Run(folder).progress()
    assert (progress.memory_megabytes, progress.gpu_memory_megabytes, progress.device) == (None, None, "One")
    report(folder, {"images_seen": 30, "memory_megabytes": 400, "gpu_memory_megabytes": 500, "device": "Other"})
    progress = Run(folder).progress()
    assert (progress.memory_megabytes, progress.gpu_memory_megabytes, progress.device) == (400, 500, "Other")


@pytest.mark.parametrize("content", ["", "{", "[1]", "{}", '{"total_images": "many"}', '{"total_images": -5}', "\xff"])
def test_a_config_edited_by_hand_gives_a_sentence(folder, content):
    (folder / "config.json").write_text(content, "latin-1")
    report(folder, {"images_seen": 10, "images_per_second": 5.0})
    run = Run(folder)
    (problem,) = run.problems
    assert "config.json" in problem
    assert run.config == {}
    assert run.progress() == Progress(10, None, 5.0, None)


def test_sheets_snapshots_and_the_checkpoint_are_found_and_other_files_are_not(folder):
    run = Run(folder)
    for name in ("000000200.png", "000000100.png", "1000000000.png", ".000000300.partial", "holiday.png"):
        (folder / "samples").mkdir(exist_ok=True)
        (folder / "samples" / name).touch()
    for name in ("000000100", "000000200", "copy of 000000100"):
        (folder / "snapshots" / name).mkdir(parents=True)
        (folder / "snapshots" / name / "model.safetensors").touch()
    (folder / "snapshots" / "000000300").mkdir()  # not yet whole
    assert run.update()
    assert list(run.sheets) == [100, 200, 1_000_000_000]
    assert list(run.snapshots) == [100, 200]
    assert run.checkpoint is None
    (folder / "checkpoint" / "mine").mkdir(parents=True)
    (folder / "checkpoint" / "mine" / "card.md").touch()
    assert run.update()
    assert run.checkpoint == folder / "checkpoint" / "mine"


def test_a_run_that_has_not_begun_has_nothing_and_no_problem(tmp_path):
    run = Run(tmp_path / "none")
    assert (run.config, run.problems, len(run.metrics), run.sheets) == ({}, [], 0, {})


def test_files_in_the_place_of_folders_and_folders_in_the_place_of_files(tmp_path):
    (tmp_path / "config.json").mkdir()
    (tmp_path / "metrics.jsonl").mkdir()
    for name in ("samples", "snapshots", "checkpoint"):
        (tmp_path / name).write_text("a file")
    run = Run(tmp_path)
    assert len(run.problems) == 2
    assert (run.sheets, run.snapshots, run.checkpoint) == ({}, {}, None)


def test_the_log_ends_in_what_was_said_last(tmp_path):
    log = tmp_path / "log"
    assert last_lines(log, 5) == []
    log.write_bytes(b"first\n" + b"\r 1%\r 2%" * 20_000 + b"\nlast \xff\r\n")
    assert last_lines(log, 5) == [" 2%", "last �"]
    assert last_lines(log, 1) == ["last �"]
