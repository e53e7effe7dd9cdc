"""Whether a data set does for a model, asked before either is made."""

from __future__ import annotations

from playground.data.own import short_name
from playground.errors import PlaygroundError
from playground.models import family
from playground.training.config import TrainingConfig

IMAGES_EACH_GROUP = 4  # at least, of the groups that a model sorts its pictures into


def image_size_of(config: TrainingConfig) -> int:
    """Pixels that the data is scaled to. Raises `PlaygroundError` where that is no number."""
    size = _setting(config, "image_size")
    if not isinstance(size, int):
        raise PlaygroundError(f"model.image_size is a number of pixels, such as 32, not {size!r}.")
    return size


def needs_classes(config: TrainingConfig) -> bool:
    """Whether the model is told which class to draw."""
    return family(config.family).config_class.model_fields["class_names"].is_required()


def check_data(config: TrainingConfig, num_images: int, num_classes: int) -> None:
    """Raises `PlaygroundError` where a data set of that many pictures and classes does not do for the model."""
    name = short_name(config.data)
    if needs_classes(config) and not num_classes:
        raise PlaygroundError(
            f"A model of family {config.family!r} is told classes, and {name} has none: "
            "put its pictures into a sub-folder a class, or choose a preset without classes."
        )
    num_groups = _setting(config, "mixture_components")
    if isinstance(num_groups, int) and num_images < IMAGES_EACH_GROUP * num_groups:
        raise PlaygroundError(
            f"{name} has {num_images:,} pictures, too few for {num_groups} groups of them: "
            f"add some until there are {IMAGES_EACH_GROUP * num_groups:,}, or lower model.mixture_components."
        )


def _setting(config: TrainingConfig, name: str) -> object:
    """Of the model; the family's own value where the config does not say, None where the family has no such thing."""
    fields = family(config.family).config_class.model_fields
    return config.model.get(name, fields[name].default if name in fields else None)
