"""Pictures of one's own, ready to train on, and where they are kept once they are decoded."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from playground.data.cache_folder import cache_folder
from playground.data.image_set import ImageSet
from playground.data.report import Report
from playground.errors import PlaygroundError
from playground.files import write_whole

FORMAT = 2  # of the files, and of how pictures are decoded: another number, and all are made again


@dataclass(frozen=True)
class Prepared:
    """A folder or a ZIP, decoded.

    Attributes:
        images: the pictures by path, with their classes.
        attributes: numbers that belong to them, named by `report.attributes`; not a number where there is none.
        held_out: which are kept back from training.
        report: what was found.
    """

    images: ImageSet
    attributes: Float[Tensor, "num_images num_attributes"]
    held_out: Bool[Tensor, " num_images"]
    report: Report

    def part(self, chosen: Bool[Tensor, " num_images"]) -> ImageSet:
        """The pictures that are chosen, of the same classes."""
        names = self.report.attributes
        attributes = self.attributes[chosen] if names else None
        return ImageSet(
            self.images.images[chosen], self.images.labels[chosen], self.images.class_names, attributes, names
        )


class Shelf:
    """The place of one prepared data set on the disk: its tensors, and a JSON file that vouches for them.

    Args:
        fingerprint: of what it was made from.
        image_size: that it was scaled to.
    """

    def __init__(self, fingerprint: str, image_size: int) -> None:
        folder = cache_folder() / "images"
        self.tensors = folder / f"{fingerprint}-{image_size}.safetensors"
        self.note = folder / f"{fingerprint}-{image_size}.json"

    def load(self) -> Prepared | None:
        """What is kept; None where there is nothing, or where it is damaged or of another format."""
        try:
            note = json.loads(self.note.read_text("utf-8"))
            if note["format"] != FORMAT or self.tensors.stat().st_size != note["num_bytes"]:
                return None
            report = Report.model_validate(note["report"])
            tensors = load_file(self.tensors)
            if _checksum(tensors) != note["sha256"]:
                return None
        except (OSError, ValueError, KeyError, TypeError, ValidationError, SafetensorError):
            return None  # it is made again from the pictures, which says more than why
        images = ImageSet(tensors["images"], tensors["labels"], tuple(report.counts))
        return Prepared(images, tensors["attributes"], tensors["held_out"], report)

    def keep(self, prepared: Prepared) -> None:
        """Writes it whole, the note last. Raises `PlaygroundError` where that cannot be done."""
        tensors = {
            "images": prepared.images.images,
            "labels": prepared.images.labels,
            "attributes": prepared.attributes.contiguous(),
            "held_out": prepared.held_out,
        }
        partial = self.tensors.with_name(f".{self.tensors.name}.{secrets.token_hex(4)}")
        try:
            self.tensors.parent.mkdir(parents=True, exist_ok=True)
            save_file(tensors, partial)
            note = {
                "format": FORMAT,
                "num_bytes": partial.stat().st_size,
                "sha256": _checksum(tensors),
                "report": prepared.report.model_dump(mode="json"),
            }
            os.replace(partial, self.tensors)
            write_whole(self.note, json.dumps(note).encode())
        except (OSError, SafetensorError) as error:
            raise PlaygroundError(
                f"The decoded pictures cannot be kept in {self.tensors.parent} ({error}): "
                "make room, or name a folder that can be written in XDG_CACHE_HOME."
            ) from None
        finally:
            with suppress(OSError):  # it was moved, or never made
                partial.unlink()


def _checksum(tensors: dict[str, Tensor]) -> str:
    """The SHA-256 of the tensors' memory."""
    whole = hashlib.sha256()
    for name in ("images", "labels", "attributes", "held_out"):
        whole.update(tensors[name].view(torch.uint8).numpy().data)
    return whole.hexdigest()
