"""From a folder or a ZIP of pictures to one uint8 tensor, once: the next time it is read from the cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from playground.data.attributes import read_attributes
from playground.data.classes import Classes
from playground.data.decoding import Decoded, decode, quiet_pictures
from playground.data.folder_source import FolderSource
from playground.data.held_out import held_out
from playground.data.image_set import ImageSet
from playground.data.prepared import Prepared, Shelf
from playground.data.report import Report
from playground.data.source import Entry, Skipped, Source, UnreadableError, shown
from playground.data.zip_source import ZipSource
from playground.errors import PlaygroundError

MIN_IMAGE_SIZE, MAX_IMAGE_SIZE = 4, 1024  # what models can have
MAX_TENSOR_BYTES = 24_000_000_000


def prepare(path: Path, image_size: int, on_progress: Callable[[int, int], None] | None = None) -> Prepared:
    """The pictures of a folder or a ZIP, upright, their middle squares scaled to one size.

    Sub-folders are the classes. They are decoded by all cores and kept in the
    cache; the same content at the same size is read from there afterwards. Files
    that cannot be used are skipped and reported.

    Args:
        path: of the folder or the ZIP.
        image_size: height and width in pixels, 4 to 1024.
        on_progress: called with the number of files that are done and of all, in the caller's thread.

    Raises `PlaygroundError` where there is no such path, nothing in it that can be
    used, a class without a picture, or something that looks like an attack.
    """
    if not MIN_IMAGE_SIZE <= image_size <= MAX_IMAGE_SIZE:
        raise PlaygroundError(
            f"Pictures cannot be scaled to {image_size} pixels: choose from {MIN_IMAGE_SIZE} to {MAX_IMAGE_SIZE}."
        )
    with open_source(path) as source:
        shelf = Shelf(source.fingerprint, image_size)
        prepared = shelf.load()
        if prepared is None:
            prepared = _prepare(source, shown(path), image_size, on_progress)
            shelf.keep(prepared)
    report = prepared.report.model_copy(update={"name": shown(path)})  # a copy may have another name
    return replace(prepared, report=report)


def open_source(path: Path) -> Source:
    """The folder or the ZIP at a path, listed. Raises `PlaygroundError` where there is neither."""
    if path.is_dir():
        return FolderSource(path)
    if path.is_file():
        return ZipSource(path)
    raise PlaygroundError(f"There is no folder and no ZIP at {path}: put it back, or name another.")


def _prepare(source: Source, name: str, image_size: int, on_progress: Callable[[int, int], None] | None) -> Prepared:
    classes = Classes.of(source.listing)
    chosen, skipped = _chosen(source, classes)
    _check_memory(len(chosen), image_size)
    pixels = np.empty((len(chosen), 3, image_size, image_size), np.uint8)
    kept: list[tuple[Entry, int]] = []
    shapes: list[tuple[int, int]] = []
    checksums: list[int] = []
    num_grey = 0
    with closing(_decoded(source, chosen, image_size)) as results:  # the threads end with it, whatever happens here
        for number, decoded in enumerate(results):
            if isinstance(decoded, Decoded):
                pixels[len(kept)] = decoded.pixels.transpose(2, 0, 1)
                kept.append(chosen[number])
                shapes.append((decoded.width, decoded.height))
                checksums.append(decoded.checksum)
                num_grey += decoded.is_grey
            else:
                skipped.append(decoded)
            if on_progress:
                on_progress(number + 1, len(chosen))
    labels = torch.tensor([label for _, label in kept], dtype=torch.int64)
    counts = _counts(classes, labels, name, skipped)
    pixels = pixels[: len(kept)]
    if num_grey == len(kept):
        pixels = np.ascontiguousarray(pixels[:, :1])
    attributes = read_attributes(source, [picture for picture, _ in kept], classes.prefix)
    kept_back = held_out(torch.tensor(checksums), labels)
    shapes.sort(key=lambda shape: shape[0] * shape[1])
    report = Report(
        name=name,
        fingerprint=source.fingerprint,
        image_size=image_size,
        num_images=len(kept),
        num_grey=num_grey,
        num_held_out=int(kept_back.sum()),
        counts=counts,
        smallest=shapes[0],
        median=shapes[len(shapes) // 2],
        largest=shapes[-1],
        num_enlarged=sum(min(shape) < image_size for shape in shapes),
        skipped=tuple(sorted(skipped, key=lambda file: file.path)),
        attributes=attributes.names,
        attribute_warnings=attributes.warnings,
    )
    return Prepared(ImageSet(torch.from_numpy(pixels), labels, classes.names), attributes.values, kept_back, report)


def _chosen(source: Source, classes: Classes) -> tuple[list[tuple[Entry, int]], list[Skipped]]:
    """The files to decode, each with its class, in the order of their names; and those that are skipped so far."""
    skipped = list(source.listing.skipped)
    chosen = []
    for picture in sorted(source.listing.pictures, key=lambda picture: picture.path):
        label = classes.label(picture)
        if label is None:
            skipped.append(Skipped(path=picture.path, reason="lies beside the class folders, so it has no class"))
        else:
            chosen.append((picture, label))
    return chosen, skipped


def _check_memory(num_images: int, image_size: int) -> None:
    """Raises `PlaygroundError` where the tensor would be too large."""
    num_bytes = 3 * image_size**2 * num_images
    if num_bytes > MAX_TENSOR_BYTES:
        raise PlaygroundError(
            f"{num_images:,} pictures of {image_size} pixels take {num_bytes / 1e9:,.0f} GB of memory: "
            f"{MAX_TENSOR_BYTES / 1e9:.0f} are the bound, so choose a smaller size or fewer pictures."
        )


def _decoded(
    source: Source, chosen: Sequence[tuple[Entry, int]], image_size: int
) -> Generator[Decoded | Skipped, None, None]:
    """The chosen files, decoded by all cores, in their order."""

    def one(picked: tuple[Entry, int]) -> Decoded | Skipped:
        try:
            return decode(source.read(picked[0]), image_size)
        except UnreadableError as reason:
            return Skipped(path=picked[0].path, reason=str(reason))

    pool = ThreadPoolExecutor(os.cpu_count())  # Pillow decodes and scales without the interpreter's lock
    try:
        with quiet_pictures():
            yield from pool.map(one, chosen)
    finally:
        pool.shutdown(cancel_futures=True)


def _counts(classes: Classes, labels: torch.Tensor, name: str, skipped: Sequence[Skipped]) -> dict[str, int]:
    """Pictures by class. Raises `PlaygroundError` where there are none at all, or none in a class."""
    if not len(labels):
        why = f"; {skipped[0].path} {skipped[0].reason}" if skipped else ""
        raise PlaygroundError(
            f"{name} holds no picture that can be used{why}: name a folder or a ZIP of PNG, JPEG or WebP."
        )
    counts = torch.bincount(labels, minlength=len(classes.names)).tolist() if classes.names else []
    for class_name, count in zip(classes.names, counts, strict=True):
        if not count:
            raise PlaygroundError(
                f"The class {class_name!r} has no picture that can be used, so nothing could be learned of it: "
                f"put pictures into its folder in {name}, or remove the folder."
            )
    return dict(zip(classes.names, counts, strict=True))
