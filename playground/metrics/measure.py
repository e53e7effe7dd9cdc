"""Measures one model against held-out digits."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from playground.errors import PlaygroundError
from playground.images import to_uint8
from playground.metrics.evidence_bound import HasBound, mean_bound
from playground.metrics.judge import JUDGE_SIZE
from playground.metrics.reconstructions import measure_reconstructions
from playground.metrics.reference import Reference
from playground.metrics.samples import measure_samples
from playground.models import Capability, GenerativeModel
from playground.models.prior import StandardNormal

DIGITS = tuple("0123456789")
BATCH_SIZE = 250


def measure(model: GenerativeModel, labels: Int64[Tensor, " n"], held_out: Reference) -> dict[str, float]:
    """All figures of a model by name, those of `measure_samples` first.

    Args:
        model: in eval mode, on the CPU.
        labels: one a picture to draw: the classes to ask for, where the model takes any.
        held_out: real digits that the model was not trained on.

    Codes are drawn from the model's own prior with the seeds 0 to n-1. A model
    with a fitted prior is measured from N(0, I) as well, those figures ending
    in `_normal`; one that can encode gets the figures of reconstructions, and
    one that offers a bound on the likelihood `evidence_bound_nats`.

    Raises `PlaygroundError` for a model that draws no grey digits of 28 or 32 pixels.
    """
    check_draws_digits(model)
    asked = labels if model.class_names else None
    figures = measure_samples(draw(model, model.prior, labels), asked, held_out)
    if Capability.FITTED_PRIOR in model.capabilities:
        plain = measure_samples(draw(model, StandardNormal(model.latent_dim), labels), asked, held_out)
        figures |= {f"{name}_normal": value for name, value in plain.items()}
    if Capability.ENCODE in model.capabilities:
        figures |= measure_reconstructions(reconstruct(model, held_out), held_out)
    if isinstance(model, HasBound):
        figures["evidence_bound_nats"] = mean_bound(model, *at_model_size(model, held_out))
    return figures


def check_draws_digits(model: GenerativeModel) -> None:
    """Raises `PlaygroundError` unless the model draws what the judge can judge."""
    channels, height, width = model.image_shape
    fits = channels == 1 and height == width and height in (28, JUDGE_SIZE)
    if not fits or model.class_names not in ((), DIGITS):
        raise PlaygroundError(
            f"Only models of grey digits 0 to 9 at 28x28 or 32x32 can be measured, not {channels} channels at "
            f"{height}x{width} with classes {', '.join(model.class_names) or 'none'}."
        )


@torch.inference_mode()
def draw(
    model: GenerativeModel, prior: torch.nn.Module, labels: Int64[Tensor, " n"]
) -> UInt8[Tensor, "n 1 height width"]:
    """A picture a label: codes from `prior` with the seeds 0 to n-1; the labels only where the model takes classes."""
    codes = torch.stack([prior.draw(seed) for seed in range(len(labels))])
    classes = class_weights(model, labels)
    return torch.cat([levels(model.decode(z, y)) for z, y in batches(codes, classes)])


@torch.inference_mode()
def reconstruct(model: GenerativeModel, held_out: Reference) -> UInt8[Tensor, "n 1 height width"]:
    """Held-out digits encoded and decoded, their true classes told to models that take classes."""
    images, classes = at_model_size(model, held_out)
    return torch.cat([levels(model.decode(model.encode(x, y), y)) for x, y in batches(images, classes)])


def at_model_size(
    model: GenerativeModel, held_out: Reference
) -> tuple[Float[Tensor, "n 1 height width"], Float[Tensor, "n 10"] | None]:
    """Held-out digits in [-1, 1] at the model's size, and the class weights where it takes classes."""
    margin = (JUDGE_SIZE - model.image_shape[1]) // 2
    images = held_out.images[..., margin : JUDGE_SIZE - margin, margin : JUDGE_SIZE - margin]
    return images.float().div(127.5).sub(1), class_weights(model, held_out.labels)


def class_weights(model: GenerativeModel, labels: Int64[Tensor, " n"]) -> Float[Tensor, "n 10"] | None:
    """One row a label with a single 1; None where the model takes no classes."""
    return torch.nn.functional.one_hot(labels, len(DIGITS)).float() if model.class_names else None


def batches(
    first: Float[Tensor, "n ..."], classes: Float[Tensor, "n 10"] | None
) -> list[tuple[Float[Tensor, "batch ..."], Float[Tensor, "batch 10"] | None]]:
    """Both in batches of 250, side by side."""
    rows = first.split(BATCH_SIZE)
    return list(zip(rows, classes.split(BATCH_SIZE) if classes is not None else [None] * len(rows), strict=True))


def levels(images: Float[Tensor, "batch 1 height width"]) -> UInt8[Tensor, "batch 1 height width"]:
    """Grey levels 0 to 255, rounded exactly as every exported picture is."""
    return torch.from_numpy(to_uint8(images)).permute(0, 3, 1, 2)
