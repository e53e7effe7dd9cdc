"""How many images a second our loop trains on, against the textbook loop, on the same networks.

    python -m benchmarks.training                  # on the CPU, one thread each
    python -m benchmarks.training --data mnist --threads 2

The textbook loop is what tutorials show: a DataLoader over PIL pictures with
transforms, float32, plain Adam, `.item()` on each loss at each step, and R1 and
R2 by exact double differentiation where the objective has them. Ours is the
loop of `playground.training`, without its reports and snapshots. Each
measurement runs in a process of its own, since the allocator's settings are a
process's; the two loops take turns, and the table gives the median. The clock
is the processor time of the whole process: with one thread that is the wall
clock of an idle machine, and other work on the machine does not enter.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PRESETS = {
    "digits-gan": [],
    "digits-cgan": [],
    "digits-vae": ["objective.adversary_weight=0.0"],  # the plain VAE, as in a tutorial
}
NUM_WARM_UP_STEPS = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="digits8", help="digits8 (default; no download) or mnist")
    parser.add_argument("--data-dir", type=Path, help="where data sets lie")
    parser.add_argument("--threads", type=int, default=1, help="of torch, for both loops (default: 1)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (default: 10)")
    parser.add_argument("--repeats", type=int, default=3, help="of each measurement (default: 3)")
    parser.add_argument("--one", nargs=2, metavar=("LOOP", "PRESET"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(measure(*options.one, options))
        return 0

    print(
        f"{'preset':<14} {'textbook':>10} {'ours':>10} {'times':>7}   images a CPU-second, {options.threads} thread(s)"
    )
    for preset in PRESETS:
        speeds: dict[str, list[float]] = {"textbook": [], "ours": []}
        for _, loop in itertools.product(range(options.repeats), speeds):
            speeds[loop].append(in_own_process(loop, preset))
        textbook, ours = (statistics.median(speeds[loop]) for loop in ("textbook", "ours"))
        print(f"{preset:<14} {textbook:>10.1f} {ours:>10.1f} {ours / textbook:>7.2f}", flush=True)
    return 0


def in_own_process(loop: str, preset: str) -> float:
    """Images a CPU-second of one loop, measured in a fresh process with this one's options."""
    command = [sys.executable, "-m", "benchmarks.training", *sys.argv[1:], "--one", loop, preset]
    finished = subprocess.run(command, capture_output=True, text=True)
    if finished.returncode:
        sys.exit(finished.stderr)
    return float(finished.stdout.strip().splitlines()[-1])


def measure(loop: str, preset: str, options: argparse.Namespace) -> float:
    """Images a CPU-second of `loop` on the networks of `preset`."""
    import torch

    from playground.data import load_images
    from playground.training.build import build_model
    from playground.training.config import resolve

    torch.set_num_threads(options.threads)
    config = resolve(preset, [f"data={options.data}", *PRESETS[preset]])
    model, data = build_model(config, lambda size: load_images(config.data, "train", size, options.data_dir))
    steps = {"textbook": textbook_steps, "ours": our_steps}[loop](model, data, config)
    for _ in range(NUM_WARM_UP_STEPS):
        next(steps)
    started, num_images = time.process_time(), 0
    while (elapsed := time.process_time() - started) < options.seconds:
        next(steps)
        num_images += config.batch_size
    return num_images / elapsed


def our_steps(model, data, config) -> Iterator[None]:
    """The loop of `playground.training`, one step each time."""
    from playground.training.allocator import keep_large_blocks
    from playground.training.averaging import AveragedWeights
    from playground.training.build import build_step, launched
    from playground.training.loop import Reader, move_to_device, run_phase

    keep_large_blocks()
    with launched(config) as fabric:
        step = build_step(model, config)
        move_to_device(fabric, step)
        averaged = AveragedWeights(model, config.average_images)
        reader = Reader(fabric, config, data)
        for position in itertools.count(0, config.batch_size):
            batch = reader.read(position)
            for phase in step.phases:
                run_phase(fabric, step, phase, batch, config.learning_rate_at(position))
            averaged.update(model, config.batch_size, position + config.batch_size)
            yield


def textbook_steps(model, data, config) -> Iterator[None]:
    """The tutorials' loop, one step each time."""
    import torch
    from PIL import Image
    from torch.utils.data import DataLoader, Dataset
    from torchvision import transforms

    class Pictures(Dataset):
        """One PIL picture at a time, as torchvision's data sets give them."""

        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.5)])

        def __len__(self) -> int:
            return len(data)

        def __getitem__(self, index: int):
            return self.transform(Image.fromarray(data.images[index, 0].numpy())), int(data.labels[index])

    def batches():
        while True:
            yield from DataLoader(Pictures(), config.batch_size, shuffle=True, drop_last=True)

    step = textbook_vae(model, config) if hasattr(model, "bound") else textbook_gan(model, config)
    for images, labels in batches():
        y = torch.nn.functional.one_hot(labels, len(data.class_names)).float() if data.class_names else None
        step(images, y)
        yield


def textbook_gan(model, config) -> Callable:
    """A relativistic GAN with exact R1 and R2, written plainly."""
    import torch

    from playground.training.losses import gradient_penalty, relativistic_loss

    optimizers = [
        torch.optim.Adam(network.parameters(), config.optimizer.learning_rate, config.optimizer.betas)
        for network in (model.discriminator, model.generator)
    ]
    gamma = config.objective.penalty.weight

    def step(images, y) -> list[float]:
        fake = model.decode(torch.randn(len(images), model.latent_dim), y).detach()
        loss = relativistic_loss(model.discriminator(images, y), model.discriminator(fake, y))
        r1 = gradient_penalty(lambda x: model.discriminator(x, y), images)
        r2 = gradient_penalty(lambda x: model.discriminator(x, y), fake)
        optimizers[0].zero_grad()
        (loss + gamma / 2 * (r1 + r2)).backward()
        optimizers[0].step()

        fake = model.decode(torch.randn(len(images), model.latent_dim), y)
        generator_loss = relativistic_loss(model.discriminator(fake, y), model.discriminator(images, y))
        optimizers[1].zero_grad()
        generator_loss.backward()
        optimizers[1].step()
        return [loss.item(), r1.item(), r2.item(), generator_loss.item()]

    return step


def textbook_vae(model, config) -> Callable:
    """A VAE, written plainly."""
    import torch

    optimizer = torch.optim.Adam(model.parameters(), config.optimizer.learning_rate, config.optimizer.betas)
    generator = torch.Generator().manual_seed(0)

    def step(images, y) -> list[float]:
        bound = model.bound(images, y, generator)
        loss = bound.divergence.mean() - bound.log_likelihood.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return [loss.item(), bound.divergence.mean().item(), bound.log_likelihood.mean().item()]

    return step


if __name__ == "__main__":
    sys.exit(main())
