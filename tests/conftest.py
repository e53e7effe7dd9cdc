"""A tiny family and its checkpoints, so that tests of the house need no training."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from torch import nn

from playground import checkpoints
from playground.card import Card
from playground.models import Capability, GenerativeModel, ModelConfig, register


@register("tiny-test", ModelConfig)
class Tiny(GenerativeModel):
    """A linear decoder with a transposed encoder: every number can be worked out by hand."""

    title = "Tiny"
    provides = frozenset({Capability.ENCODE})

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(config)
        num_pixels = config.image_channels * config.image_size**2
        self.linear = nn.Linear(config.latent_dim + len(config.class_names), num_pixels)

    def decode(self, z, y=None):
        inputs = z if y is None else torch.cat([z, y], dim=1)
        return torch.tanh(self.linear(inputs)).reshape(-1, *self.image_shape)

    def encode(self, images, y=None):
        return images.flatten(1) @ self.linear.weight[:, : self.latent_dim]


@pytest.fixture
def tiny() -> Tiny:
    torch.manual_seed(0)
    return Tiny(ModelConfig(latent_dim=4, image_size=8, class_names=("0", "1", "2"))).eval()


@pytest.fixture
def tiny_plain() -> Tiny:
    torch.manual_seed(0)
    return Tiny(ModelConfig(latent_dim=4, image_size=8)).eval()


@pytest.fixture
def checkpoint_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of checkpoints that the playground looks into first."""
    place = tmp_path / "own checkpoints"
    place.mkdir()
    monkeypatch.setenv("PLAYGROUND_CHECKPOINTS", str(place))
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path / "runs"))
    return place


@pytest.fixture
def tiny_checkpoint(checkpoint_folder: Path, tiny: Tiny) -> Path:
    return checkpoints.save(checkpoint_folder / "tiny", tiny, Card(title="A tiny model"))


@pytest.fixture
def plain_checkpoint(checkpoint_folder: Path, tiny_plain: Tiny) -> Path:
    return checkpoints.save(checkpoint_folder / "plain", tiny_plain, Card(title="A plain model"))


def pytest_configure(config: pytest.Config) -> None:
    """Where workers share the cores, each computes on one thread, and so do the processes that it starts."""
    if config.getoption("numprocesses", None):
        os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests in a browser last: it and its app stay until the end, and take their share of the machine."""
    items.sort(key=lambda item: "browser" in item.fixturenames)
