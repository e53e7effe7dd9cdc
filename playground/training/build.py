"""From a config to the model, its step and the Fabric that runs them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from lightning_fabric import Fabric

from playground.data import ImageSet
from playground.errors import PlaygroundError
from playground.models import GenerativeModel, family
from playground.models.prior import GaussianMixture, StandardNormal
from playground.training.config import AutoencodingObjective, ClassicObjective, RelativisticObjective, TrainingConfig
from playground.training.data_fit import check_data, image_size_of, needs_classes
from playground.training.guidance import GuidedStep
from playground.training.steps import AutoencodingStep, ClassicStep, RelativisticStep, Step


def build_model(config: TrainingConfig, load: Callable[[int], ImageSet]) -> tuple[GenerativeModel, ImageSet]:
    """The model with fresh weights from the seed, and the data at its size, labelled as the model is trained.

    Args:
        config: of the training.
        load: gives the data at an image size.

    A family that needs class names gets those of the data; any other gets no labels.

    Raises `PlaygroundError` where the data does not do for the model.
    """
    found = family(config.family)
    data = load(image_size_of(config))
    check_data(config, len(data), len(data.class_names))
    values = {**config.model, "image_channels": data.images.shape[1]}
    if needs_classes(config):
        values["class_names"] = data.class_names
    torch.manual_seed(config.seed)
    model = found.build(values)
    return model, data if model.class_names else data.unlabelled()


def build_step(model: GenerativeModel, config: TrainingConfig) -> Step:
    """The step object of the config's objective. Raises `PlaygroundError` where it does not fit the family."""
    needed = {"classic": "discriminator", "relativistic": "levels", "autoencoding": "bound"}[config.objective.kind]
    if not hasattr(model, needed):
        raise PlaygroundError(
            f"The objective {config.objective.kind!r} does not fit family {config.family!r}, which lacks {needed!r}: "
            "choose another objective.kind."
        )
    match config.objective:
        case RelativisticObjective(code_deviation=deviation) if deviation < 1 and not draws_normal_codes(model):
            raise PlaygroundError(
                "objective.code_deviation is for codes from N(0, I), which this model's are not: leave it at 1."
            )
        case ClassicObjective():
            return ClassicStep(model, config.optimizer)
        case RelativisticObjective(guide=guide) if (guide is not None) != isinstance(model.noise, GaussianMixture):
            raise PlaygroundError(
                "objective.guide fits what codes are drawn from, and nothing else does: set both or neither, it and "
                "model.has_fitted_noise in a style-based family, it and model.mixture_components in any other."
            )
        case RelativisticObjective(guide=None):
            return RelativisticStep(model, config.objective, config.optimizer)
        case RelativisticObjective(guide=guide):
            return GuidedStep(model, config.objective, guide, config.optimizer)
        case AutoencodingObjective():
            return AutoencodingStep(model, config.objective, config.optimizer)


def draws_normal_codes(model: GenerativeModel) -> bool:
    """Whether seeds become codes from N(0, I)."""
    return isinstance(model.prior, StandardNormal)


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
