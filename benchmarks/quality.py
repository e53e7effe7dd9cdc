"""How good, and how fast to get there: the classic tutorials and ours on one measure.

    python -m benchmarks.quality train conditional-gan       # trains one of the classics, a thread, minutes
    python -m benchmarks.quality measure conditional-gan     # measures what that training left on its way
    python -m benchmarks.quality floor                       # measures real digits
    python -m benchmarks.quality run digits-cgan runs/x      # measures the snapshots of one of our runs
    python -m benchmarks.quality table                       # sets them side by side: CPU-seconds, and images

The classics are in `benchmarks/tutorials`. Both kinds are timed in CPU-seconds
of their own process on one thread, measuring excluded, and measured with
`playground.metrics` on the same held-out pictures. What is found is kept
in `benchmarks/results/quality.json`, from which
`python -m playground.metrics --table` makes the README's tables.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks.race import Found, by_subject, images_table, measure_run, measure_tutorial, race_table, rounded
from benchmarks.tutorials.training import TUTORIALS, train_tutorial
from playground import checkpoints
from playground.command import command
from playground.metrics.choosing import judge_of
from playground.metrics.digit_judge import DIGITS
from playground.metrics.face_judge import FACES
from playground.metrics.floor import asked_classes, measure_floor
from playground.metrics.reference import real_pictures

RESULTS = Path(__file__).parent / "results" / "quality.json"
HOW = {
    "tutorials": "python -m benchmarks.quality train NAME: one thread, float32, seed 0, CPU-seconds of the process "
    "without sampling and measuring, on two CPU cores that other work shared",
    "runs": "python -m benchmarks.quality run NAME RUN_DIR: CPU-seconds by each snapshot's card, same machine",
    "measure": f"{DIGITS.num_samples} pictures against the {DIGITS.num_samples} held-out digits of MNIST, "
    f"{FACES.num_samples} against the {FACES.num_samples} held-out faces",
}


def measure_classic(name: str, run_dir: Path, data_dir: Path | None) -> None:
    """Measures the run of a tutorial, and keeps the figures."""
    judge = TUTORIALS[name].judge
    held_out = real_pictures(judge, "test", judge.num_samples, data_dir)
    found = measure_tutorial(name, run_dir, asked_classes(judge, judge.num_samples, data_dir), held_out)
    keep({"tutorials": read().get("tutorials", {}) | {name: found}})
    print(name, json.dumps(found, indent=1), flush=True)


def measure_real(data_dir: Path | None) -> None:
    """Measures the floor of digits, and keeps the figures; that of faces stands in each card."""
    floor = measure_floor(real_pictures(DIGITS, "test", DIGITS.num_samples, data_dir), data_dir)
    keep({"how": HOW, "floor": {key: rounded(value) for key, value in floor.items()}})


def measure_ours(name: str, run_dir: Path, data_dir: Path | None) -> None:
    """Measures the snapshots of the run that made the checkpoint `name`, and keeps the figures."""
    judge = judge_of(checkpoints.load(name))
    held_out = real_pictures(judge, "test", judge.num_samples, data_dir)
    found = measure_run(name, run_dir, asked_classes(judge, judge.num_samples, data_dir), held_out)
    keep({"runs": read().get("runs", {}) | {name: found}})


def keep(found: Found) -> None:
    """Puts what was found into the results; beside the file, then into place."""
    RESULTS.parent.mkdir(exist_ok=True)
    part = RESULTS.with_suffix(".part")
    part.write_text(json.dumps(read() | found, indent=1) + "\n", "utf-8")
    os.replace(part, RESULTS)


def read() -> Found:
    """The results so far; empty where there are none."""
    return json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}


@command
def main(arguments: Sequence[str] | None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser("python -m benchmarks.quality", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, help="folder with MNIST (default: PLAYGROUND_DATA, else downloaded)")
    parser.add_argument("--runs", type=Path, default=Path("runs/tutorials"), help="the tutorials' runs: RUNS/NAME")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("train", help="train one of the classics").add_argument("name", choices=TUTORIALS)
    commands.add_parser("measure", help="measure one of the classics").add_argument("name", choices=TUTORIALS)
    commands.add_parser("floor", help="measure real digits")
    run = commands.add_parser("run", help="measure the snapshots of one of our runs")
    run.add_argument("name", help="the checkpoint that the run made")
    run.add_argument("run_dir", type=Path)
    commands.add_parser("table", help="print CPU-seconds to the same distance, and distances after as many images")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    match options.command:
        case "train":
            train_tutorial(options.name, options.runs / options.name, options.data_dir)
        case "measure":
            measure_classic(options.name, options.runs / options.name, options.data_dir)
        case "floor":
            measure_real(options.data_dir)
        case "run":
            measure_ours(options.name, options.run_dir, options.data_dir)
        case "table":
            parts = [part for part in by_subject(read()) if part["tutorials"]]
            print("\n\n".join(table(part) for part in parts for table in (race_table, images_table)))


if __name__ == "__main__":
    sys.exit(main())
