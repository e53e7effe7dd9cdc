"""Recipe -> images: the one path by which the playground makes pictures.

Owns the cache of loaded models and the single inference thread. One thread,
because torch's OpenMP threads spin: several callers at once on a small machine
slow each other down far more than they gain.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from playground import checkpoints
from playground.card import Card
from playground.checkpoints import Checkpoint
from playground.errors import PlaygroundError
from playground.images import to_float, to_uint8
from playground.latents.sample import class_weights_of, code_of
from playground.models import Capability
from playground.recipe import Recipe, check_seed

MAX_LOADED_MODELS = 32  # a gallery's worth; the shipped ones take 3 to 6 MB each
BATCH_SIZE = 64
SMALL_MACHINE_CORES = 4

ClassChoice = str | Mapping[str, float]
T = TypeVar("T")


def _settle() -> None:
    if (os.cpu_count() or 1) <= SMALL_MACHINE_CORES:
        torch.set_num_threads(1)


_inference_thread = ThreadPoolExecutor(1, thread_name_prefix="inference", initializer=_settle)


def submit(function: Callable[[], T]) -> Future[T]:
    """Run `function` on the inference thread, without gradients, after what was submitted before."""

    def run() -> T:
        with torch.inference_mode():
            return function()

    return _inference_thread.submit(run)


def _infer(function: Callable[[], T]) -> T:
    return submit(function).result()


class LoadedModel:
    """A checkpoint ready to play: uint8 pictures in and out, one inference thread behind it.

    Made by `playground.load`. Pictures are uint8 [batch, height, width,
    channels], codes float32 [batch, latent_dim].

    `classes` in every method is one choice for all (a class name, or a mapping
    from names to weights) or one choice a picture. Without it, a conditional
    model shows its classes in turn: picture i has class (seed or index) modulo
    num_classes.
    """

    def __init__(self, checkpoint: Checkpoint, name: str) -> None:
        self.name = name
        self.checkpoint = checkpoint

    @property
    def card(self) -> Card:
        return self.checkpoint.card

    @property
    def fingerprint(self) -> str:
        return self.checkpoint.fingerprint

    @property
    def latent_dim(self) -> int:
        return self.checkpoint.model.latent_dim

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        return self.checkpoint.model.image_shape

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.checkpoint.model.class_names

    @property
    def capabilities(self) -> frozenset[Capability]:
        return self.checkpoint.model.capabilities

    @property
    def num_parameters(self) -> int:
        return sum(parameter.numel() for parameter in self.checkpoint.model.parameters())

    def sample(
        self,
        seeds: Sequence[int],
        classes: ClassChoice | Sequence[ClassChoice] | None = None,
        psi: float = 1.0,
        prior: Literal["fitted", "normal"] = "fitted",
    ) -> UInt8[np.ndarray, "batch height width channels"]:
        """One picture a seed. Raises `PlaygroundError` for a bad seed, class or psi."""
        return self.render(self.recipes(seeds, classes, psi, prior))

    def recipes(
        self,
        seeds: Sequence[int],
        classes: ClassChoice | Sequence[ClassChoice] | None = None,
        psi: float = 1.0,
        prior: Literal["fitted", "normal"] = "fitted",
    ) -> list[Recipe]:
        """The recipes of `sample`'s pictures, one a seed."""
        checked = [check_seed(seed) for seed in seeds]
        return [
            Recipe(model=self.name, seeds=((seed, 1.0),), classes=choice, psi=psi, prior=prior)
            for seed, choice in zip(checked, self._choices(classes, checked), strict=True)
        ]

    def render(self, recipes: Sequence[Recipe]) -> UInt8[np.ndarray, "batch height width channels"]:
        """One picture a recipe, whatever model the recipes name."""
        model = self.checkpoint.model
        codes = [code_of(recipe, model) for recipe in recipes]
        z = torch.stack(codes) if codes else torch.empty(0, self.latent_dim)
        return self._decode(z, self._class_weights([recipe.classes for recipe in recipes]))

    def decode(
        self, codes: np.ndarray, classes: ClassChoice | Sequence[ClassChoice] | None = None
    ) -> UInt8[np.ndarray, "batch height width channels"]:
        """Pictures of explicit codes. Raises `PlaygroundError` for codes of a wrong shape or that are not finite."""
        array = np.asarray(codes, dtype=np.float32)
        if array.ndim != 2 or array.shape[1] != self.latent_dim:
            raise PlaygroundError(
                f"Codes for {self.name} have shape [batch, {self.latent_dim}], these have {list(array.shape)}."
            )
        if not np.isfinite(array).all():
            raise PlaygroundError("A code holds NaN or infinity: every number in it must be finite.")
        choices = self._choices(classes, range(len(array)))
        return self._decode(torch.from_numpy(array.copy()), self._class_weights(choices))

    def encode(
        self,
        images: np.ndarray,
        classes: ClassChoice | Sequence[ClassChoice] | None = None,
    ) -> Float[np.ndarray, "batch latent_dim"]:
        """Codes of pictures, deterministic. Raises `PlaygroundError` where the family has no encoder."""
        self._require(Capability.ENCODE, "has no encoder and cannot turn pictures into codes")
        tensor, y = self._checked(images, classes)
        return _infer(lambda: self.checkpoint.model.encode(tensor, y).float().numpy())

    def discriminate(
        self,
        images: np.ndarray,
        classes: ClassChoice | Sequence[ClassChoice] | None = None,
    ) -> Float[np.ndarray, " batch"]:
        """The discriminator's logits: higher is more real. Raises `PlaygroundError` where there is none."""
        self._require(Capability.DISCRIMINATE, "has no discriminator and cannot judge pictures")
        tensor, y = self._checked(images, classes)
        return _infer(lambda: self.checkpoint.model.discriminate(tensor, y).float().numpy())

    def _decode(
        self, z: Float[Tensor, "batch *layers latent_dim"], y: Float[Tensor, "batch num_classes"] | None
    ) -> UInt8[np.ndarray, "batch height width channels"]:
        model = self.checkpoint.model
        channels, height, width = self.image_shape
        pictures = [np.empty((0, height, width, channels), dtype=np.uint8)]
        for start in range(0, len(z), BATCH_SIZE):
            rows = slice(start, start + BATCH_SIZE)
            pictures.append(_infer(lambda rows=rows: to_uint8(model.decode(z[rows], None if y is None else y[rows]))))
        return np.concatenate(pictures)

    def _class_weights(self, choices: Sequence[Mapping[str, float]]) -> Float[Tensor, "batch num_classes"] | None:
        rows = [class_weights_of(choice, self.class_names) for choice in choices]
        if not self.class_names:
            return None
        return torch.stack(rows) if rows else torch.empty(0, len(self.class_names))

    def _checked(
        self, images: np.ndarray, classes: ClassChoice | Sequence[ClassChoice] | None
    ) -> tuple[Tensor, Tensor | None]:
        channels, height, width = self.image_shape
        array = np.asarray(images)
        if array.dtype != np.uint8 or array.ndim != 4 or array.shape[1:] != (height, width, channels):
            raise PlaygroundError(
                f"{self.name} takes pictures as uint8 [batch, {height}, {width}, {channels}], "
                f"these are {array.dtype} {list(array.shape)}."
            )
        return to_float(array), self._class_weights(self._choices(classes, range(len(array))))

    def _choices(
        self, classes: ClassChoice | Sequence[ClassChoice] | None, turns: Sequence[int]
    ) -> list[dict[str, float]]:
        """One class choice a picture, as mappings; `turns` says whose turn it is where none is given."""
        if classes is None:
            names = self.class_names
            return [{names[int(turn) % len(names)]: 1.0} if names else {} for turn in turns]
        if isinstance(classes, (str, Mapping)):
            classes = [classes] * len(turns)
        if len(classes) != len(turns):
            raise PlaygroundError(f"There are {len(classes)} class choices for {len(turns)} pictures: give one each.")
        return [{choice: 1.0} if isinstance(choice, str) else dict(choice) for choice in classes]

    def _require(self, capability: Capability, sentence: str) -> None:
        if capability not in self.capabilities:
            raise PlaygroundError(f"{self.name} {sentence}: choose another model.")


_loaded: OrderedDict[tuple[Path, int], LoadedModel] = OrderedDict()
_lock = threading.Lock()


def load(name_or_path: str | Path) -> LoadedModel:
    """The checkpoint of that name, or in that folder, ready to play.

    Loaded once and kept until its file changes or 32 others have been used
    since. Raises `PlaygroundError` when it is missing, damaged or foreign.
    """
    path = checkpoints.folder(name_or_path).resolve()
    key = (path, (path / checkpoints.WEIGHTS).stat().st_mtime_ns)
    with _lock:
        if key not in _loaded:
            is_name = isinstance(name_or_path, str) and "/" not in name_or_path and os.sep not in name_or_path
            _loaded[key] = LoadedModel(checkpoints.load(path), path.name if is_name else str(path))
            while len(_loaded) > MAX_LOADED_MODELS:
                _loaded.popitem(last=False)
        _loaded.move_to_end(key)
        return _loaded[key]


def render(recipe: Recipe) -> UInt8[np.ndarray, "height width channels"]:
    """The picture of a recipe."""
    return load(recipe.model).render([recipe])[0]


def render_all(recipes: Sequence[Recipe]) -> UInt8[np.ndarray, "batch height width channels"]:
    """The pictures of at least one recipe, all of the same model."""
    models = {recipe.model for recipe in recipes}
    if len(models) != 1:
        raise PlaygroundError(f"Pictures made together must be of one model, these are of {len(models)}.")
    return load(models.pop()).render(recipes)
