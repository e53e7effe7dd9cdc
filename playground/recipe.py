"""The recipe: the small value that describes a picture completely.

A control writes a recipe, `playground.render` turns it into pixels, sharing
carries it as JSON or as a link code. It holds names and plain numbers only, so
that it can be read, compared and sent, and runs nothing when it is opened.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import zlib
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from playground.errors import PlaygroundError

MAX_SEED = 2**63 - 1
MAX_SEEDS = 64
MAX_CODE_LENGTH = 4096
MAX_LINK_LENGTH = 64_000
MAX_JSON_LENGTH = 256_000


def check_seed(value: Any) -> int:
    """A seed as an int in 0..2^63-1; anything else raises `PlaygroundError`."""
    if isinstance(value, bool) or not (isinstance(value, str) or hasattr(value, "__index__")):
        raise PlaygroundError(f"A seed is a whole number, not {value!r}.")
    try:
        seed = int(value)
    except ValueError:
        raise PlaygroundError(f"A seed is a whole number, not {value!r}.") from None
    if not 0 <= seed <= MAX_SEED:
        raise PlaygroundError(f"Seed {seed} is out of range: choose one from 0 to {MAX_SEED} (2^63 - 1).")
    return seed


def check_finite(value: Any) -> float:
    """A finite float; NaN, infinities and non-numbers raise `PlaygroundError`."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise PlaygroundError(f"{value!r} is not a number.") from None
    if not math.isfinite(number):
        raise PlaygroundError(f"{number} is not a finite number: codes, weights and psi must be finite.")
    return number


Seed = Annotated[int, BeforeValidator(check_seed)]
Finite = Annotated[float, BeforeValidator(check_finite)]


class Move(BaseModel):
    """A step along one direction of latent space.

    Attributes:
        direction: its name, such as `constant` (every coordinate alike),
            `axis:3` (the fourth coordinate) or `principal:0` (where the model's
            pictures change most).
        amount: how far, in standard deviations.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    direction: str = Field(min_length=1, max_length=100)
    amount: Finite


class Recipe(BaseModel):
    """One picture: which model, which code, which classes, which truncation.

    Attributes:
        model: a checkpoint's name, or the path of its folder.
        seeds: pairs of a seed (0 to 2^63-1) and its weight; the latent code is
            the weighted sum of the seeds' codes. One seed of weight 1 is a plain
            sample; (1, -1, 1) is A - B + C; the weights of a spherical
            interpolation are written down here as they are.
        code: an explicit latent code in place of seeds, `latent_dim` numbers.
        classes: class name -> weight, for conditional models. The weights are
            normalised to sum to 1; one entry is a class, several are a blend.
        psi: truncation; 1 is none, 0 is the centre, above 1 exaggerates.
        moves: steps along directions, added after truncation.
        prior: what seeds are drawn from: `fitted` is the checkpoint's own
            distribution of codes; `normal` is N(0, I) in place of the mixture that
            was fitted to an autoencoder's codes, and the same as `fitted` elsewhere.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1, max_length=1000)
    seeds: tuple[tuple[Seed, Finite], ...] = Field(default=(), max_length=MAX_SEEDS)
    code: tuple[Finite, ...] | None = Field(default=None, min_length=1, max_length=MAX_CODE_LENGTH)
    classes: dict[str, Finite] = Field(default_factory=dict)
    psi: Finite = 1.0
    moves: tuple[Move, ...] = Field(default=(), max_length=MAX_SEEDS)
    prior: Literal["fitted", "normal"] = "fitted"

    @model_validator(mode="wrap")
    @classmethod
    def _one_sentence(cls, data: Any, handler: ModelWrapValidatorHandler[Recipe]) -> Recipe:
        try:
            return handler(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "the whole"
            raise PlaygroundError(f"This is not a valid recipe: {where}: {first['msg']}.") from None

    @model_validator(mode="after")
    def _check(self) -> Recipe:
        if bool(self.seeds) == (self.code is not None):
            raise PlaygroundError("A recipe needs either seeds or an explicit code, and not both.")
        if any(weight < 0 for weight in self.classes.values()):
            raise PlaygroundError("Class weights must not be negative.")
        if self.classes and not 0 < sum(self.classes.values()) < math.inf:
            raise PlaygroundError("At least one class weight must be above 0.")
        return self

    def to_json(self) -> str:
        """This recipe as one line of JSON, defaults left out."""
        return self.model_dump_json(exclude_defaults=True)

    @classmethod
    def from_json(cls, text: str) -> Recipe:
        """The recipe that `to_json` wrote. Raises `PlaygroundError` on anything else."""
        if len(text) > MAX_JSON_LENGTH:
            raise PlaygroundError("This recipe is too long to be one: nothing was read.")
        try:
            return cls.model_validate(json.loads(text))
        except ValueError as error:
            raise PlaygroundError(f"This is not a valid recipe: {error}.") from None

    def to_link(self) -> str:
        """A short code for a link: the JSON, compressed, in URL-safe letters."""
        packed = zlib.compress(self.to_json().encode(), 9)
        return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def from_link(cls, link: str) -> Recipe:
        """The recipe that `to_link` wrote. Raises `PlaygroundError` on anything else."""
        broken = PlaygroundError("This link's recipe is damaged or cut off: ask for it again.")
        if len(link) > MAX_LINK_LENGTH:
            raise broken
        try:
            packed = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
            unpacker = zlib.decompressobj()
            text = unpacker.decompress(packed, MAX_JSON_LENGTH)
            if not unpacker.eof:
                raise broken
            return cls.from_json(text.decode())
        except (binascii.Error, zlib.error, UnicodeError, ValueError):
            raise broken from None
