"""Trains one of the classics and keeps its pictures on the way, to be measured later."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from torch import Tensor

from benchmarks.tutorials.conditional_gan import ConditionalGAN
from benchmarks.tutorials.dcgan import DCGAN
from benchmarks.tutorials.dense_gan import DenseGAN
from benchmarks.tutorials.pictures import loader
from benchmarks.tutorials.vae import VAE
from playground.data import load_images
from playground.metrics.reference import chosen_rows

NUM_SAMPLES = 10_000
SAMPLING_SEED = 0
NUM_COMPONENTS = 100


@dataclass(frozen=True)
class Tutorial:
    """One of the classics.

    Attributes:
        title: as tables show it.
        make: builds it with fresh weights.
        num_epochs: how long it is trained.
        kept_epochs: after which epochs pictures are kept.
        conditional: whether it heeds the classes asked for.
    """

    title: str
    make: Callable[[], Any]
    num_epochs: int
    kept_epochs: tuple[int, ...]
    conditional: bool = False


TUTORIALS = {
    "conditional-gan": Tutorial(
        "Tutorial conditional GAN, dense", ConditionalGAN, 30, (1, 2, 5, 10, 15, 20, 25, 30), conditional=True
    ),
    "dense-gan": Tutorial("Tutorial GAN, dense", DenseGAN, 22, (1, 5, 10, 22)),
    "vae": Tutorial("Tutorial VAE, dense", VAE, 10, (1, 2, 5, 10)),
    "dcgan": Tutorial("Tutorial DCGAN", DCGAN, 5, (1, 2, 3, 4, 5)),
}


def train_tutorial(name: str, run_dir: Path, data_dir: Path | None) -> None:
    """Trains the tutorial `name` from seed 0 on one thread.

    Writes into `run_dir` after each kept epoch `epoch-NN.npz` with 10,000
    pictures, and a line in `progress.jsonl`: epoch, images_seen, and the
    cpu_seconds of this process spent on training alone. The VAE leaves
    `mixture.npz` and `reconstructions.npz` (of the held-out digits) as well.
    """
    tutorial = TUTORIALS[name]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    run_dir.mkdir(parents=True, exist_ok=True)
    (run_dir / "progress.jsonl").unlink(missing_ok=True)
    mnist = load_images("mnist", "train", 28, data_dir)
    asked = mnist.labels[chosen_rows(len(mnist), NUM_SAMPLES)]
    started = time.process_time()
    model = tutorial.make()
    batches = loader(mnist.images, mnist.labels, model.batch_size)
    cpu_seconds = time.process_time() - started
    for epoch in range(1, tutorial.num_epochs + 1):
        started = time.process_time()
        model.train_epoch(batches)
        cpu_seconds += time.process_time() - started
        if epoch in tutorial.kept_epochs:
            keep(run_dir / f"epoch-{epoch:02}.npz", model.sample(asked, SAMPLING_SEED))
            row = {
                "epoch": epoch,
                "images_seen": epoch * len(batches) * model.batch_size,
                "cpu_seconds": round(cpu_seconds, 2),
            }
            with (run_dir / "progress.jsonl").open("a") as file:
                file.write(json.dumps(row) + "\n")
            print(name, row, flush=True)
    if isinstance(model, VAE):
        mixture = model.sample_mixture(NUM_SAMPLES, SAMPLING_SEED, mnist.images, NUM_COMPONENTS)
        keep(run_dir / "mixture.npz", mixture)
        held_out = load_images("mnist", "test", 28, data_dir)
        rows = chosen_rows(len(held_out), NUM_SAMPLES)
        keep(run_dir / "reconstructions.npz", model.decode(model.encode(held_out.images[rows])))


def keep(file: Path, images: UInt8[Tensor, "n 1 28 28"]) -> None:
    """Writes pictures as an `.npz` with `images`."""
    np.savez_compressed(file, images=images.numpy())


def kept(file: Path) -> UInt8[Tensor, "n 1 28 28"]:
    """The pictures that `keep` wrote."""
    with np.load(file) as arrays:
        return torch.from_numpy(arrays["images"])
