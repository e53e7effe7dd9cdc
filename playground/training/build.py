"""From a config to the model, its step and the Fabric that runs them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from lightning_fabric import Fabric

from playground.data import ImageSet
from playground.data.own import short_name
from playground.errors import PlaygroundError
from playground.models import GenerativeModel, family
from playground.models.gan import GAN
from playground.training.clusters import by_cluster
from playground.training.config import AutoencodingObjective, ClassicObjective, RelativisticObjective, TrainingConfig
from playground.training.steps import AutoencodingStep, ClassicStep, RelativisticStep, Step

IMAGES_EACH_GROUP = 4  # at least, of the modes and of the Gaussians that are fitted to a data set


def build_model(config: TrainingConfig, load: Callable[[int], ImageSet]) -> tuple[GenerativeModel, ImageSet]:
    """The model with fresh weights from the seed, and the data at its size, labelled as the model is trained.

    Args:
        config: of the training.
        load: gives the data at an image size.

    A family that needs class names gets those of the data; one that has modes
    gets clusters in place of classes; any other gets no labels.

    Raises `PlaygroundError` where the data does not do for the model.
    """
    found = family(config.family)
    fields = found.config_class.model_fields
    data = load(int(config.model.get("image_size", fields["image_size"].default)))
    values = {**config.model, "image_channels": data.images.shape[1]}
    if fields["class_names"].is_required():
        if not data.class_names:
            raise PlaygroundError(
                f"A model of family {config.family!r} is told classes, and {short_name(config.data)} has none: "
                "put its pictures into a sub-folder a class, or choose a preset without classes."
            )
        values["class_names"] = data.class_names
    torch.manual_seed(config.seed)
    model = found.build(values)
    check_enough(len(data), model, config)
    if isinstance(model, GAN):
        return model, by_cluster(data, model.modes.num_modes, config.seed)
    return model, data if model.class_names else data.unlabelled()


def check_enough(num_images: int, model: GenerativeModel, config: TrainingConfig) -> None:
    """Raises `PlaygroundError` where there are too few pictures for the groups that a model sorts them into."""
    groups = {"mixture_components": model.config.mixture_components}
    if isinstance(model, GAN):
        groups["num_modes"] = model.modes.num_modes
    for name, num_groups in groups.items():
        if num_images < IMAGES_EACH_GROUP * num_groups:
            raise PlaygroundError(
                f"{short_name(config.data)} has {num_images:,} pictures, too few for {num_groups} groups of them: "
                f"add some until there are {IMAGES_EACH_GROUP * num_groups:,}, or lower model.{name}."
            )


def build_step(model: GenerativeModel, config: TrainingConfig) -> Step:
    """The step object of the config's objective. Raises `PlaygroundError` where it does not fit the family."""
    needed = {"classic": "discriminator", "relativistic": "levels", "autoencoding": "bound"}[config.objective.kind]
    if not hasattr(model, needed):
        raise PlaygroundError(
            f"The objective {config.objective.kind!r} does not fit family {config.family!r}, which lacks {needed!r}: "
            "choose another objective.kind."
        )
    match config.objective:
        case ClassicObjective():
            return ClassicStep(model, config.optimizer)
        case RelativisticObjective():
            return RelativisticStep(model, config.objective, config.optimizer)
        case AutoencodingObjective():
            return AutoencodingStep(model, config.objective, config.optimizer)


@contextmanager
def launched(config: TrainingConfig) -> Iterator[Fabric]:
    """Fabric on the best device there is; under torchrun, as many processes as it started.

    They leave together: a process that ends while another still talks to it
    takes both down.
    """
    num_processes = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
    num_nodes = max(1, int(os.environ.get("WORLD_SIZE", "1")) // num_processes)
    fabric = Fabric(
        accelerator="auto",
        devices=num_processes,
        num_nodes=num_nodes,
        strategy="ddp" if num_processes * num_nodes > 1 else "auto",
        precision=config.precision,
    )
    fabric.launch()
    yield fabric
    if fabric.world_size > 1:
        fabric.barrier()
        torch.distributed.destroy_process_group()
