"""Latent codes and class weights -> uint8 pixels, on the one inference thread, while the event loop goes on.

The bytes of a question and of its answer are described in `playground.live.socket`.
"""

from __future__ import annotations

import asyncio
import struct

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from playground import checkpoints
from playground.errors import PlaygroundError
from playground.images import to_uint8
from playground.render import LoadedModel, load, submit

MAX_COUNT = 64
MAX_ANSWER_BYTES = 16_000_000
PICTURES_A_TURN = 4  # larger batches are hardly cheaper a picture, and others wait for them
_WEIGHT_TOLERANCE = 1e-3
_QUESTION = struct.Struct("<2I")
_ANSWER = struct.Struct("<5I")


def open_model(name: str, fingerprint: str) -> LoadedModel:
    """The checkpoint of that name, loaded; slow the first time, so not for the event loop.

    Raises `PlaygroundError` for an unknown name, a damaged file, and weights
    that are no longer those of the fingerprint.
    """
    if "/" in name or name not in checkpoints.names():  # never a path: visitors choose among names
        raise PlaygroundError(f"There is no checkpoint named {name[:100]!r}: reload the page to see those there are.")
    model = load(name)
    if model.fingerprint != fingerprint:
        raise PlaygroundError(f"{name} was trained anew since this page was opened: reload the page.")
    return model


class Question:
    """One request for pixels, painted a few pictures at a time so that nobody waits long for a turn.

    Raises `PlaygroundError` for a message that does not fit the model.
    """

    def __init__(self, model: LoadedModel, message: bytes) -> None:
        self.model = model
        self.number, self.count = _QUESTION.unpack_from(message)
        channels, height, width = model.image_shape
        if not 1 <= self.count <= MAX_COUNT:
            raise PlaygroundError(f"{self.count} pictures were asked for at once: ask for 1 to {MAX_COUNT}.")
        num_bytes = self.count * channels * height * width
        if num_bytes > MAX_ANSWER_BYTES:
            raise PlaygroundError(
                f"{self.count} pictures of {model.name} are {num_bytes / 1e6:.0f} MB: ask for fewer at once."
            )
        num_classes = len(model.class_names)
        layers = model.checkpoint.model.num_layers
        code_length = layers * model.latent_dim
        length = _QUESTION.size + 4 * self.count * (code_length + num_classes)
        if len(message) != length:
            raise PlaygroundError(f"A question of {len(message)} bytes does not fit {model.name}: it needs {length}.")
        numbers = np.frombuffer(message, dtype="<f4", offset=_QUESTION.size).astype(np.float32)
        if not np.isfinite(numbers).all():
            raise PlaygroundError("A code or a class weight is NaN or infinite: every number must be finite.")
        split = self.count * code_length
        self._z = torch.from_numpy(numbers[:split]).reshape(self.count, layers, model.latent_dim)
        if layers == 1:
            self._z = self._z.squeeze(1)
        self._y = _class_weights(numbers[split:].reshape(self.count, num_classes)) if num_classes else None
        self._painted: list[bytes] = []
        self._num_painted = 0

    @property
    def is_painted(self) -> bool:
        return self._num_painted == self.count

    async def paint_some(self) -> int:
        """Paint up to 4 of the pictures that are left; how many it were."""
        rows = slice(self._num_painted, self._num_painted + PICTURES_A_TURN)
        z, y = self._z[rows], None if self._y is None else self._y[rows]
        decode = self.model.checkpoint.model.decode
        self._painted.append(await asyncio.wrap_future(submit(lambda: to_uint8(decode(z, y)).tobytes())))
        self._num_painted += len(z)
        return len(z)

    def answer(self) -> bytes:
        """The message that carries the painted pictures."""
        channels, height, width = self.model.image_shape
        return _ANSWER.pack(self.number, self.count, height, width, channels) + b"".join(self._painted)


def _class_weights(rows: Float32[np.ndarray, "batch num_classes"]) -> Float32[Tensor, "batch num_classes"]:
    if (rows < 0).any() or (abs(rows.sum(axis=1) - 1) > _WEIGHT_TOLERANCE).any():
        raise PlaygroundError("The class weights of a picture must not be negative and must sum to 1.")
    return torch.from_numpy(rows)
