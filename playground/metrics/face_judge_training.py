"""Trains the judge of faces: `python -m playground.metrics.face_judge_training --data-dir DIR`.

Two networks, both on the training part of the faces alone. The features learn
to tell, by linear layers that are thrown away afterwards: the age and its
group, the smile, the brightness, what the face looks like at 8x8 pixels, and
how far and in which of five ways a picture was damaged (half of them are). So
they keep what people see in a face, and see damage that no label speaks of.
The age classifier learns age and group from pictures moved, mirrored and lit
otherwise, with every group weighing the same.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor, nn
from torch.nn import functional

from playground.command import command
from playground.data import LICENCES
from playground.data.cache_folder import data_folder
from playground.data.faces import prepare_faces
from playground.errors import PlaygroundError
from playground.metrics.class_accuracy import balanced_accuracy
from playground.metrics.damage import bent, blurred, compressed, noisy, patched
from playground.metrics.face_networks import (
    AGE_DEVIATION,
    AGES_FILE,
    COMMAND,
    FACE_SIZE,
    FEATURE_DIM,
    FEATURES_FILE,
    MEAN_AGE,
    NUM_GROUPS,
    AgeClassifier,
    FaceFeatures,
    face_levels,
    guess_ages,
)
from playground.metrics.network_file import write_network

BATCH_SIZE = 64
PEAK_RATE = 3e-3
NUM_EPOCHS = {"features": 6, "ages": 8}
NUM_DAMAGES = 5
THUMBNAIL = 8
MAX_SHIFT = 3
MIN_BALANCED_ACCURACY = 0.5


@dataclass(frozen=True)
class Faces:
    """Pictures and what is known of them.

    Attributes:
        images: uint8 [n, 3, 64, 64].
        groups: int64 [n], of age.
        targets: float32 [n, 3], age, smile and brightness, each with mean 0 and variance 1.
    """

    images: UInt8[Tensor, "n 3 64 64"]
    groups: Int64[Tensor, " n"]
    targets: Float[Tensor, "n 3"]

    def __len__(self) -> int:
        return len(self.images)


def load_faces(data_dir: Path | None) -> tuple[Faces, Faces]:
    """The training part and the held-out one. Raises `PlaygroundError` where the faces are not there."""
    prepared = prepare_faces(FACE_SIZE, data_folder(data_dir))
    columns = [prepared.report.attributes.index(name) for name in ("age_years", "smile_rank", "brightness")]
    values = prepared.attributes[:, columns]
    known = values[~prepared.held_out]
    centre = torch.cat([torch.tensor([MEAN_AGE]), known[:, 1:].mean(0)])
    spread = torch.cat([torch.tensor([AGE_DEVIATION]), known[:, 1:].std(0)])
    scaled = (values - centre) / spread
    parts = []
    for chosen in (~prepared.held_out, prepared.held_out):
        parts.append(Faces(prepared.images.images[chosen], prepared.images.labels[chosen], scaled[chosen]))
    return parts[0], parts[1]


def moved(images: UInt8[Tensor, "batch 3 64 64"], generator: torch.Generator) -> UInt8[Tensor, "batch 3 64 64"]:
    """Half of them mirrored, each shifted by up to 3 pixels either way; the edge is repeated."""
    count = len(images)
    places = torch.arange(FACE_SIZE)
    offsets = torch.randint(-MAX_SHIFT, MAX_SHIFT + 1, (2, count, 1), generator=generator)
    rows, columns = (places + offsets).clamp(0, FACE_SIZE - 1)
    is_mirrored = torch.rand(count, 1, generator=generator) < 0.5
    columns = torch.where(is_mirrored, columns.flip(1), columns)
    found = images.permute(0, 2, 3, 1)[torch.arange(count)[:, None, None], rows[:, :, None], columns[:, None, :]]
    return found.permute(0, 3, 1, 2)


def damaged(
    images: UInt8[Tensor, "batch 3 64 64"], generator: torch.Generator
) -> tuple[UInt8[Tensor, "batch 3 64 64"], Float[Tensor, "batch 5"]]:
    """Half of them damaged in one of five ways, and how far: a number from 0 to 1 in the column of its way."""
    count = len(images)
    kind = torch.randint(0, 2 * NUM_DAMAGES, (count,), generator=generator)
    amount = torch.rand(count, generator=generator)
    told = functional.one_hot(kind, 2 * NUM_DAMAGES)[:, :NUM_DAMAGES] * amount[:, None]
    found = images.clone()
    ways: tuple[Callable[[Tensor, Tensor], Tensor], ...] = (
        lambda some, share: blurred(some, 2.5 * share),
        lambda some, share: noisy(some, 30 * share, generator),
        lambda some, share: compressed(some, 10 + 85 * share),
        lambda some, share: bent(some, 5 * share, generator),
        lambda some, share: patched(some, 0.1 + 0.5 * share, generator),
    )
    for number, way in enumerate(ways):
        rows = (kind == number).nonzero().squeeze(1)
        if len(rows):
            found[rows] = way(images[rows], amount[rows])
    return found, told


class Lessons(nn.Module):
    """The linear layers by which the features are taught, and the sum of what they get wrong."""

    def __init__(self) -> None:
        super().__init__()
        self.sizes = (NUM_GROUPS, 3, NUM_DAMAGES, 3 * THUMBNAIL**2)
        self.head = nn.Linear(FEATURE_DIM, sum(self.sizes))

    def forward(
        self, features: Tensor, groups: Tensor, targets: Tensor, told: Tensor, sound: UInt8[Tensor, "batch 3 64 64"]
    ) -> Float[Tensor, ""]:
        logits, numbers, damage, thumbnail = self.head(functional.dropout(features, 0.1, self.training)).split(
            self.sizes, 1
        )
        small = functional.adaptive_avg_pool2d(face_levels(sound), THUMBNAIL).flatten(1) * 2
        return (
            functional.cross_entropy(logits, groups)
            + functional.mse_loss(numbers, targets)
            + 8 * functional.mse_loss(damage, told)
            + 2 * functional.mse_loss(thumbnail, small)
        )


def train_features(faces: Faces, seed: int, num_epochs: int = NUM_EPOCHS["features"]) -> FaceFeatures:
    """The features, in eval mode. Prints a line an epoch."""
    torch.manual_seed(seed)
    network, lessons = FaceFeatures().to(memory_format=torch.channels_last), Lessons()

    def loss_of(rows: Int64[Tensor, " batch"], generator: torch.Generator) -> Float[Tensor, ""]:
        sound = moved(faces.images[rows], generator)
        shown, told = damaged(sound, generator)
        with torch.autocast("cpu", torch.bfloat16):
            features = network(face_levels(shown))
        return lessons(features.float(), faces.groups[rows], faces.targets[rows], told, sound)

    _descend(nn.ModuleList([network, lessons]), loss_of, len(faces), num_epochs, seed)
    return network.eval()


def train_ages(faces: Faces, seed: int, num_epochs: int = NUM_EPOCHS["ages"]) -> AgeClassifier:
    """The age classifier, in eval mode. Prints a line an epoch."""
    torch.manual_seed(seed)
    network = AgeClassifier().to(memory_format=torch.channels_last)
    counts = torch.bincount(faces.groups, minlength=NUM_GROUPS)
    weights = len(faces) / (NUM_GROUPS * counts.clamp(min=1))

    def loss_of(rows: Int64[Tensor, " batch"], generator: torch.Generator) -> Float[Tensor, ""]:
        shown = face_levels(moved(faces.images[rows], generator))
        light = 0.2 * (2 * torch.rand(2, len(rows), 1, 1, 1, generator=generator) - 1)
        with torch.autocast("cpu", torch.bfloat16):
            seen = network((shown * (1 + light[0]) + light[1]).to(memory_format=torch.channels_last)).float()
        wrong = functional.cross_entropy(seen[:, :NUM_GROUPS], faces.groups[rows], weights, label_smoothing=0.05)
        return wrong + functional.smooth_l1_loss(seen[:, NUM_GROUPS], faces.targets[rows, 0])

    _descend(network, loss_of, len(faces), num_epochs, seed)
    return network.eval()


def _descend(
    network: nn.Module, loss_of: Callable[[Tensor, torch.Generator], Tensor], count: int, num_epochs: int, seed: int
) -> None:
    """Adam with a one-cycle rate (Smith and Topin, 2018)."""
    generator = torch.Generator().manual_seed(seed)
    optimizer = torch.optim.AdamW(network.parameters(), lr=PEAK_RATE, weight_decay=0.02)
    num_batches = count // BATCH_SIZE
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=num_epochs * num_batches, pct_start=0.2
    )
    network.train()
    for epoch in range(1, num_epochs + 1):
        started, loss_sum = time.process_time(), torch.zeros(())
        for rows in _batches(count, generator):
            loss = loss_of(rows, generator)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            loss_sum += loss.detach()
        seconds = time.process_time() - started
        print(f"epoch {epoch}/{num_epochs}: loss {loss_sum.item() / num_batches:.4f}, {seconds:.0f} s", flush=True)


def _batches(count: int, generator: torch.Generator) -> Iterator[Int64[Tensor, " batch"]]:
    order = torch.randperm(count, generator=generator)
    yield from order[: count // BATCH_SIZE * BATCH_SIZE].split(BATCH_SIZE)


@command
def main(arguments: Sequence[str] | None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        "python -m playground.metrics.face_judge_training", description="Trains the judge of faces."
    )
    parser.add_argument("--data-dir", type=Path, help="folder with faces128.zip (default: PLAYGROUND_DATA)")
    parser.add_argument("--out", type=Path, default=FEATURES_FILE.parent, help="the folder to write to")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    seen, held_out = load_faces(options.data_dir)
    about = {
        "data": f"{LICENCES['faces']}: the training part, {len(seen):,} pictures at {FACE_SIZE} pixels",
        "licence": "for non-commercial research only, as the pictures",
        "command": f"{COMMAND} --seed {options.seed}",
    }
    features = train_features(seen, options.seed)
    ages = train_ages(seen, options.seed + 1)
    # What is measured is what is shipped: the weights after rounding to half precision.
    ages.load_state_dict({name: value.half() for name, value in ages.state_dict().items()})
    groups, years = guess_ages(ages, held_out.images)
    reached = balanced_accuracy(groups, held_out.groups)
    wrong = (years - (MEAN_AGE + AGE_DEVIATION * held_out.targets[:, 0])).abs().mean().item()
    print(f"held-out faces: balanced accuracy {reached:.2%}, age wrong by {wrong:.1f} years on average")
    if reached < MIN_BALANCED_ACCURACY:
        raise PlaygroundError(
            f"The age classifier reached {reached:.1%} where {MIN_BALANCED_ACCURACY:.0%} are needed: try another seed."
        )
    write_network(features, options.out / FEATURES_FILE.name, about)
    about |= {"balanced_accuracy": f"{reached:.4f}", "mean_error_years": f"{wrong:.2f}"}
    write_network(ages, options.out / AGES_FILE.name, about)


if __name__ == "__main__":
    sys.exit(main())
