"""The nearest training pictures, in a judge's features: are samples copies?"""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor

from playground.errors import PlaygroundError
from playground.metrics.judge import Judge

CHUNK = 500


def nearest(
    points: Float[Tensor, "n features"], training: Float[Tensor, "m features"], num_neighbours: int = 1
) -> tuple[Float[Tensor, "n num_neighbours"], Int64[Tensor, "n num_neighbours"]]:
    """The distances to the nearest training points, nearest first, and which they are.

    Raises `PlaygroundError` where there are fewer training points than that.
    """
    if len(training) < num_neighbours:
        raise PlaygroundError(f"{num_neighbours} neighbours need as many training pictures, there are {len(training)}.")
    found = [torch.cdist(chunk, training).topk(num_neighbours, largest=False) for chunk in points.split(CHUNK)]
    return torch.cat([each.values for each in found]), torch.cat([each.indices for each in found])


def nearest_either_way(
    judge: Judge,
    images: UInt8[Tensor, "n channels height width"],
    features: Float[Tensor, "n features"],
    training: Float[Tensor, "m features"],
) -> Float[Tensor, " n"]:
    """Each picture's distance to its nearest training picture, of itself and its mirror image the lesser.

    Trainings mirror their pictures, so a copy may be a mirrored one.

    Args:
        judge: whose features they are.
        images: uint8, at the judge's own size.
        features: of the images.
        training: of the training pictures.
    """
    mirrored = judge(images.flip(3)).features
    own, other = nearest(features, training)[0][:, 0], nearest(mirrored, training)[0][:, 0]
    return torch.minimum(own, other)
