"""Two processes under torchrun train one model."""

import json

import pytest
import torch
from lightning_fabric import Fabric
from small import command, settings, started
from torch import nn

from playground import checkpoints
from playground.data import load_images
from playground.training.config import resolve
from playground.training.loop import Reader, average_gradients


def test_two_processes_make_one_valid_run(tmp_path, own_checkpoints):
    run = tmp_path / "run"
    every = {"report_every_images": 32, "sample_every_images": 64, "snapshot_every_images": 64}
    launcher = ("torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m")
    with started(command("digits-cgan", run, total_images=128, **every), tmp_path, launcher) as process:
        _, error = process.communicate(timeout=240)
    assert process.returncode == 0, error
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    assert [line["images_seen"] for line in lines] == [32, 64, 96, 128]  # 2 processes of 16 pictures a step
    state = torch.load(run / "state" / "resume.pt", weights_only=True)
    assert state["progress"]["images_seen"] == 128
    assert checkpoints.load("digits-cgan").card.images_seen == 128
    assert {file.name for file in own_checkpoints.iterdir()} == {"digits-cgan"}


class TwoProcesses(Fabric):
    """Fabric's part in gradient averaging, with the other process's gradient known."""

    world_size = 2
    global_rank = 0

    def __init__(self, rank: int = 0, other: float = 0.0) -> None:
        super().__init__(accelerator="cpu", devices=1)
        self.global_rank, self.other = rank, other

    def all_reduce(self, flat, reduce_op):
        assert reduce_op == "mean"
        return (flat + self.other) / 2


def test_gradients_are_averaged():
    layer = nn.Linear(2, 3)
    for weight in layer.parameters():
        weight.grad = torch.arange(weight.numel(), dtype=torch.float32).view_as(weight)
    average_gradients(TwoProcesses(other=4.0), layer)
    assert layer.weight.grad.flatten().tolist() == [2, 2.5, 3, 3.5, 4, 4.5]
    assert layer.bias.grad.tolist() == [2, 2.5, 3]


def test_processes_read_different_pictures_with_different_noise():
    config = resolve("digits-cgan", settings("digits-cgan"))
    data = load_images("digits8", "train", 8)
    readers = [Reader(TwoProcesses(rank), config, data) for rank in (0, 1)]
    first, second = (reader.read(0) for reader in readers)
    assert not torch.equal(first.images, second.images)
    assert not torch.equal(first.normal(5), second.normal(5))
    # What one process alone would read next is the second process's share.
    alone = Reader(Fabric(accelerator="cpu"), config, data).read(config.batch_size)
    assert torch.equal(alone.images, second.images)
    assert first.y.sum(dim=1).tolist() == pytest.approx([1.0] * config.batch_size)
