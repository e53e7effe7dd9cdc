"""The command line: `python -m playground.metrics NAME...` or `python -m playground.metrics --table`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from playground import checkpoints
from playground.errors import PlaygroundError
from playground.metrics.floor import asked_classes, measure_floor
from playground.metrics.measure import check_draws_digits, measure
from playground.metrics.reference import real_digits
from playground.metrics.table import quality_table

MIN_SAMPLES = 100


def measure_and_keep(names: Sequence[str], num_samples: int, data_dir: Path | None) -> None:
    """Measures checkpoints by name or path, prints each with the floor, and writes the figures into their cards.

    Raises `PlaygroundError` before anything is measured when a checkpoint or
    the data is missing or does not fit.
    """
    if num_samples < MIN_SAMPLES:
        raise PlaygroundError(f"{num_samples} samples are too few to measure anything: take at least {MIN_SAMPLES}.")
    found = [checkpoints.load(name) for name in names]
    for checkpoint in found:
        check_draws_digits(checkpoint.model)
    held_out = real_digits("test", num_samples, data_dir)
    labels = asked_classes(num_samples, data_dir)
    floor = measure_floor(held_out, data_dir)
    for checkpoint in found:
        figures = measure(checkpoint.model, labels, held_out)
        quality = with_floor(figures, floor) | {"num_samples": float(num_samples)}
        checkpoints.write_card(checkpoint.path, checkpoint.card.model_copy(update={"quality": quality}))
        print(report(checkpoint.name, figures, floor), flush=True)


def with_floor(figures: Mapping[str, float], floor: Mapping[str, float]) -> dict[str, float]:
    """The figures, and the floor of each that has one under its name with `_floor`; six digits are kept."""
    floors = {f"{name}_floor": floor[name] for name in figures if name in floor}
    return {name: float(f"{value:.6g}") for name, value in {**figures, **floors}.items()}


def report(name: str, figures: Mapping[str, float], floor: Mapping[str, float]) -> str:
    """The figures of one checkpoint as lines of text, the floor beside them."""
    lines = [f"{name:28}{'measured':>12}{'floor':>12}{'ratio':>8}"]
    for key, value in figures.items():
        is_distance = key.startswith(("frechet_distance", "reconstruction_distance"))
        beside = floor["frechet_distance"] if is_distance else floor.get(key.removesuffix("_normal"))
        line = f"{key.replace('_', ' '):28}{value:12.4f}" + ("" if beside is None else f"{beside:12.4f}")
        lines.append(line + (f"{value / beside:8.1f}" if is_distance and beside else ""))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(
        "python -m playground.metrics",
        description="Measures checkpoints of digits and writes the figures into their cards.",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="a checkpoint's name, or the path of its folder")
    parser.add_argument("--table", action="store_true", help="print the README's tables from all cards")
    parser.add_argument("--data-dir", type=Path, help="folder with MNIST (default: PLAYGROUND_DATA, else downloaded)")
    parser.add_argument("--num-samples", type=int, default=10_000, help="how many to draw (default: 10000)")
    options = parser.parse_args(arguments)
    if bool(options.names) == options.table:
        parser.error("name at least one checkpoint, or ask for --table")
    try:
        if options.table:
            print(quality_table())
        else:
            measure_and_keep(options.names, options.num_samples, options.data_dir)
    except PlaygroundError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
