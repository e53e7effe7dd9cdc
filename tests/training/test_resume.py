"""A run that was broken off ends in the same weights as one that was not."""

import json
import signal
import time
from pathlib import Path

import pytest
import torch
from small import command, started

from playground.training.__main__ import main

EVERY = {"report_every_images": 64, "sample_every_images": 100_000, "snapshot_every_images": 160}


def state(run: Path) -> dict:
    return torch.load(run / "state" / "resume.pt", weights_only=True)


def assert_same(first: Path, second: Path) -> None:
    one, other = state(first), state(second)
    for part in ("model", "averaged", "extra"):
        assert one[part].keys() == other[part].keys()
        for name, tensor in one[part].items():
            assert torch.equal(tensor, other[part][name]), f"{part} {name}"
    assert one["progress"]["images_seen"] == other["progress"]["images_seen"]
    assert seen(first) == seen(second)


def seen(run: Path) -> list[int]:
    return [json.loads(line)["images_seen"] for line in (run / "metrics.jsonl").read_text().splitlines()]


def wait_for(happened, process, seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert process.poll() is None, process.stderr.read()
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.005)


@pytest.mark.parametrize(  # a snapshot with a mapping network takes a second: its codes are measured
    ("preset", "snapshot_every_images"), [("digits-cgan", 160), ("digits-vae", 160), ("faces-gan", 800)]
)
def test_killed_and_continued_equals_unbroken(preset, snapshot_every_images, tmp_path):
    total, every = 1600, EVERY | {"snapshot_every_images": snapshot_every_images}
    unbroken, broken = tmp_path / "unbroken", tmp_path / "broken"
    with started(command(preset, broken, total_images=total, **every), tmp_path) as process:
        wait_for(lambda: (broken / "state" / "resume.pt").is_file(), process)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    assert 0 < state(broken)["progress"]["images_seen"] < total

    assert main(["--run-dir", str(broken), "--resume"]) == 0
    assert main(command(preset, unbroken, total_images=total, **every)) == 0
    assert state(broken)["progress"]["images_seen"] == total
    assert_same(unbroken, broken)


def test_ctrl_c_saves_and_exits_cleanly(tmp_path, own_checkpoints):
    run = tmp_path / "run"
    with started(command("digits-gan", run, total_images=10**7, **EVERY), tmp_path) as process:
        wait_for(lambda: (run / "state" / "resume.pt").is_file(), process)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Traceback" not in error
    assert "--resume" in error.strip().splitlines()[-1]
    assert state(run)["progress"]["images_seen"] >= 160
    assert not own_checkpoints.exists()


def test_a_finished_run_stays_as_it_is(tmp_path):
    run = tmp_path / "run"
    assert main(command("digits-gan", run, total_images=64)) == 0
    before = state(run)["model"]
    assert main(["--run-dir", str(run), "--resume"]) == 0
    assert all(torch.equal(tensor, before[name]) for name, tensor in state(run)["model"].items())


def test_a_damaged_state_is_named(tmp_path, capsys):
    run = tmp_path / "run"
    assert main(command("digits-gan", run, total_images=64)) == 0
    file = run / "state" / "resume.pt"
    for content in (b"", b"nonsense", file.read_bytes()[:2000]):
        file.write_bytes(content)
        capsys.readouterr()
        assert main(["--run-dir", str(run), "--resume"]) == 2
        assert "resume.pt cannot be used" in capsys.readouterr().err
