"""Asked to stop, a training does so after the step it is at, and saves."""

import os
import signal

import pytest
import torch
from small import command

from playground.training import loop
from playground.training.__main__ import main

EVERY = {"report_every_images": 64, "sample_every_images": 64, "snapshot_every_images": 64}


@pytest.mark.parametrize(
    ("busy_with", "total_images", "stops_at"),
    [("run_phase", 10_000, 16), ("write_sheet", 10_000, 64), ("write_snapshot", 10_000, 64), ("save_state", 32, 32)],
)
def test_it_is_asked_again_and_again_and_still_saves(busy_with, total_images, stops_at, tmp_path, monkeypatch):
    """Each call is interrupted: the saving at the end, too, by someone who asks a second time."""
    work = getattr(loop, busy_with)

    def interrupted(*arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        return work(*arguments)

    monkeypatch.setattr(loop, busy_with, interrupted)
    run = tmp_path / "run"
    assert main(command("digits-cgan", run, total_images=total_images, **EVERY)) == 0
    state = torch.load(run / "state" / "resume.pt", weights_only=True)
    assert state["progress"]["images_seen"] == stops_at
