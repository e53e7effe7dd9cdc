"""What a training holds of its machine."""

import json
import os
import subprocess
import sys

import psutil
import pytest
import torch
from small import command

from playground.training.__main__ import main
from playground.training.footprint import Footprint, processor_name, resident_bytes
from playground.training.rank import LAUNCHER

HOLDS = 200_000_000
HOLD = f"held = bytearray({HOLDS}); print(flush=True); input()"


@pytest.fixture
def parent_of_a_large_child():
    """A small process whose child holds 200 MB."""
    start = f"import subprocess, sys; subprocess.run([sys.executable, '-ISc', {HOLD!r}])"
    process = subprocess.Popen(
        [sys.executable, "-ISc", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    process.stdout.readline()
    yield process
    process.communicate(b"\n")


def test_what_its_processes_hold_counts(parent_of_a_large_child, monkeypatch):
    pid = parent_of_a_large_child.pid
    assert psutil.Process(pid).memory_info().rss < HOLDS < resident_bytes(pid) < HOLDS * 1.5
    own = [psutil.Process(), *psutil.Process().children(recursive=True)]
    held = sum(process.memory_info().rss for process in own) / 1e6
    assert Footprint(torch.device("cpu")).megabytes() == {"memory_megabytes": pytest.approx(held, rel=0.5)}
    monkeypatch.setenv(LAUNCHER, str(pid))  # as for one of the processes that another has started
    assert 200 <= Footprint(torch.device("cpu")).megabytes()["memory_megabytes"] <= 300


def test_a_process_that_is_gone_holds_nothing():
    with subprocess.Popen(["true"]) as process:
        process.wait()
    assert resident_bytes(process.pid) == 0


def test_each_report_says_what_it_holds_and_the_first_of_each_start_on_what(tmp_path):
    run = tmp_path / "run"
    assert main(command("digits-gan", run, total_images=48, report_every_images=16)) == 0
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert all(50 < line["memory_megabytes"] < 100_000 for line in lines)
    assert [line.get("device") for line in lines] == [processor_name(), None, None]
    assert processor_name()
    assert LAUNCHER not in os.environ
