"""What strokes and edges a picture has, and roughly where: features that bear a shift or a shear better than pixels."""

from __future__ import annotations

import math

import torch
from jaxtyping import Float, UInt8
from torch import Tensor
from torch.nn import functional
from torchvision.transforms.v2.functional import gaussian_blur

SIZE = 32  # pixels that pictures are brought to first; what follows is in such pixels
NUM_ORIENTATIONS = 8
STEP = 3  # from one cell to the next
EDGE_SIGMA = 0.7
CELL_SIGMA = 1.5
CHUNK_SIZE = 2000  # pictures worked on at once


def oriented_gradients(
    images: UInt8[Tensor, "num_images channels height width"],
) -> Float[Tensor, "num_images num_features"]:
    """Histograms of oriented gradients (Dalal and Triggs, 2005), on cells with soft edges; rows of length 1.

    Own code, because the libraries' works on one picture at a time.
    """
    return torch.cat([_of_chunk(chunk.float().mean(1, keepdim=True) / 255) for chunk in images.split(CHUNK_SIZE)])


def _of_chunk(grey: Float[Tensor, "batch 1 height width"]) -> Float[Tensor, "batch num_features"]:
    small = functional.interpolate(grey, (SIZE, SIZE), mode="area")
    down, across = torch.gradient(gaussian_blur(small, [5, 5], [EDGE_SIGMA]), dim=(2, 3))
    angles = torch.arange(NUM_ORIENTATIONS, device=grey.device)[:, None, None] * (2 * math.pi / NUM_ORIENTATIONS)
    along = (across * angles.cos() + down * angles.sin()).clamp(min=0)
    strength = torch.hypot(across, down)
    votes = along.square() / strength.clamp(min=1e-6)
    cells = gaussian_blur(votes, [9, 9], [CELL_SIGMA])[:, :, 1::STEP, 1::STEP]
    return functional.normalize(cells.flatten(1).clamp(min=0).sqrt())
