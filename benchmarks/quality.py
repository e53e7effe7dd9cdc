"""How good, and how fast to get there: the classic tutorials and ours on one measure.

    python -m benchmarks.quality tutorial conditional-gan    # trains and measures one of the classics
    python -m benchmarks.quality run digits-cgan runs/x      # measures the snapshots of one of our runs
    python -m benchmarks.quality table                       # prints what was found, ours beside theirs

The classics are in `benchmarks/tutorials`. Both kinds are timed in CPU-seconds
of their own process, measuring excluded, and measured with `playground.metrics`
on the same 10,000 held-out digits. What is found is kept in
`benchmarks/results/quality.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

import torch

from benchmarks.tutorials.training import TUTORIALS, train_tutorial
from playground.errors import PlaygroundError

RESULTS = Path(__file__).parent / "results" / "quality.json"


def keep(kind: str, name: str, found: dict[str, Any]) -> None:
    """Puts what was found under `kind` and `name` into the results, with how it was run."""
    results = read()
    how = {
        "command": f"python -m benchmarks.quality {kind} {name}",
        "num_threads": torch.get_num_threads(),
        "torch": torch.__version__,
        "machine": f"{os.cpu_count()} shared {platform.machine()} cores, no GPU",
    }
    results.setdefault(kind, {})[name] = found | {"how": how}
    RESULTS.parent.mkdir(exist_ok=True)
    part = RESULTS.with_suffix(".part")
    part.write_text(json.dumps(results, indent=1) + "\n")
    os.replace(part, RESULTS)


def read() -> dict[str, Any]:
    """The results so far; empty where there are none."""
    return json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser("python -m benchmarks.quality", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, help="folder with MNIST (default: PLAYGROUND_DATA, else downloaded)")
    commands = parser.add_subparsers(dest="command", required=True)
    tutorial = commands.add_parser("train", help="train one of the classics")
    tutorial.add_argument("name", choices=TUTORIALS)
    tutorial.add_argument("--runs", type=Path, default=Path("runs/tutorials"), help="its pictures go to RUNS/NAME")
    options = parser.parse_args(arguments)
    try:
        train_tutorial(options.name, options.runs / options.name, options.data_dir)
    except PlaygroundError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
