"""Small, fast trainings on the digits that need no download."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
UNGUIDED = ("model.mixture_components=0", "objective={kind='relativistic', saturation_weight=1.0}")
GUIDED = ("model.mixture_components=2", "objective.guide={encoder_channels=[8, 8], share=0.6}")  # of digits-gan
SMALL = {
    "digits-gan": [
        "model.generator_channels=[12, 8]",
        "model.discriminator_channels=[8, 8]",
        "model.latent_dim=6",
        *UNGUIDED,
    ],
    "digits-cgan": ["model.generator_channels=[12, 8]", "model.discriminator_channels=[8, 8]", "model.latent_dim=6"],
    "digits-vae": [
        "model.decoder_channels=[12, 8]",
        "model.encoder_channels=[8, 8]",
        "model.latent_dim=6",
        "model.mixture_components=2",
        "objective.adversary_channels=[8, 8]",
    ],
    "faces-gan": [
        "model.generator_channels=[12, 8]",
        "model.discriminator_channels=[8, 8]",
        "model.latent_dim=6",
        "model.has_fitted_noise=true",
        "objective.guide.encoder_channels=[8, 8]",
    ],
}


def settings(preset: str, **more: object) -> list[str]:
    """`--set` values that make a preset small enough for a test."""
    small = ["data=digits8", "model.image_size=8", "batch_size=16", "average_images=100", *SMALL[preset]]
    return small + [f"{key}={value}" for key, value in more.items()]


def command(preset: str, run_dir: Path, **more: object) -> list[str]:
    """The arguments of a small training."""
    changes = [part for change in settings(preset, **more) for part in ("--set", change)]
    return ["--preset", preset, "--run-dir", str(run_dir), *changes]


def environment(tmp_path: Path) -> dict[str, str]:
    """For a training in a process of its own, with a checkpoint folder of its own."""
    return {
        **os.environ,
        "PLAYGROUND_CHECKPOINTS": str(tmp_path / "checkpoints"),
        "PYTHONPATH": str(REPOSITORY),
        "OMP_NUM_THREADS": "1",
    }


@contextmanager
def started(arguments: list[str], tmp_path: Path, launcher: tuple[str, ...] = ()) -> Iterator[subprocess.Popen[str]]:
    """A training in a process of its own; however the block ends, neither it nor a pipe to it is left."""
    with subprocess.Popen(
        [sys.executable, "-m", *launcher, "playground.training", *arguments],
        cwd=tmp_path,
        env=environment(tmp_path),
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
