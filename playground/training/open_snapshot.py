"""`python -m playground.training.open_snapshot --run-dir runs/mine --images-seen 20000 --to checkpoints/mine`.

A snapshot has weights and no more. What every page can open has codes with a
fitted prior and principal directions, too; the end of a training makes them,
and this makes them for a model on the way.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.command import command
from playground.errors import PlaygroundError

# An opened snapshot is looked at now: so fewer than at the end of a training, where nobody waits.
MIN_PICTURES = 6_000  # whose codes the prior is fitted to; more where there are many classes
NUM_CODES = 20  # at which the principal directions are measured: a multiple of ten classes


@command
def main(arguments: Sequence[str] | None) -> None:
    """Prints the new checkpoint's name."""
    parser = argparse.ArgumentParser(
        prog="python -m playground.training.open_snapshot", description="Make a run's snapshot fit for every page."
    )
    parser.add_argument("--run-dir", type=Path, required=True, help="the run's folder, finished or in training")
    parser.add_argument("--images-seen", type=int, required=True, help="which snapshot")
    parser.add_argument("--data-dir", type=Path, help="where data sets lie (default: PLAYGROUND_DATA, or a cache)")
    parser.add_argument("--to", type=Path, required=True, help="the new checkpoint folder; its name is the name")
    options = parser.parse_args(arguments)
    open_snapshot(options.run_dir, options.images_seen, options.data_dir, options.to)
    print(options.to.name)


def open_snapshot(run_dir: Path, images_seen: int, data_dir: Path | None, folder: Path) -> None:
    """Writes a snapshot as a checkpoint with a fitted prior, principal directions and a picture.

    Args:
        run_dir: of the run.
        images_seen: which of its snapshots.
        data_dir: where data sets lie; None as in `load_images`.
        folder: of the checkpoint; its name is the checkpoint's.

    Raises `PlaygroundError` where there is no such snapshot, it is damaged, or the folder cannot be written.
    """
    from playground import checkpoints
    from playground.data import ImageSet, load_images
    from playground.latents.principal import principal_directions
    from playground.models import Capability
    from playground.training.fit import fit_prior
    from playground.training.publish import publish
    from playground.training.run_folder import RunFolder

    run = RunFolder.open(run_dir)
    config = run.read_config()
    source = run.snapshots_there().get(images_seen)
    if source is None:
        known = ", ".join(f"{number:,}" for number in list(run.snapshots_there())[-5:]) or "none"
        raise PlaygroundError(f"{run_dir.name} has no snapshot at {images_seen:,} images: its last are {known}.")
    snapshot = checkpoints.load(source)
    model, card = snapshot.model, snapshot.card
    if Capability.ENCODE in model.capabilities:
        data = load_images(config.data, "train", model.config.image_size, data_dir)
        count = max(MIN_PICTURES, 20 * model.latent_dim * max(1, len(model.class_names)))
        part = ImageSet(data.images[:count], data.labels[:count], data.class_names)
        fit_prior(model, part if model.class_names else part.unlabelled(), config.seed)
        weakness = f"Taken on the way; its codes are fitted to those of {len(part):,} pictures only."
    else:
        weakness = "Taken on the way."
    model.take_principal(*principal_directions(model, range(NUM_CODES)))
    publish(folder, model, card.model_copy(update={"weaknesses": [weakness, *card.weaknesses]}))


if __name__ == "__main__":
    sys.exit(main())
