"""What every training in a test needs put back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch


@pytest.fixture(autouse=True)
def own_checkpoints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PLAYGROUND_CHECKPOINTS", str(tmp_path / "checkpoints"))
    return tmp_path / "checkpoints"


@pytest.fixture(autouse=True)
def threads_as_before():
    """A training sets torch's thread count for its whole process."""
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)
