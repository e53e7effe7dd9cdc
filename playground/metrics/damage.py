"""Known damage to pictures: what a measure of quality must see, and by how much.

Each function takes uint8 pictures and one strength a picture, and returns
uint8 pictures of the same shape; at strength 0 they are what they were. The
judge of faces learns to tell the kinds apart, and `benchmarks/face_judge.py`
shows what the distances make of them.
"""

from __future__ import annotations

import io

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor
from torch.nn import functional

Pictures = UInt8[Tensor, "n channels height width"]
Strengths = Float[Tensor, " n"]


def blurred(images: Pictures, strength: Strengths) -> Pictures:
    """Seen through a Gaussian whose standard deviation is so many pixels, at most 3."""
    num_images, channels, height, width = images.shape
    offsets = torch.arange(-6, 7)
    kernel = torch.exp(-0.5 * (offsets / strength.clamp(min=1e-3)[:, None]).square())
    kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(channels, 0)[:, None, :]
    rows = images.float().reshape(1, num_images * channels, height, width)
    rows = functional.conv2d(functional.pad(rows, (6, 6, 0, 0), "replicate"), kernel[:, :, None, :], groups=len(kernel))
    rows = functional.conv2d(functional.pad(rows, (0, 0, 6, 6), "replicate"), kernel[:, :, :, None], groups=len(kernel))
    return _levels(rows.reshape(images.shape))


def noisy(images: Pictures, strength: Strengths, generator: torch.Generator) -> Pictures:
    """With Gaussian noise whose standard deviation is so many grey levels."""
    noise = torch.randn(images.shape, generator=generator)
    return _levels(images + strength[:, None, None, None] * noise)


def compressed(images: Pictures, strength: Strengths) -> Pictures:
    """Stored as JPEG, at quality 100 less the strength (at most 99) and back; grey or in three colours."""
    found = []
    for image, less in zip(images.permute(0, 2, 3, 1).numpy(), strength.tolist(), strict=True):
        if round(less) == 0:
            found.append(image)
            continue
        buffer = io.BytesIO()
        Image.fromarray(image.squeeze(2) if image.shape[2] == 1 else image).save(
            buffer, "JPEG", quality=100 - round(less)
        )
        found.append(np.asarray(Image.open(buffer)).reshape(image.shape))
    return torch.from_numpy(np.stack(found)).permute(0, 3, 1, 2).contiguous()


def bent(images: Pictures, strength: Strengths, generator: torch.Generator) -> Pictures:
    """Bent smoothly, a different way each: every point moves by about so many pixels."""
    num_images, _, height, width = images.shape
    coarse = torch.randn(num_images, 2, 5, 5, generator=generator)
    moves = functional.interpolate(coarse, (height, width), mode="bicubic", align_corners=True)
    moves = moves * strength[:, None, None, None] * torch.tensor([2 / width, 2 / height])[:, None, None]
    straight = functional.affine_grid(torch.eye(2, 3).expand(num_images, 2, 3), list(images.shape), align_corners=False)
    grid = straight + moves.permute(0, 2, 3, 1)
    found = functional.grid_sample(images.float(), grid, padding_mode="border", align_corners=False)
    return torch.where(strength[:, None, None, None] > 0, _levels(found), images)


def patched(images: Pictures, strength: Strengths, generator: torch.Generator) -> Pictures:
    """A square with this share of the side, anywhere, comes from the picture before, at the same place."""
    num_images, _, height, width = images.shape
    corners = torch.rand(2, num_images, generator=generator) * (1 - strength)
    rows, columns = torch.arange(height) / height, torch.arange(width) / width
    down = (rows >= corners[0][:, None]) & (rows < (corners[0] + strength)[:, None])
    across = (columns >= corners[1][:, None]) & (columns < (corners[1] + strength)[:, None])
    inside = down[:, None, :, None] & across[:, None, None, :]
    return torch.where(inside, images.roll(1, 0), images)


def _levels(images: Float[Tensor, "n channels height width"]) -> Pictures:
    return images.round().clamp(0, 255).to(torch.uint8)
