"""The command line: `python -m playground sample | list | info`."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from playground import checkpoints, export
from playground.command import command
from playground.errors import PlaygroundError
from playground.recipe import check_seed
from playground.render import load

MAX_SAMPLES = 100_000


def parse_seeds(text: str) -> list[int]:
    """Seeds from text such as `7`, `0-63` or `1,5,100-131`; at most 100,000."""
    seeds: list[int] = []
    for part in text.split(","):
        ends = re.fullmatch(r"\s*(\d+)\s*-\s*(\d+)\s*", part)
        if ends is None:
            seeds.append(check_seed(part.strip()))
            continue
        first, last = check_seed(ends[1]), check_seed(ends[2])
        if last < first:
            raise PlaygroundError(f"The range {part.strip()} runs backwards: write the smaller seed first.")
        if last - first >= MAX_SAMPLES:
            raise PlaygroundError(f"The range {part.strip()} holds more than {MAX_SAMPLES:,} seeds: ask for fewer.")
        seeds.extend(range(first, last + 1))
    if len(seeds) > MAX_SAMPLES:
        raise PlaygroundError(f"These are {len(seeds):,} seeds: at most {MAX_SAMPLES:,} go into one call.")
    return seeds


def parse_classes(text: str) -> dict[str, float]:
    """Class weights from text such as `3` or `3:0.5,8:0.5`."""
    weights: dict[str, float] = {}
    for part in text.split(","):
        name, _, weight = part.strip().rpartition(":") if ":" in part else (part.strip(), "", "1")
        try:
            weights[name] = float(weight)
        except ValueError:
            raise PlaygroundError(
                f"{part.strip()!r} is no class with a weight: write for example 3:0.5,8:0.5."
            ) from None
    return weights


def sample(arguments: argparse.Namespace) -> None:
    model = load(arguments.model)
    seeds = parse_seeds(arguments.seeds)
    classes = parse_classes(arguments.classes) if arguments.classes is not None else None
    recipes = model.recipes(seeds, classes, arguments.psi, arguments.prior)
    written = export.write(Path(arguments.out), model, recipes)
    print(f"{len(recipes)} pictures of {model.name} are in {written}")


def list_checkpoints(arguments: argparse.Namespace) -> None:
    for name in checkpoints.names():
        try:
            found = checkpoints.describe(name)
            print(f"{name:24} {found.family:14} {found.num_bytes / 1e6:5.1f} MB  {found.card.title}")
        except PlaygroundError as error:
            print(f"{name:24} unusable: {error}")


def info(arguments: argparse.Namespace) -> None:
    found = checkpoints.describe(arguments.model)
    print(found.card.to_markdown())
    print(f"Family       {found.family}")
    print(f"Fingerprint  {found.fingerprint}")
    print(f"File         {found.path / checkpoints.WEIGHTS} ({found.num_bytes:,} bytes)")
    print(f"Config       {json.dumps(found.config)}")


def build_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m playground", description="Play generative image models.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    one = commands.add_parser("sample", help="make pictures from seeds")
    one.add_argument("model", help="a checkpoint's name, or the path of its folder")
    one.add_argument("--seeds", default="0-63", help="such as 7, 0-63 or 1,5,100-131 (default: 0-63)")
    one.add_argument("--class", dest="classes", help="a class, or a blend such as 3:0.5,8:0.5 (default: all in turn)")
    one.add_argument("--psi", type=float, default=1.0, help="truncation: 1 is none, 0 the centre (default: 1)")
    one.add_argument(
        "--prior", choices=["fitted", "normal"], default="fitted", help="what seeds are drawn from (default: fitted)"
    )
    one.add_argument("--out", required=True, help="a .png (one picture or a grid), an .npz, or a folder of PNGs")
    one.set_defaults(run=sample)

    every = commands.add_parser("list", help="all checkpoints")
    every.set_defaults(run=list_checkpoints)

    about = commands.add_parser("info", help="a checkpoint's card and config")
    about.add_argument("model", help="a checkpoint's name, or the path of its folder")
    about.set_defaults(run=info)
    return parser


@command
def main(argv: Sequence[str] | None) -> None:
    """Run one command."""
    arguments = build_parser().parse_args(argv)
    arguments.run(arguments)


if __name__ == "__main__":
    sys.exit(main())
