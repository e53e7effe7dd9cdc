"""How faithful reconstructions of held-out pictures are."""

from __future__ import annotations

from jaxtyping import UInt8
from torch import Tensor

from playground.errors import PlaygroundError
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import Reference


def measure_reconstructions(
    reconstructed: UInt8[Tensor, "n channels height width"], held_out: Reference
) -> dict[str, float]:
    """The figures of reconstructions of `held_out.images`, in the same order.

    `reconstruction_distance` is the Fréchet distance between the pictures and
    their reconstructions as two sets (low when they look right, whether or not
    they are the same), `reconstruction_error` the root of the mean
    squared pixel error in grey levels, 0 to 255.
    """
    reconstructed = held_out.judge.at_own_size(reconstructed)
    if len(reconstructed) != len(held_out.images):
        raise PlaygroundError(
            f"There must be one reconstruction a picture, not {len(reconstructed)} of {len(held_out.images)}."
        )
    difference = reconstructed.double() - held_out.images.double()
    return {
        "reconstruction_distance": frechet_distance(held_out.judge(reconstructed).features, held_out.verdict.features),
        "reconstruction_error": difference.square().mean().sqrt().item(),
    }
