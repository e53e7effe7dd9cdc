"""The command line: `python -m playground.metrics NAME...` or `python -m playground.metrics --table`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from playground import checkpoints
from playground.checkpoints import Checkpoint
from playground.command import command
from playground.errors import PlaygroundError
from playground.metrics.choosing import JUDGES, judge_of
from playground.metrics.floor import asked_classes, measure_floor
from playground.metrics.inception import inception_distance, load_inception
from playground.metrics.judge import Judge
from playground.metrics.measure import draw, measure
from playground.metrics.neighbours import write_neighbours
from playground.metrics.reference import real_pictures, training_pictures
from playground.metrics.table import quality_table

MIN_SAMPLES = 100


def measure_and_keep(names: Sequence[str], num_samples: int | None, data_dir: Path | None) -> None:
    """Measures checkpoints by name or path, prints each with the floor, and writes the figures into their cards.

    Without `num_samples` each judge takes as many as it is used to. Raises
    `PlaygroundError` before anything is measured when a checkpoint or the data
    is missing or does not fit.
    """
    if num_samples is not None and num_samples < MIN_SAMPLES:
        raise PlaygroundError(f"{num_samples} samples are too few to measure anything: take at least {MIN_SAMPLES}.")
    judged = [(checkpoint, judge_of(checkpoint)) for checkpoint in map(checkpoints.load, names)]
    counts = {judge: num_samples or judge.num_samples for _, judge in judged}
    held_out = {judge: real_pictures(judge, "test", count, data_dir) for judge, count in counts.items()}
    for judge, count in counts.items():
        labels = asked_classes(judge, count, data_dir)
        floor = measure_floor(held_out[judge], data_dir)
        for checkpoint in [found for found, its_judge in judged if its_judge is judge]:
            figures = measure(checkpoint.model, labels, held_out[judge], data_dir)
            quality = with_floor(figures, floor) | {"num_samples": float(count)}
            checkpoints.write_card(checkpoint.path, checkpoint.card.model_copy(update={"quality": quality}))
            print(report(checkpoint.name, figures, floor), flush=True)


def with_floor(figures: Mapping[str, float], floor: Mapping[str, float]) -> dict[str, float]:
    """The figures, and the floor of each that has one under its name with `_floor`; six digits are kept."""
    floors = {f"{name}_floor": floor[name] for name in figures if name in floor}
    return {name: float(f"{value:.6g}") for name, value in {**figures, **floors}.items()}


def report(name: str, figures: Mapping[str, float], floor: Mapping[str, float]) -> str:
    """The figures of one checkpoint as lines of text, the floor beside them."""
    lines = [f"{name:34}{'measured':>12}{'floor':>12}{'ratio':>8}"]
    for key, value in figures.items():
        is_distance = key.startswith(("frechet_distance", "reconstruction_distance"))
        beside = floor["frechet_distance"] if is_distance else floor.get(key.removesuffix("_normal"))
        line = f"{key.replace('_', ' '):34}{value:12.6g}" + ("" if beside is None else f"{beside:12.6g}")
        lines.append(line + (f"{value / beside:8.1f}" if is_distance and beside else ""))
    return "\n".join(lines)


def print_standard_distance(name: str, weights: Path, num_samples: int | None, data_dir: Path | None) -> None:
    """Prints the standard FID of a checkpoint's samples to all its training pictures, as the field does."""
    load_inception(weights)  # says what is missing before anything is drawn
    found, judge = _only(name)
    count = num_samples or judge.num_samples
    training = training_pictures(judge, data_dir).images
    samples = judge.at_own_size(draw(found.model, found.model.prior, asked_classes(judge, count, data_dir)))
    distance = inception_distance(samples, training, weights)
    print(f"{found.name}: FID {distance:.2f}, {count:,} samples against {len(training):,} training pictures")


def _only(name: str) -> tuple[Checkpoint, Judge]:
    found = checkpoints.load(name)
    return found, judge_of(found)


def parser() -> argparse.ArgumentParser:
    """The arguments."""
    subjects = " and ".join(judge.subject for judge in JUDGES)
    usual = ", ".join(f"{judge.num_samples} {judge.subject}" for judge in JUDGES)
    made = argparse.ArgumentParser(
        "python -m playground.metrics",
        description=f"Measures checkpoints of {subjects} and writes the figures into their cards.",
    )
    made.add_argument("names", nargs="*", metavar="NAME", help="a checkpoint's name, or the path of its folder")
    made.add_argument("--table", action="store_true", help="print the README's tables from all cards")
    made.add_argument("--data-dir", type=Path, help="folder with the data (default: PLAYGROUND_DATA)")
    made.add_argument("--num-samples", type=int, help=f"how many to draw (default: {usual})")
    made.add_argument(
        "--neighbours",
        type=Path,
        metavar="FILE.png",
        help="write a sheet of samples with their nearest training pictures instead of measuring",
    )
    made.add_argument(
        "--inception",
        type=Path,
        metavar="WEIGHTS",
        help="print the standard FID instead of measuring; needs torch-fidelity and its file of weights",
    )
    return made


@command
def main(arguments: Sequence[str] | None) -> None:
    """The command line."""
    made = parser()
    options = made.parse_args(arguments)
    if bool(options.names) == options.table:
        made.error("name at least one checkpoint, or ask for --table")
    if (options.neighbours or options.inception) and len(options.names) != 1:
        made.error("--neighbours and --inception take one checkpoint")
    if options.table:
        print(quality_table())
    elif options.neighbours:
        found, judge = _only(options.names[0])
        write_neighbours(found.model, judge, options.neighbours, options.data_dir)
    elif options.inception:
        print_standard_distance(options.names[0], options.inception, options.num_samples, options.data_dir)
    else:
        measure_and_keep(options.names, options.num_samples, options.data_dir)


if __name__ == "__main__":
    sys.exit(main())
