"""Trains the judge of digits: `python -m playground.metrics.judge_training --data-dir DIR`.

MNIST's 60,000 training images, padded to 32x32, seen 12 times under small
random rotations, shifts and scalings; Adam with a one-cycle rate (Smith &
Topin, "Super-convergence", 2018). The weights are written in half precision
with their data, licence, command and test accuracy in the header.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor, nn

from playground.command import command
from playground.data import load_images
from playground.errors import PlaygroundError
from playground.metrics.digit_judge import COMMAND, JUDGE_FILE, JUDGE_SIZE, DigitNetwork
from playground.metrics.network_file import write_network

NUM_EPOCHS = 12
BATCH_SIZE = 250
PEAK_RATE = 3e-3
MIN_ACCURACY = 0.993


def augment(images: Float[Tensor, "batch 1 32 32"], generator: torch.Generator) -> Float[Tensor, "batch 1 32 32"]:
    """Images under a random small affine map each: up to 12 degrees, 2 pixels, 12 % of size, 0.15 of shear."""
    num_images = len(images)

    def uniform(limit: float) -> Float[Tensor, " batch"]:
        return limit * (2 * torch.rand(num_images, generator=generator) - 1)

    angle, shear = uniform(0.21), uniform(0.15)
    scale_x, scale_y = 1 + uniform(0.12), 1 + uniform(0.12)
    shift_x, shift_y = uniform(4 / JUDGE_SIZE), uniform(4 / JUDGE_SIZE)
    top = torch.stack([scale_x * angle.cos(), -angle.sin() + shear, shift_x], 1)
    bottom = torch.stack([angle.sin(), scale_y * angle.cos(), shift_y], 1)
    grid = nn.functional.affine_grid(torch.stack([top, bottom], 1), list(images.shape), align_corners=False)
    # Border padding repeats the black edge: zeros would be mid-grey here.
    return nn.functional.grid_sample(images, grid, padding_mode="border", align_corners=False)


def train(
    images: UInt8[Tensor, "n 1 32 32"], labels: Int64[Tensor, " n"], seed: int = 0, num_epochs: int = NUM_EPOCHS
) -> DigitNetwork:
    """A judge trained on labelled digits, in eval mode. Prints a line an epoch."""
    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    judge = DigitNetwork().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(judge.parameters(), lr=PEAK_RATE, weight_decay=0.01)
    num_batches = len(images) // BATCH_SIZE
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, PEAK_RATE, total_steps=num_epochs * num_batches, pct_start=0.2
    )
    for epoch in range(1, num_epochs + 1):
        judge.train()
        started, loss_sum = time.perf_counter(), torch.zeros(())
        order = torch.randperm(len(images), generator=generator)
        for chosen in order[: num_batches * BATCH_SIZE].split(BATCH_SIZE):
            batch = augment(images[chosen].float().div(127.5).sub(1), generator)
            with torch.autocast("cpu", torch.bfloat16):
                loss = nn.functional.cross_entropy(judge(batch.to(memory_format=torch.channels_last)), labels[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
            loss_sum += loss.detach()
        seconds = time.perf_counter() - started
        print(f"epoch {epoch}/{num_epochs}: loss {loss_sum.item() / num_batches:.4f}, {seconds:.0f} s", flush=True)
    return judge.to(memory_format=torch.contiguous_format).eval()


@torch.inference_mode()
def accuracy(judge: DigitNetwork, images: UInt8[Tensor, "n 1 32 32"], labels: Int64[Tensor, " n"]) -> float:
    """Share of images whose digit the judge names rightly, 0 to 1."""
    batches = zip(images.split(500), labels.split(500), strict=True)
    hits = [(judge(batch.float().div(127.5).sub(1)).argmax(1) == asked) for batch, asked in batches]
    return torch.cat(hits).double().mean().item()


@command
def main(arguments: Sequence[str] | None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser("python -m playground.metrics.judge_training", description="Trains the judge.")
    parser.add_argument("--data-dir", type=Path, help="folder with MNIST (default: PLAYGROUND_DATA, else downloaded)")
    parser.add_argument("--out", type=Path, default=JUDGE_FILE, help="the file to write")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    seen = load_images("mnist", "train", JUDGE_SIZE, options.data_dir)
    held_out = load_images("mnist", "test", JUDGE_SIZE, options.data_dir)
    judge = train(seen.images, seen.labels, options.seed)
    # What is measured is what is shipped: the weights after rounding to half precision.
    judge.load_state_dict({name: value.half() for name, value in judge.state_dict().items()})
    reached = accuracy(judge, held_out.images, held_out.labels)
    print(f"test accuracy {reached:.4%}")
    if reached < MIN_ACCURACY:
        raise PlaygroundError(f"The judge reached {reached:.2%} where {MIN_ACCURACY:.1%} are needed: try another seed.")
    write_network(
        judge,
        options.out,
        {
            "data": "MNIST (Y. LeCun, C. Cortes), 60,000 training images padded to 32x32",
            "licence": "CC BY-SA 3.0, as MNIST",
            "command": f"{COMMAND} --seed {options.seed}",
            "test_accuracy": f"{reached:.4f}",
        },
    )


if __name__ == "__main__":
    sys.exit(main())
