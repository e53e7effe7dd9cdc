"""`python -m playground.training --preset digits-cgan --run-dir runs/my-cgan`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from playground.errors import PlaygroundError
from playground.training.rank import end_with_launcher, tell_launcher

if TYPE_CHECKING:
    from playground.training.config import TrainingConfig


def main(arguments: list[str] | None = None) -> int:
    """Trains as the command line says. Returns the exit code: 0 done or stopped, 2 a clear refusal."""
    end_with_launcher()
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except PlaygroundError as error:
        print(error, file=sys.stderr)
        tell_launcher(error)
        return 2


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m playground.training",
        description="Train a model from a preset; Ctrl-C saves and stops, --resume continues.",
    )
    parser.add_argument("--preset", help="which training; --dry-run without it lists them")
    parser.add_argument("--run-dir", type=Path, help="a new folder for the run, or with --resume an old one")
    parser.add_argument("--data-dir", type=Path, help="where data sets lie (default: PLAYGROUND_DATA, or a cache)")
    parser.add_argument("--name", help="the checkpoint's name (default: the preset's)")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="change one setting")
    parser.add_argument("--resume", action="store_true", help="continue the run in --run-dir with its own config")
    parser.add_argument("--dry-run", action="store_true", help="print the resolved config and stop")
    parser.add_argument("--estimate", action="store_true", help="time a few steps, print what the run would cost, stop")
    return parser


def _run(options: argparse.Namespace) -> int:
    from playground.training.config import preset_names, resolve

    if options.resume and (options.set or options.dry_run or options.estimate):
        raise PlaygroundError(
            "--resume continues with the run's own config: leave --set, --dry-run and --estimate out."
        )
    if options.preset is None and not options.resume:
        raise PlaygroundError(f"Say what to train with --preset: known are {', '.join(preset_names())}.")
    if options.run_dir is None and not (options.dry_run or options.estimate):
        raise PlaygroundError("Say where the run is written with --run-dir, such as --run-dir runs/first.")
    if options.dry_run:
        print(json.dumps(resolve(options.preset, options.set).model_dump(mode="json"), indent=2))
        return 0
    return _estimate(options) if options.estimate else _train(options)


def _estimate(options: argparse.Namespace) -> int:
    """Prints what was measured as JSON, and beside it a sentence for people."""
    from playground.data import load_images
    from playground.data.own import located
    from playground.training.config import resolve
    from playground.training.timing import measure

    config = resolve(options.preset, options.set)
    config = config.model_copy(update={"data": located(config.data)})
    _settle(config)
    found = measure(config, lambda size: load_images(config.data, "train", size, options.data_dir))
    hours, minutes = divmod(round(found.seconds(config) / 60), 60)
    print(found.model_dump_json(indent=2))
    print(
        f"About {hours} h {minutes} min on {found.machine}: {found.images_per_second(config):,.0f} images a second, "
        f"{found.peak_bytes / 1e9:.1f} GB of memory, {found.bytes(config) / 1e6:,.0f} MB on the disk.",
        file=sys.stderr,
    )
    return 0


def _settle(config: TrainingConfig) -> None:
    """Memory and threads as a training has them."""
    import torch

    from playground.training.allocator import keep_large_blocks

    keep_large_blocks()
    if config.num_threads and not torch.cuda.is_available():
        torch.set_num_threads(config.num_threads)


def _train(options: argparse.Namespace) -> int:
    from playground import checkpoints
    from playground.data import load_images
    from playground.data.own import located
    from playground.training.build import build_model, build_step, launched
    from playground.training.config import resolve
    from playground.training.fit import fit_codes
    from playground.training.loop import train
    from playground.training.publish import publish
    from playground.training.run_card import card_of
    from playground.training.run_folder import RunFolder
    from playground.training.snapshot import snapshots_in_words

    if options.resume:
        run = RunFolder.open(options.run_dir)
        config = run.read_config()
        if options.preset not in (None, config.preset):
            raise PlaygroundError(
                f"The run in {options.run_dir} is of preset {config.preset!r}, not {options.preset!r}."
            )
    else:
        config = resolve(options.preset, options.set)
        config = config.model_copy(update={"data": located(config.data)})
        RunFolder.check_free(options.run_dir)

    _settle(config)
    model, data = build_model(config, lambda size: load_images(config.data, "train", size, options.data_dir))
    with launched(config) as fabric:
        step = build_step(model, config)
        if not options.resume and fabric.is_global_zero:
            RunFolder.create(options.run_dir, config)
            print(snapshots_in_words(config), file=sys.stderr)
        fabric.barrier()
        run = RunFolder(options.run_dir)
        averaged, progress, finished = train(fabric, config, data, step, run, options.resume)
    if not fabric.is_global_zero:
        return 0
    if not finished:
        again = f"python -m playground.training --run-dir {shlex.quote(str(options.run_dir))} --resume"
        print(f"Stopped after {progress.images_seen:,} images; continue with: {again}", file=sys.stderr)
        return 0
    step.fit_noise(averaged.model, data, config.seed)
    fit_codes(averaged.model, data, config.seed)
    folder = checkpoints.folders()[0] / (options.name or config.preset)
    model = averaged.model.cpu()
    publish(folder, model, card_of(config, progress, model.config.image_size))
    print(f"The checkpoint is in {folder}.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
