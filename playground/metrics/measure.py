"""Measures one model against held-out pictures."""

from __future__ import annotations

from pathlib import Path

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from playground.images import to_uint8
from playground.metrics.evidence_bound import HasBound, mean_bound
from playground.metrics.judge import Reference
from playground.metrics.reconstructions import measure_reconstructions
from playground.metrics.samples import measure_samples
from playground.models import Capability, GenerativeModel
from playground.models.prior import StandardNormal

BATCH_SIZE = 250


def measure(
    model: GenerativeModel, labels: Int64[Tensor, " n"], held_out: Reference, data_dir: Path | None = None
) -> dict[str, float]:
    """All figures of a model by name, those of `measure_samples` first.

    Args:
        model: in eval mode, on the CPU.
        labels: one a picture to draw: the classes to ask for, where the model takes any.
        held_out: real pictures that the model was not trained on; their judge measures.
        data_dir: where the judge finds the pictures that it was trained on.

    Codes are drawn from the model's own prior with the seeds 0 to n-1. A model
    with a fitted prior is measured from N(0, I) as well, those figures ending
    in `_normal`; one that can encode gets the figures of reconstructions, and
    one that offers a bound on the likelihood `evidence_bound_nats`.

    Raises `PlaygroundError` for a model that draws what the judge cannot judge.
    """
    held_out.judge.check(model)
    asked = labels if model.class_names else None
    samples = draw(model, model.prior, labels)
    figures = measure_samples(samples, asked, held_out)
    if Capability.FITTED_PRIOR in model.capabilities:
        plain = measure_samples(draw(model, StandardNormal(model.latent_dim), labels), asked, held_out)
        figures |= {f"{name}_normal": value for name, value in plain.items()}
    if Capability.ENCODE in model.capabilities:
        figures |= measure_reconstructions(reconstruct(model, held_out), held_out)
    if isinstance(model, HasBound):
        figures["evidence_bound_nats"] = mean_bound(model, *at_model_size(model, held_out))
    return figures | held_out.judge.model_figures(model, samples, held_out, data_dir)


@torch.inference_mode()
def draw(
    model: GenerativeModel, prior: torch.nn.Module, labels: Int64[Tensor, " n"]
) -> UInt8[Tensor, "n channels height width"]:
    """A picture a label: codes from `prior` with the seeds 0 to n-1; the labels only where the model takes classes."""
    codes = torch.stack([prior.draw(seed) for seed in range(len(labels))])
    classes = class_weights(model, labels)
    return torch.cat([levels(model.decode(z, y)) for z, y in batches(codes, classes)])


@torch.inference_mode()
def reconstruct(model: GenerativeModel, held_out: Reference) -> UInt8[Tensor, "n channels height width"]:
    """Held-out pictures encoded and decoded, their true classes told to models that take classes."""
    images, classes = at_model_size(model, held_out)
    return torch.cat([levels(model.decode(model.encode(x, y), y)) for x, y in batches(images, classes)])


def at_model_size(
    model: GenerativeModel, held_out: Reference
) -> tuple[Float[Tensor, "n channels height width"], Float[Tensor, "n num_classes"] | None]:
    """Held-out pictures in [-1, 1] at the model's size, and the class weights where it takes classes."""
    images = held_out.judge.at_model_size(held_out.images, model)
    return images.float().div(127.5).sub(1), class_weights(model, held_out.labels)


def class_weights(model: GenerativeModel, labels: Int64[Tensor, " n"]) -> Float[Tensor, "n num_classes"] | None:
    """One row a label with a single 1; None where the model takes no classes."""
    return torch.nn.functional.one_hot(labels, len(model.class_names)).float() if model.class_names else None


def batches(
    first: Float[Tensor, "n ..."], classes: Float[Tensor, "n num_classes"] | None
) -> list[tuple[Float[Tensor, "batch ..."], Float[Tensor, "batch num_classes"] | None]]:
    """Both in batches of 250, side by side."""
    rows = first.split(BATCH_SIZE)
    return list(zip(rows, classes.split(BATCH_SIZE) if classes is not None else [None] * len(rows), strict=True))


def levels(images: Float[Tensor, "batch channels height width"]) -> UInt8[Tensor, "batch channels height width"]:
    """Grey levels 0 to 255, rounded exactly as every exported picture is."""
    return torch.from_numpy(to_uint8(images)).permute(0, 3, 1, 2)
