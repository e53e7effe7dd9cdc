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
from benchmarks.tutorials.dcgan import DCGAN, FaceDCGAN
from benchmarks.tutorials.dense_gan import DenseGAN
from benchmarks.tutorials.pictures import loader
from benchmarks.tutorials.standing import read_standing, write_standing
from benchmarks.tutorials.vae import VAE
from playground.data import load_images
from playground.files import write_whole
from playground.metrics.digit_judge import DIGITS
from playground.metrics.face_judge import FACES
from playground.metrics.judge import Judge
from playground.metrics.reference import chosen_rows

DIGIT_SIZE = 28  # of the data itself; the judge frames it
SAMPLING_SEED = 0
NUM_COMPONENTS = 100
PROGRESS = "progress.jsonl"


@dataclass(frozen=True)
class Tutorial:
    """One of the classics.

    Attributes:
        title: as tables show it.
        make: builds it with fresh weights.
        num_epochs: how long it is trained.
        kept_epochs: after which epochs pictures are kept.
        conditional: whether it heeds the classes asked for.
        judge: of what it draws; it says what data is learned.
    """

    title: str
    make: Callable[[], Any]
    num_epochs: int
    kept_epochs: tuple[int, ...]
    conditional: bool = False
    judge: Judge = DIGITS

    @property
    def image_size(self) -> int:
        """Pixels that the tutorial learns at."""
        return DIGIT_SIZE if self.judge is DIGITS else self.judge.image_size


TUTORIALS = {
    "conditional-gan": Tutorial(
        "Tutorial conditional GAN, dense", ConditionalGAN, 30, (1, 2, 5, 10, 15, 20, 25, 30), conditional=True
    ),
    "dense-gan": Tutorial("Tutorial GAN, dense", DenseGAN, 22, (1, 5, 10, 22)),
    "vae": Tutorial("Tutorial VAE, dense", VAE, 10, (1, 2, 5, 10)),
    "dcgan": Tutorial("Tutorial DCGAN", DCGAN, 5, (1, 2, 3, 4, 5)),
    # 12 epochs are 160,000 pictures, and an hour and a half of one core.
    "face-dcgan": Tutorial("Tutorial DCGAN", FaceDCGAN, 12, (1, 2, 4, 8, 12), judge=FACES),
}


def train_tutorial(name: str, run_dir: Path, data_dir: Path | None) -> None:
    """Trains the tutorial `name` from seed 0 on one thread.

    Writes into `run_dir` after each kept epoch `epoch-NN.npz` with as
    many pictures as its judge measures, and a line in `progress.jsonl`: epoch, images_seen, and the
    cpu_seconds of this process spent on training alone. The VAE leaves
    `mixture.npz` and `reconstructions.npz` (of the held-out digits) as well.
    A run that was stopped goes on after its last whole epoch, to the same weights.
    """
    tutorial = TUTORIALS[name]
    torch.set_num_threads(1)
    torch.manual_seed(0)
    run_dir.mkdir(parents=True, exist_ok=True)
    judge, num_samples = tutorial.judge, tutorial.judge.num_samples
    data = load_images(judge.data, "train", tutorial.image_size, data_dir)
    asked = data.labels[chosen_rows(len(data), num_samples)]
    model = tutorial.make()
    batches = loader(data.images, data.labels, model.batch_size)
    epochs_behind, cpu_seconds = read_standing(run_dir / "state.pt", model)
    rows = [row for row in read_progress(run_dir) if row["epoch"] <= epochs_behind]
    for epoch in range(epochs_behind + 1, tutorial.num_epochs + 1):
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
            rows.append(row)
            write_whole(run_dir / PROGRESS, "".join(json.dumps(row) + "\n" for row in rows).encode())
            print(name, row, flush=True)
        write_standing(run_dir / "state.pt", model, epoch, cpu_seconds)
    if isinstance(model, VAE):
        mixture = model.sample_mixture(num_samples, SAMPLING_SEED, data.images, NUM_COMPONENTS)
        keep(run_dir / "mixture.npz", mixture)
        held_out = load_images(judge.data, "test", tutorial.image_size, data_dir)
        rows = chosen_rows(len(held_out), num_samples)
        keep(run_dir / "reconstructions.npz", model.decode(model.encode(held_out.images[rows])))


def read_progress(run_dir: Path) -> list[dict[str, Any]]:
    """The lines of `progress.jsonl`, a row a kept epoch; none where nothing was trained."""
    progress = run_dir / PROGRESS
    return [json.loads(line) for line in progress.read_text("utf-8").splitlines()] if progress.is_file() else []


def keep(file: Path, images: UInt8[Tensor, "n channels height width"]) -> None:
    """Writes pictures as an `.npz` with `images`."""
    np.savez_compressed(file, images=images.numpy())


def kept(file: Path) -> UInt8[Tensor, "n channels height width"]:
    """The pictures that `keep` wrote."""
    with np.load(file) as arrays:
        return torch.from_numpy(arrays["images"])
