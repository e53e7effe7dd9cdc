"""The standard FID, for those who have the Inception network's weights.

Heusel et al., 2017, in the features of the Inception network (Szegedy et al.,
"Rethinking the Inception architecture for computer vision", 2016) as
torch-fidelity rebuilds it from the original. Neither that library nor the
weights are part of the playground, and nothing is downloaded.
"""

from __future__ import annotations

from pathlib import Path
from pickle import UnpicklingError

import torch
from jaxtyping import Float, UInt8
from torch import Tensor, nn

from playground.errors import PlaygroundError
from playground.metrics.frechet import frechet_distance

BATCH_SIZE = 32


def inception_distance(
    first: UInt8[Tensor, "n channels height width"], second: UInt8[Tensor, "m channels height width"], weights: Path
) -> float:
    """The FID of two sets of uint8 pictures; grey ones are given three equal channels.

    With fewer than some ten thousand pictures a side it lies far above its
    limit, and only figures of equal numbers compare.

    Args:
        weights: the file that torch-fidelity's releases offer, `weights-inception-2015-12-05-6726825d.pth`.

    Raises `PlaygroundError` where the library or the file is missing, or the file is another one.
    """
    network = load_inception(weights)
    return frechet_distance(_features(network, first), _features(network, second))


def load_inception(weights: Path) -> nn.Module:
    """The network; called with uint8 [batch, 3, height, width] it returns a tuple of features [batch, 2048]."""
    try:
        from torch_fidelity.feature_extractor_inceptionv3 import FeatureExtractorInceptionV3  # optional
    except ImportError:
        raise PlaygroundError(
            "The standard FID needs torch-fidelity: `python -m pip install torch-fidelity`."
        ) from None
    if not weights.is_file():
        raise PlaygroundError(
            f"There are no Inception weights at {weights}: nothing is downloaded, put the file there."
        )
    try:
        torch.load(weights, weights_only=True)  # the library would run code from a file that is no plain weights
        return FeatureExtractorInceptionV3("inception", ["2048"], feature_extractor_weights_path=str(weights))
    except (RuntimeError, UnpicklingError, EOFError, KeyError, OSError):
        raise PlaygroundError(
            f"{weights} holds no Inception weights: it must be the file that torch-fidelity's releases offer."
        ) from None


@torch.inference_mode()
def _features(network: nn.Module, images: UInt8[Tensor, "n channels height width"]) -> Float[Tensor, "n features"]:
    return torch.cat([network(batch.expand(-1, 3, -1, -1))[0].double() for batch in images.split(BATCH_SIZE)])
