"""Checkpoints on disk: the only file that knows their format.

A checkpoint is a folder with `model.safetensors` (weights, and in its header
the family, the config and the card as JSON), `card.md` (the card for reading)
and `preview.webp`. Opening one runs no code from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Int16
from pydantic import BaseModel
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialise
from torch import Tensor

from playground.card import PREVIEW, Card
from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.images import to_uint8
from playground.jobs.run_files import KEPT, OPENED, runs_folder
from playground.models import GenerativeModel, family

WEIGHTS = "model.safetensors"
MIN_HALVED = 1_024  # numbers in a tensor
CARD = "card.md"
FORMAT = 1
SHIPPED = Path(__file__).resolve().parent.parent / "checkpoints"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,99}")  # an opened snapshot is RUN@IMAGES_SEEN
_OWN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint in memory.

    Attributes:
        name: the folder's name.
        path: the folder.
        model: in eval mode, float32, on the CPU, no gradients.
        card: what is known of it.
        fingerprint: first 12 hex digits of the SHA-256 of the weights.
    """

    name: str
    path: Path
    model: GenerativeModel
    card: Card
    fingerprint: str


class Description(BaseModel):
    """What a checkpoint's header says, read without its weights.

    Attributes:
        name, path: as in `Checkpoint`.
        family: the registered family's name.
        config: the family's config as plain values.
        card: what is known of it.
        fingerprint: first 12 hex digits of the SHA-256 of the weights.
        num_bytes: size of the weights file.
    """

    name: str
    path: Path
    family: str
    config: dict[str, Any]
    card: Card
    fingerprint: str
    num_bytes: int


def folders() -> list[Path]:
    """Where checkpoints are looked for: `PLAYGROUND_CHECKPOINTS`, the shipped ones, those kept and opened from runs."""
    first = [kept_folder(), SHIPPED] if os.environ.get("PLAYGROUND_CHECKPOINTS") else [SHIPPED, kept_folder()]
    return [*first, opened_folder()]


def kept_folder() -> Path:
    """Where a person keeps checkpoints: `PLAYGROUND_CHECKPOINTS`, or a folder beside the runs."""
    own = os.environ.get("PLAYGROUND_CHECKPOINTS")
    return Path(own).expanduser() if own else runs_folder() / KEPT


def opened_folder() -> Path:
    """Where the snapshots of runs lie that pages have opened; they go when their run is deleted."""
    return runs_folder() / OPENED


def names() -> list[str]:
    """The names of all checkpoint folders, sorted; damaged ones are among them."""
    return sorted({file.parent.name for place in folders() for file in place.glob(f"*/{WEIGHTS}")})


def folder(name_or_path: str | Path) -> Path:
    """The folder of a checkpoint, by name or by path.

    A text without a slash is a name and never leaves `folders()`; anything else
    is a path. Raises `PlaygroundError` when there is no such checkpoint.
    """
    text = str(name_or_path)
    if isinstance(name_or_path, str) and "/" not in text and os.sep not in text:
        if _NAME.fullmatch(text):
            for place in folders():
                if (place / text / WEIGHTS).is_file():
                    return place / text
        known = ", ".join(names()) or "none"
        raise PlaygroundError(f"There is no checkpoint named {text[:100]!r}: known are {known}.")
    path = Path(text).expanduser()
    path = path.parent if path.name == WEIGHTS else path
    if not (path / WEIGHTS).is_file():
        raise PlaygroundError(f"There is no checkpoint in {path}: a checkpoint is a folder that holds {WEIGHTS}.")
    return path


def check_free(name: str) -> None:
    """Raises `PlaygroundError` where no checkpoint of a person's own can have this name, or one has it already."""
    if not _OWN_NAME.fullmatch(name):
        raise PlaygroundError(
            f"{name[:100]!r} cannot be a checkpoint's name: use letters, digits, dots, dashes and underscores."
        )
    if name in names():
        raise PlaygroundError(f"There is a checkpoint named {name!r} already: choose another name.")


def describe(name_or_path: str | Path) -> Description:
    """What the header of a checkpoint says. Raises `PlaygroundError` if it is damaged or foreign."""
    path = folder(name_or_path)
    file = path / WEIGHTS
    try:
        with safe_open(file, framework="pt") as opened:
            metadata = opened.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise PlaygroundError(
            f"{file} is damaged or cut off ({error}): copy it again, or train the checkpoint anew."
        ) from None
    if "playground" not in metadata:
        raise PlaygroundError(f"{file} was not written by the playground: it says no family and no config.")
    try:
        header = json.loads(metadata["playground"])
        if header["format"] != FORMAT:
            raise PlaygroundError(
                f"{file} has format {header['format']}, this playground reads {FORMAT}: update the playground."
            )
        return Description(
            name=path.name,
            path=path,
            family=header["family"],
            config=header["config"],
            card=Card.model_validate(header["card"]),
            fingerprint=_fingerprint(file),
            num_bytes=file.stat().st_size,
        )
    except (ValueError, KeyError, TypeError):
        raise PlaygroundError(f"The header of {file} is damaged: copy it again, or train it anew.") from None


def load(name_or_path: str | Path) -> Checkpoint:
    """Open a checkpoint, in float32 on the CPU, ready for inference.

    Raises `PlaygroundError` for a missing, damaged or foreign file, an unknown
    family, and a tensor that is missing, unknown or of the wrong shape.
    """
    found = describe(name_or_path)
    model = family(found.family).build(found.config)
    with safe_open(found.path / WEIGHTS, framework="pt") as opened:
        stored = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - not a dict
    _check_tensors(found.path / WEIGHTS, model.state_dict(), stored)
    model.load_state_dict(stored)  # copies into float32 parameters
    model.eval().requires_grad_(False)
    return Checkpoint(found.name, found.path, model, found.card, found.fingerprint)


def save(path: Path, model: GenerativeModel, card: Card, preview: bytes | None = None) -> Path:
    """Write a checkpoint folder and return it.

    Weights are stored in half precision if that changes no pixel of 256 sampled
    pictures by more than one grey level, else in float32; principal directions
    in float32 always. An existing
    checkpoint of that name is replaced file by file, each moved into place.

    Args:
        path: the folder, made if need be; its name is the checkpoint's name.
        model: the averaged model.
        card: what a person should know.
        preview: a WebP picture.
    """
    if not _NAME.fullmatch(path.name):
        raise PlaygroundError(
            f"{path.name!r} cannot be a checkpoint's name: use letters, digits, dots, dashes and underscores."
        )
    header = {
        "format": FORMAT,
        "family": model.family,
        "config": model.config.model_dump(mode="json"),
        "card": card.model_dump(mode="json"),
    }
    tensors = _smallest_faithful(model)
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_whole(path / WEIGHTS, serialise(tensors, {"playground": json.dumps(header)}))
        write_whole(path / CARD, card.to_markdown().encode())
        if preview is not None:
            write_whole(path / PREVIEW, preview)
    except OSError as error:
        raise PlaygroundError(f"{path} cannot be written ({error.strerror}): choose another folder.") from None
    return path


def copy(source: Path, folder: Path) -> Path:
    """Copy a checkpoint with its card and picture and return the new folder.

    Raises `PlaygroundError` where the source is damaged or the folder cannot be written.
    """
    describe(source)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (PREVIEW, CARD, WEIGHTS):  # the weights last: with them the checkpoint is there
            if (source / name).is_file():
                write_whole(folder / name, (source / name).read_bytes())
    except OSError as error:
        raise PlaygroundError(f"{folder} cannot be written ({error.strerror}): choose another folder.") from None
    return folder


def write_card(path: Path, card: Card) -> None:
    """Put another card into a checkpoint; its weights and fingerprint stay as they are."""
    file = path / WEIGHTS
    describe(path)  # says what is wrong with a damaged file before anything is written
    with safe_open(file, framework="pt") as opened:
        header = json.loads(opened.metadata()["playground"])
        tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118 - not a dict
    header["card"] = card.model_dump(mode="json")
    write_whole(file, serialise(tensors, {"playground": json.dumps(header)}))
    write_whole(path / CARD, card.to_markdown().encode())


def _check_tensors(file: Path, expected: Mapping[str, Tensor], stored: Mapping[str, Tensor]) -> None:
    """Raise `PlaygroundError` unless the stored tensors are exactly those of the model."""
    for name, tensor in expected.items():
        if name not in stored:
            raise PlaygroundError(f"{file} lacks the tensor {name!r}: copy it again, or train the checkpoint anew.")
        if stored[name].shape != tensor.shape:
            raise PlaygroundError(
                f"In {file} the tensor {name!r} has shape {list(stored[name].shape)} where the config asks for "
                f"{list(tensor.shape)}: the file belongs to another config."
            )
        if stored[name].is_floating_point() and not stored[name].isfinite().all():
            raise PlaygroundError(f"In {file} the tensor {name!r} holds values that are not finite: train it anew.")
    for name in stored:
        if name not in expected:
            raise PlaygroundError(f"{file} holds a tensor {name!r} that its family does not have: it is foreign.")


def _smallest_faithful(model: GenerativeModel) -> dict[str, Tensor]:
    """The weights to store: halved, the prior's alone kept whole, or all kept, whichever first shows no difference."""
    full = {name: tensor.detach().cpu().contiguous() for name, tensor in model.state_dict().items()}
    halved = {name: tensor.half() if _may_be_halved(name, tensor) else tensor for name, tensor in full.items()}
    prior_whole = halved | {name: tensor for name, tensor in full.items() if name.startswith("prior.")}
    exact = _drawn(model, full)
    for tensors in (halved, prior_whole):
        if abs(_drawn(model, tensors) - exact).max() <= 1:
            return tensors
    return full


def _may_be_halved(name: str, tensor: Tensor) -> bool:
    """Large ones: a bias saves nothing and weighs on many pixels. No directions: no sampled picture speaks for them."""
    is_direction = name.startswith(("principal.", "labelled."))
    return tensor.is_floating_point() and tensor.numel() >= MIN_HALVED and not is_direction


@torch.inference_mode()
def _drawn(model: GenerativeModel, tensors: Mapping[str, Tensor]) -> Int16[np.ndarray, "256 height width channels"]:
    """Grey levels of 256 pictures that a model draws with these weights."""
    other = deepcopy(model).cpu().float().eval()
    other.load_state_dict(tensors)
    num_classes = len(model.class_names)
    codes = torch.stack([other.prior.draw(seed) for seed in range(256)])
    classes = torch.eye(num_classes)[torch.arange(256) % num_classes] if num_classes else None
    return to_uint8(other.decode(codes, classes)).astype(np.int16)


def _fingerprint(file: Path) -> str:
    """The SHA-256 of everything behind the safetensors header: it survives another card."""
    with file.open("rb") as opened:
        header_length = int.from_bytes(opened.read(8), "little")
        opened.seek(8 + header_length)
        return hashlib.file_digest(opened, "sha256").hexdigest()[:12]
