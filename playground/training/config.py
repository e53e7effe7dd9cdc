"""What a training does, as one validated value; presets are TOML files of it."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.errors import PlaygroundError

PRESETS = Path(__file__).parent / "presets"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ClassicObjective(_Part):
    """The textbook adversarial game with binary cross-entropy."""

    kind: Literal["classic"] = "classic"


class PenaltyConfig(_Part):
    """R1 and R2 by finite differences.

    Attributes:
        weight: gamma of both, at the start of the run.
        final_ratio: of it, reached by a half cosine at the end: once generated
            pictures are good, a discriminator held on a shorter leash cannot tell.
        sigma: length of the finite difference, in units of the pixels' [-1, 1].
        share: of a batch's pictures that it is measured on: the mean over a part
            is as right as over all, only less sure, and costs less.
    """

    weight: float = Field(default=0.5, ge=0)
    final_ratio: float = Field(default=1.0, ge=0)
    sigma: float = Field(default=0.1, gt=0)
    share: float = Field(default=0.5, gt=0, le=1)

    def weight_at(self, progress: float) -> float:
        """Gamma when the share `progress` of the run is behind."""
        return self.weight * half_cosine(progress, self.final_ratio)

    def num_measured(self, num_pictures: int) -> int:
        """On how many of a batch's pictures it is measured: at least one."""
        return max(1, round(self.share * num_pictures))


def half_cosine(progress: float, final_ratio: float) -> float:
    """From 1 at progress 0 to `final_ratio` at progress 1."""
    return final_ratio + (1 - final_ratio) * (1 + math.cos(math.pi * min(1.0, progress))) / 2


class AugmentationConfig(_Part):
    """What a discriminator sees its pictures under; see `playground.training.augmentation`.

    Attributes:
        probability: of each kind of change, for each picture; from 0.8 on changes
            leak into what is generated.
        mirror: half of the pictures left to right: faces may be, digits not.
    """

    probability: float = Field(default=0.3, ge=0, lt=0.8)
    mirror: bool = False


class GuideConfig(_Part):
    """An encoder that shows a generator which code draws which picture, while it is trained.

    Attributes:
        encoder_channels: at half of the picture's size, a quarter and so on.
        share: of the generated pictures, rebuilt from real ones; the others are drawn.
        nats_weight: of a nat of the bound on the rebuilt pictures' likelihood, beside the adversarial loss.
        alone_until: the share of the run before which the discriminator takes no part:
            what the encoder teaches comes first.
    """

    encoder_channels: tuple[int, ...] = (32, 64, 128, 160)
    share: float = Field(default=0.5, gt=0, lt=1)
    nats_weight: float = Field(default=5e-5, gt=0)
    alone_until: float = Field(default=0.0, ge=0, lt=1)


class RelativisticObjective(_Part):
    """Relativistic pairing with R1 and R2.

    Attributes:
        penalty: R1 and R2.
        saturation_weight: of the penalty on levels that tanh has flattened, at
            the start of the run. At 1 a generator draws its first strokes after
            4,000 pictures rather than after 16,000, or never.
        saturation_ends: the share of the run after which it is gone, since it
            leaves black pixels a grey level or two above black.
        augmentation: of what the discriminator sees: needed below some 30,000 pictures.
        generator_rate_share: of the learning rate that the generator takes: a slower one
            is seen through by the discriminator before it has moved on (Heusel et al.,
            "GANs Trained by a Two Time-Scale Update Rule", 2017).
        guide: an encoder beside the generator.
        code_deviation: of the codes that the generator learns on. Below 1 the codes of
            seeds, from N(0, I), reach further out than those: more variety (recall), for
            less precision and a larger distance.
    """

    kind: Literal["relativistic"] = "relativistic"
    penalty: PenaltyConfig = PenaltyConfig()
    saturation_weight: float = Field(default=0.0, ge=0)
    saturation_ends: float = Field(default=0.1, gt=0, le=1)
    augmentation: AugmentationConfig | None = None
    generator_rate_share: float = Field(default=1.0, gt=0, le=1)
    guide: GuideConfig | None = None
    code_deviation: float = Field(default=1.0, gt=0, le=1)

    def saturation_weight_at(self, progress: float) -> float:
        """The weight when the share `progress` of the run is behind; it falls in a straight line."""
        return self.saturation_weight * max(0.0, 1 - progress / self.saturation_ends)


class AutoencodingObjective(_Part):
    """Reconstruction, with the bound of a VAE where the family has one, and an adversary.

    Attributes:
        beta: weight of the KL divergence against the log-likelihood, both in nats.
        adversary_weight: weight of the adversarial loss of the decoder, in nats; 0 is none.
        adversary_starts: the share of the run after which it takes part: it can
            sharpen strokes that are there, and hinders where there are none yet.
        drawn_share: of the pictures it judges, drawn from codes; the others are rebuilt.
        adversary_channels: of its discriminator.
        penalty: of its gradient.
    """

    kind: Literal["autoencoding"] = "autoencoding"
    beta: float = Field(default=1.0, ge=0)
    adversary_weight: float = Field(default=0.0, ge=0)
    adversary_starts: float = Field(default=0.0, ge=0, le=1)
    drawn_share: float = Field(default=0.5, ge=0, le=1)
    adversary_channels: tuple[int, ...] = (48, 96, 160)
    penalty: PenaltyConfig = PenaltyConfig()


Objective = Annotated[ClassicObjective | RelativisticObjective | AutoencodingObjective, Field(discriminator="kind")]


class OptimizerConfig(_Part):
    """Adam, and the learning rate over the run.

    Attributes:
        learning_rate: the highest.
        betas: of Adam's two averages.
        warmup_images: over so many it rises from 0.
        final_ratio: of the highest, reached by a half cosine at the end of the run.
    """

    learning_rate: float = Field(default=6e-4, gt=0)
    betas: tuple[float, float] = (0.0, 0.95)
    warmup_images: int = Field(default=0, ge=0)
    final_ratio: float = Field(default=1.0, ge=0)


class CardText(_Part):
    """What the checkpoint's card says that cannot be measured."""

    title: str = ""
    summary: str = ""
    weaknesses: tuple[str, ...] = ()


class TrainingConfig(_Part):
    """A training from data to checkpoint.

    Attributes:
        preset: the preset's name.
        changes: the `key=value` settings that were changed from it.
        family: what is trained, a name of the registry.
        data: a data set's name, or the path of a folder or a ZIP of pictures.
        model: the family's config; class names and colours come from the data.
        objective: what a step minimises.
        optimizer: how.
        batch_size: pictures a step, of each process.
        total_images: pictures seen in the whole run, counted with repetition.
        average_images: memory of the averaged weights.
        seed: of weights, data order and noise.
        precision: Lightning Fabric's word for it: `bf16-mixed` or `32-true`.
        num_threads: of one process on the CPU; 0 leaves it to torch.
        report_every_images, sample_every_images, snapshot_every_images: how often
            measurements, sample sheets, and snapshots with the resume state are written.
        card: what the card says.
    """

    preset: str
    changes: tuple[str, ...] = ()
    family: str
    data: str = "mnist"
    model: dict[str, Any] = Field(default_factory=dict)
    objective: Objective
    optimizer: OptimizerConfig = OptimizerConfig()
    batch_size: int = Field(default=64, ge=1)
    total_images: int = Field(ge=1)
    average_images: int = Field(default=20_000, ge=0)
    seed: int = Field(default=0, ge=0, lt=2**31)
    precision: Literal["bf16-mixed", "32-true"] = "bf16-mixed"
    num_threads: int = Field(default=1, ge=0)
    report_every_images: int = Field(default=2_000, ge=1)
    sample_every_images: int = Field(default=20_000, ge=1)
    snapshot_every_images: int = Field(default=20_000, ge=1)
    card: CardText = CardText()

    def learning_rate_at(self, images_seen: int) -> float:
        """The learning rate of the step that starts at `images_seen`."""
        optimizer = self.optimizer
        warm = min(1.0, (images_seen + 1) / optimizer.warmup_images) if optimizer.warmup_images else 1.0
        fall = half_cosine(images_seen / self.total_images, optimizer.final_ratio)
        return optimizer.learning_rate * warm * fall


def preset_names() -> list[str]:
    """The names of all presets, sorted."""
    return sorted(file.stem for file in PRESETS.glob("*.toml"))


def resolve(preset: str, changes: list[str]) -> TrainingConfig:
    """The config of a preset with `key=value` changes, such as `optimizer.betas=[0.5, 0.999]`.

    Raises `PlaygroundError` for an unknown preset, key or an impossible value.
    """
    if preset not in preset_names():
        raise PlaygroundError(f"There is no preset {preset!r}: known are {', '.join(preset_names())}.")
    values = tomllib.loads((PRESETS / f"{preset}.toml").read_text("utf-8"))
    for change in changes:
        _apply(values, change)
    return validated({"preset": preset, "changes": changes, **values})


def validated(values: dict[str, Any]) -> TrainingConfig:
    """The config of plain values. Raises `PlaygroundError` naming the first wrong one."""
    try:
        return TrainingConfig.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PlaygroundError(f"The training config is wrong: {where}: {first['msg']}.") from None


def _apply(values: dict[str, Any], change: str) -> None:
    key, equals, text = change.partition("=")
    if not equals or not key.strip():
        raise PlaygroundError(f"--set takes key=value, such as --set batch_size=128, not {change!r}.")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    *parents, last = key.strip().split(".")
    for parent in parents:
        values = values.setdefault(parent, {})
        if not isinstance(values, dict):
            raise PlaygroundError(f"--set {key}: {parent!r} has no parts.")
    values[last] = value
