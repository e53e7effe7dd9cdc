"""Labelled directions: where a number that belongs to the pictures, such as an age, grows along a line of codes.

Pictures of many seeds are drawn, the number is read off each picture, and the
codes are regressed on it (Shen et al., "Interpreting the Latent Space of GANs
for Semantic Face Editing", 2020, who separate two halves by a plane). A
direction is then made to leave the other numbers alone, by taking away what it
has in common with theirs (section 3.2 there, conditional manipulation).

The reader is a linear one, fitted to thumbnails of the training pictures and
their attributes: on aligned pictures, which generative models are trained on, it
tells what a person would read off a thumbnail, and needs no network.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from playground.data import ImageSet
from playground.models import GenerativeModel

NUM_CODES = 6_000
THUMBNAIL = 16  # pixels
RIDGE = 30.0  # in units of a row's squares: thumbnails have pixels that are alike
BATCH_SIZE = 200


def fit_labelled(model: GenerativeModel, data: ImageSet) -> None:
    """Gives a model a direction for each attribute of its data. To be called once its weights and prior are final.

    Args:
        model: in eval mode; changed in place.
        data: the training pictures, with attributes. One that is the same in all pictures is left out.
    """
    known = data.attributes.isfinite().all(dim=1)
    values = data.attributes[known]
    varied = values.std(dim=0) > 0
    names = tuple(name for name, varies in zip(data.attribute_names, varied, strict=True) if varies)
    reader = fit_reader(data.images[known], values[:, varied])
    model.take_labelled(names, *labelled_directions(model, reader))


def fit_reader(
    images: Float[Tensor, "num_images channels height width"] | Tensor, values: Float[Tensor, "num_images num_labels"]
) -> Float[Tensor, "num_inputs num_labels"]:
    """Weights that read each value, in standard deviations, off a picture's `thumbnails`.

    Args:
        images: uint8.
        values: that belong to them.
    """
    seen = torch.cat([thumbnails(part.float() / 127.5 - 1) for part in images.split(BATCH_SIZE)])
    standard = (values - values.mean(dim=0)) / values.std(dim=0)
    return ridge(seen, standard.to(seen.device))


def thumbnails(images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch num_inputs"]:
    """All levels of the pictures at 16x16, and a 1."""
    small = functional.interpolate(images, (THUMBNAIL, THUMBNAIL), mode="area").flatten(1)
    return torch.cat([small, small.new_ones(len(small), 1)], dim=1)


def ridge(
    inputs: Float[Tensor, "num_rows num_inputs"], outputs: Float[Tensor, "num_rows num_outputs"]
) -> Float[Tensor, "num_inputs num_outputs"]:
    """argmin |inputs W - outputs|^2 + 30 |W|^2. Hoerl and Kennard, "Ridge Regression", 1970."""
    inputs, outputs = inputs.double(), outputs.double()
    gram = inputs.T @ inputs + RIDGE * torch.eye(inputs.shape[1], dtype=torch.float64, device=inputs.device)
    return torch.linalg.solve(gram, inputs.T @ outputs).float()


@torch.no_grad()
def labelled_directions(
    model: GenerativeModel, reader: Float[Tensor, "num_inputs num_labels"]
) -> tuple[Float[Tensor, "num_labels latent_dim"], Float[Tensor, " num_labels"]]:
    """Unit vectors along which one reading grows and the others stay, and one standard deviation of the codes on each.

    They are found in coordinates in which the codes have unit covariance, as
    principal directions are. Where a model has classes, what these change is
    told apart from what the code does.
    """
    device = next(model.parameters()).device
    codes = torch.stack([model.prior.draw(seed) for seed in range(NUM_CODES)])
    classes = (
        torch.eye(len(model.class_names))[torch.arange(NUM_CODES) % len(model.class_names)]
        if model.class_names
        else None
    )
    readings = []
    for start in range(0, NUM_CODES, BATCH_SIZE):
        rows = slice(start, start + BATCH_SIZE)
        y = None if classes is None else classes[rows].to(device)
        readings.append((thumbnails(model.decode(codes[rows].to(device), y).float()) @ reader.to(device)).cpu())
    factor = torch.linalg.cholesky(codes.double().T.cov())
    whitened = torch.linalg.solve_triangular(factor, (codes.double() - codes.double().mean(0)).T, upper=False).T
    told = torch.ones(NUM_CODES, 1) if classes is None else classes
    slopes = ridge(torch.cat([whitened, told], dim=1), torch.cat(readings))[: model.latent_dim].double()
    steps = torch.stack([factor @ alone(slopes, label) for label in range(slopes.shape[1])])
    scales = steps.norm(dim=1)
    return (steps / scales[:, None]).float(), scales.float()


def alone(slopes: Float[Tensor, "latent_dim num_labels"], label: int) -> Float[Tensor, " latent_dim"]:
    """The unit vector along which one label rises and the others do not change."""
    others = torch.cat([slopes[:, :label], slopes[:, label + 1 :]], dim=1)
    own = slopes[:, label]
    if others.shape[1]:
        own = own - others @ torch.linalg.lstsq(others, own).solution
    return own / own.norm()
