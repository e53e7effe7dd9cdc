"""Faces that need no data set."""

from __future__ import annotations

import torch


def drawn_faces(num_images: int, seed: int) -> torch.Tensor:
    """Drawn faces, uint8 [n, 3, 64, 64]: an oval with two eyes and a mouth before a plain wall, all at random."""
    generator = torch.Generator().manual_seed(seed)

    def between(low: float, high: float) -> torch.Tensor:
        return low + (high - low) * torch.rand(num_images, 1, 1, generator=generator)

    rows, columns = torch.meshgrid(torch.arange(64.0), torch.arange(64.0), indexing="ij")
    middle_row, middle_column = between(28, 36), between(28, 36)
    height, width, gap = between(22, 28), between(16, 22), between(6, 9)

    def oval(row: torch.Tensor, column: torch.Tensor, high: torch.Tensor, wide: torch.Tensor) -> torch.Tensor:
        outside = ((rows - row) / high).square() + ((columns - column) / wide).square()
        return (4 * (1 - outside)).clamp(0, 1)[:, None]

    image = torch.rand(num_images, 3, 1, 1, generator=generator).mul(200).expand(-1, -1, 64, 64)
    skin = between(0.4, 1)[:, None] * torch.tensor([235.0, 190, 160])[:, None, None]
    dark = torch.tensor([40.0, 25, 25])[:, None, None]
    red = torch.tensor([170.0, 60, 60])[:, None, None]
    layers = [
        (oval(middle_row, middle_column, height, width), skin),
        (oval(middle_row - 6, middle_column - gap, between(1.5, 3), between(2, 4)), dark),
        (oval(middle_row - 6, middle_column + gap, between(1.5, 3), between(2, 4)), dark),
        (oval(middle_row + 11, middle_column, between(1.5, 4), between(5, 9)), red),
    ]
    for cover, colour in layers:
        image = image + cover * (colour - image)
    return image.round().clamp(0, 255).to(torch.uint8)
