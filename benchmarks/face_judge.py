"""Does the judge of faces order known damage rightly?

    python -m benchmarks.face_judge            # prints the table; needs faces128.zip

Real training faces are damaged in known ways and measured as if they were
samples: 1,512 of them against the 1,512 held-out faces. Every distance must
rise with the strength and stay above the floor. Blur, noise, JPEG, bending and
patches are kinds that the features were taught to see (at strengths of their
own); the others are not.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from jaxtyping import UInt8
from torch import Tensor
from torch.nn import functional

from playground.errors import PlaygroundError
from playground.metrics.damage import bent, blurred, compressed, noisy, patched
from playground.metrics.face_judge import FACES, copying_figures
from playground.metrics.floor import measure_floor
from playground.metrics.judge import Reference
from playground.metrics.reference import real_pictures, training_pictures
from playground.metrics.samples import measure_samples

Pictures = UInt8[Tensor, "n 3 64 64"]
SHOWN = ("frechet_distance", "kernel_distance", "precision", "recall", "high_frequency_ratio")
COPYING = ("near_copies", "copying_score")


@dataclass(frozen=True)
class Damage:
    """One kind of damage at rising strengths.

    Attributes:
        name: what is done, with the unit of its strength.
        strengths: rising.
        do: from the training faces, so many pictures and a strength, the damaged pictures.
        is_taught: whether the features were trained to see it.
    """

    name: str
    strengths: tuple[float, ...]
    do: Callable[[Reference, int, float], Pictures]
    is_taught: bool = False


def _each(damage: Callable[[Pictures, Tensor], Pictures]) -> Callable[[Reference, int, float], Pictures]:
    """The same strength for each of the first pictures."""

    def do(training: Reference, count: int, strength: float) -> Pictures:
        return damage(training.images[:count], torch.full((count,), float(strength)))

    return do


def _seeded() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def _coarse(images: Pictures, strength: Tensor) -> Pictures:
    size = round(images.shape[-1] / strength[0].item())
    small = functional.interpolate(images.float(), (size, size), mode="area")
    return functional.interpolate(small, images.shape[2:], mode="nearest").round().to(torch.uint8)


def _redder(images: Pictures, strength: Tensor) -> Pictures:
    added = strength[0] * torch.tensor([1.0, 0, 0])[:, None, None]
    return (images + added).round().clamp(0, 255).to(torch.uint8)


def _paler(images: Pictures, strength: Tensor) -> Pictures:
    grey = images.float().mean((2, 3), keepdim=True)
    return (images + strength[0] * (grey - images)).round().clamp(0, 255).to(torch.uint8)


def _of_few(training: Reference, count: int, strength: float) -> Pictures:
    """So many pictures in all, of ever fewer different ones."""
    different = training.images[: round(count * (1 - strength))]
    return different.repeat(-(-count // len(different)), 1, 1, 1)[:count]


def _without_the_old(training: Reference, count: int, strength: float) -> Pictures:
    """The oldest so many groups of age are missing."""
    return training.images[training.labels < len(FACES.class_names) - round(strength)][:count]


DAMAGES = (
    Damage("blur, deviation in pixels", (0.5, 1.0, 2.0), _each(blurred), True),
    Damage("noise, deviation in grey levels", (5, 12, 25), _each(lambda x, s: noisy(x, s, _seeded())), True),
    Damage("JPEG, 100 less the quality", (50, 80, 92), _each(compressed), True),
    Damage("bent, pixels", (1.0, 2.0, 4.0), _each(lambda x, s: bent(x, s, _seeded())), True),
    Damage("another's patch, share of the side", (0.15, 0.3, 0.5), _each(lambda x, s: patched(x, s, _seeded())), True),
    Damage("coarse pixels, their size", (2, 4, 8), _each(_coarse)),
    Damage("redder, grey levels", (10, 20, 40), _each(_redder)),
    Damage("less contrast, share", (0.15, 0.3, 0.5), _each(_paler)),
    Damage("groups of age missing, oldest first", (1, 2, 3), _without_the_old),
    Damage("repeated pictures, share", (0.5, 0.8, 0.95), _of_few),
)


def damage_rows(data_dir: Path | None) -> list[tuple[str, str, dict[str, float]]]:
    """The floor, then each damage at each strength: its name, the strength, the figures."""
    held_out, training = real_pictures(FACES, "test", FACES.num_samples, data_dir), training_pictures(FACES, data_dir)
    rows = [("floor: real training faces", "", measure_floor(held_out, data_dir))]
    for damage in DAMAGES:
        for strength in damage.strengths:
            images = damage.do(training, len(held_out), strength)
            title = damage.name + (" (taught)" if damage.is_taught else "")
            rows.append((title, f"{strength:g}", measure_samples(images, None, held_out)))
    return rows


def copying_rows(data_dir: Path | None) -> list[tuple[str, str, dict[str, float]]]:
    """Half of the held-out faces measured against the other half, with ever more training faces among them.

    The copies are mirrored and a little noisy, as a generator's would be.
    """
    held_out, training = real_pictures(FACES, "test", None, data_dir), training_pictures(FACES, data_dir)
    half = len(held_out) // 2
    honest, reference = held_out.images[half:], held_out.part(0, half)
    copies = noisy(training.images[: len(honest)].flip(3), torch.full((len(honest),), 3.0), _seeded())
    rows = []
    for share in (0.0, 0.1, 0.5, 1.0):
        count = round(share * len(honest))
        images = torch.cat([copies[:count], honest[count:]])
        figures = copying_figures(images, reference, training.verdict.features)
        rows.append(("copies of training faces, share", f"{share:g}", figures))
    return rows


def markdown(rows: list[tuple[str, str, dict[str, float]]], names: tuple[str, ...]) -> str:
    """The rows as a table."""
    lines = [["damage", "strength", *(name.replace("_", " ") for name in names)], ["---"] + ["--:"] * (len(names) + 1)]
    lines += [[title, strength, *(f"{figures[name]:.3g}" for name in names)] for title, strength, figures in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser("python -m benchmarks.face_judge", description=__doc__.splitlines()[0])
    parser.add_argument("--data-dir", type=Path, help="folder with faces128.zip (default: PLAYGROUND_DATA)")
    options = parser.parse_args(arguments)
    try:
        print(markdown(damage_rows(options.data_dir), SHOWN), end="\n\n", flush=True)
        print(markdown(copying_rows(options.data_dir), COPYING))
    except PlaygroundError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
