"""How many images a second our loop trains on, against the textbook loop, on the same networks.

    python -m benchmarks.training                  # on the CPU, one thread each
    python -m benchmarks.training --data mnist --threads 2
    python -m benchmarks.training --data faces

The textbook loop is what tutorials show: a DataLoader over PIL pictures with
transforms, float32, plain Adam, `.item()` on each loss at each step, and R1 and
R2 by exact double differentiation where the objective has them. The dcgan loop
is the same with the objective of the DCGAN tutorial, which has neither penalty
nor augmentation and so does less for each picture. Ours is the loop of
`playground.training`, without its reports and snapshots. Each measurement runs
in a process of its own, since the allocator's settings are a process's; the
loops take turns, and the table gives the median. The clock
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
from functools import partial
from pathlib import Path

# As in a tutorial: no adversary beside a VAE, no encoder beside a generator.
PLAIN_VAE = ["objective.adversary_weight=0.0"]
UNGUIDED_DIGITS = [
    "model.mixture_components=0",
    'objective={ kind = "relativistic", saturation_weight = 1.0, penalty = { share = 0.5 } }',
]
UNGUIDED_FACES = [
    "model.has_fitted_noise=false",
    'objective={ kind = "relativistic", penalty = { sigma = 0.03 }, augmentation = { mirror = true } }',
]
DIGITS = {"digits-gan": UNGUIDED_DIGITS, "digits-cgan": [], "digits-vae": PLAIN_VAE}
FACES = {"faces-gan": UNGUIDED_FACES, "faces-cgan": [], "faces-vae": PLAIN_VAE}
NUM_WARM_UP_STEPS = 5


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="digits8", help="digits8 (default; no download), mnist or faces")
    parser.add_argument("--data-dir", type=Path, help="where data sets lie")
    parser.add_argument("--threads", type=int, default=1, help="of torch, for both loops (default: 1)")
    parser.add_argument("--seconds", type=float, default=10.0, help="of each measurement (default: 10)")
    parser.add_argument("--repeats", type=int, default=3, help="of each measurement (default: 3)")
    parser.add_argument("--one", nargs=2, metavar=("LOOP", "PRESET"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(measure(*options.one, options))
        return 0

    print(f"Images a CPU-second, {options.threads} thread(s); in brackets, how many times as many ours are")
    for preset in presets(options.data):
        loops = ["textbook", "ours"] if preset.endswith("vae") else ["textbook", "dcgan", "ours"]
        speeds: dict[str, list[float]] = {loop: [] for loop in loops}
        for _, loop in itertools.product(range(options.repeats), loops):
            speeds[loop].append(in_own_process(loop, preset))
        median = {loop: statistics.median(found) for loop, found in speeds.items()}
        rivals = [f"{loop} {median[loop]:.1f} ({median['ours'] / median[loop]:.2f})" for loop in loops[:-1]]
        print(f"{preset:<12} ours {median['ours']:.1f}, {', '.join(rivals)}", flush=True)
    return 0


def presets(data: str) -> dict[str, list[str]]:
    """The presets to measure on a data set, each with its changes."""
    return FACES if data == "faces" else DIGITS


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
    config = resolve(preset, [f"data={options.data}", *presets(options.data)[preset]])
    model, data = build_model(config, lambda size: load_images(config.data, "train", size, options.data_dir))
    steps = our_steps(model, data, config) if loop == "ours" else textbook_steps(model, data, config, loop)
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


def textbook_steps(model, data, config, objective: str) -> Iterator[None]:
    """The tutorials' loop, one step each time, with the model's own objective or that of the DCGAN tutorial."""
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
            return self.transform(Image.fromarray(data.images[index].permute(1, 2, 0).squeeze(2).numpy())), int(
                data.labels[index]
            )

    def batches():
        while True:
            yield from DataLoader(Pictures(), config.batch_size, shuffle=True, drop_last=True)

    if hasattr(model, "bound"):
        step = textbook_vae(model, config)
    else:
        step = {"textbook": textbook_gan, "dcgan": dcgan}[objective](model, config)
    for images, labels in batches():
        y = torch.nn.functional.one_hot(labels, len(data.class_names)).float() if data.class_names else None
        step(images, y)
        yield


def textbook_gan(model, config) -> Callable:
    """A relativistic GAN with exact R1 and R2, written plainly."""
    import torch

    from playground.training.augmentation import augment
    from playground.training.losses import gradient_penalty, relativistic_loss

    optimizers = optimizers_of(model, config)
    gamma, augmentation = config.objective.penalty.weight, config.objective.augmentation
    noise = torch.Generator().manual_seed(0)

    def seen(images):
        return images if augmentation is None else augment(images, augmentation, noise)

    def judge(images, y):
        return model.discriminator(images) if y is None else model.discriminator(images, y)

    def step(images, y) -> list[float]:
        real, fake = seen(images), seen(drawn(model, len(images), y, noise).detach())
        loss = relativistic_loss(judge(real, y), judge(fake, y))
        r1 = gradient_penalty(lambda x: judge(x, y), real)
        r2 = gradient_penalty(lambda x: judge(x, y), fake)
        optimizers[0].zero_grad()
        (loss + gamma / 2 * (r1 + r2)).backward()
        optimizers[0].step()

        fake = seen(drawn(model, len(images), y, noise))
        generator_loss = relativistic_loss(judge(fake, y), judge(seen(images), y))
        optimizers[1].zero_grad()
        generator_loss.backward()
        optimizers[1].step()
        return [loss.item(), r1.item(), r2.item(), generator_loss.item()]

    return step


def dcgan(model, config) -> Callable:
    """The objective of the DCGAN tutorial: binary cross-entropy, real pictures and generated ones in turn."""
    import torch
    from torch.nn.functional import binary_cross_entropy_with_logits

    optimizers = optimizers_of(model, config)
    noise = torch.Generator().manual_seed(0)

    def judged(images, y, wanted: float):
        logits = model.discriminator(images) if y is None else model.discriminator(images, y)
        return binary_cross_entropy_with_logits(logits, torch.full_like(logits, wanted))

    def step(images, y) -> list[float]:
        fake = drawn(model, len(images), y, noise)
        optimizers[0].zero_grad()
        losses = [judged(images, y, 1.0), judged(fake.detach(), y, 0.0)]
        for loss in losses:
            loss.backward()
        optimizers[0].step()

        generator_loss = judged(fake, y, 1.0)
        optimizers[1].zero_grad()
        generator_loss.backward()
        optimizers[1].step()
        return [*(loss.item() for loss in losses), generator_loss.item()]

    return step


def optimizers_of(model, config) -> list:
    """Plain Adam for the discriminator, and for the generator."""
    import torch

    return [
        torch.optim.Adam(network.parameters(), config.optimizer.learning_rate, config.optimizer.betas)
        for network in (model.discriminator, model.trained_generator())
    ]


def drawn(model, count: int, y, noise):
    """Pictures of codes as the model is trained on."""
    from playground.models.blocks import squash

    codes = model.training_codes(count, partial(model.noise.sample, generator=noise), noise)
    return squash(model.levels(codes, y))


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
