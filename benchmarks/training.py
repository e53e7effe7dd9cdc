"""How many images a second our loop trains on, against the textbook loop, on the same networks.

    python -m benchmarks.training                  # on the CPU, one thread each
    python -m benchmarks.training --data mnist --threads 2
    python -m benchmarks.training --data faces

The textbook loop and the dcgan loop are those of `benchmarks.textbook`. Ours is
the loop of `playground.training`, without its reports and snapshots. Each
measurement runs in a process of its own, since the allocator's settings are a
process's; the loops take turns, and the table gives the median. The clock is
the processor time of the whole process: with one thread that is the wall clock
of an idle machine, and other work on the machine does not enter.

Beside a VAE stands what the processor's arithmetic allows: how many images a
second there would be if nothing but multiply-adds took time, and each of them
ran at the peak that a large product of matrices reaches here in bfloat16.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
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
        loops = ["textbook", "ceiling", "ours"] if preset.endswith("vae") else ["textbook", "dcgan", "ours"]
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

    from benchmarks.ceiling import ceiling
    from benchmarks.textbook import textbook_steps
    from playground.data import load_images
    from playground.training.build import build_model
    from playground.training.config import resolve

    torch.set_num_threads(options.threads)
    config = resolve(preset, [f"data={options.data}", *presets(options.data)[preset]])
    model, data = build_model(config, lambda size: load_images(config.data, "train", size, options.data_dir))
    if loop == "ceiling":
        return ceiling(model)
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


if __name__ == "__main__":
    sys.exit(main())
