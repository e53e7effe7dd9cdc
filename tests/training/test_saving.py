"""Files of a run that is going on, and a disk that is full."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest

from playground.errors import PlaygroundError
from playground.training.run_folder import RunFolder
from playground.training.saving import replacing

FULL = Path("/dev/full")  # the system's own full disk


def test_what_is_written_beside_takes_the_place_at_the_end(tmp_path):
    file = tmp_path / "a"
    file.write_text("before")
    with replacing(file) as beside:
        beside.write_text("after")
        assert file.read_text() == "before"
    assert file.read_text() == "after"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), RuntimeError("No space left")])
def test_what_cannot_be_written_leaves_what_was_there_and_nothing_beside(error, tmp_path):
    file = tmp_path / "a"
    file.write_text("before")
    said = r"a cannot be written \(.*No space left.*\): make room, then resume"
    with pytest.raises(PlaygroundError, match=said), replacing(file) as beside:
        beside.write_text("half")
        raise error
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.skipif(not FULL.exists(), reason="only Linux has a disk that is always full")
def test_measurements_and_sheets_on_a_full_disk_give_one_sentence(tmp_path, monkeypatch):
    run = RunFolder(tmp_path)
    run.samples.mkdir()
    run.metrics.symlink_to(FULL)
    with pytest.raises(PlaygroundError, match=r"metrics\.jsonl cannot be written \(.*No space left"):
        run.report({"images_seen": 64})

    def full(self, file, **options):
        FULL.write_bytes(b"x")

    monkeypatch.setattr("PIL.Image.Image.save", full)
    with pytest.raises(PlaygroundError, match=r"000000064\.png cannot be written \(.*No space left"):
        run.write_sample(64, np.zeros((4, 4, 1), np.uint8))
    assert not list(run.samples.iterdir())
