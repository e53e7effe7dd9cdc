"""What a run shows of itself on the way: sheets of samples."""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor

from playground import images
from playground.data import ImageSet
from playground.models import Capability, GenerativeModel
from playground.training.run_folder import RunFolder

NUM_COLUMNS = 10
NUM_ROWS = 6
SIDE = 8  # of each half of a checkpoint's preview, in pictures
TRUNCATED = 0.7  # psi of its right half


def sheet_codes(model: GenerativeModel) -> tuple[Tensor, Tensor | None]:
    """The codes of seeds 0 to 59 and, for a conditional model, a class for each column."""
    z = torch.stack([model.prior.draw(seed) for seed in range(NUM_COLUMNS * NUM_ROWS)])
    if not model.class_names:
        return z, None
    classes = torch.arange(NUM_COLUMNS).repeat(NUM_ROWS) % len(model.class_names)
    return z, torch.eye(len(model.class_names))[classes]


@torch.no_grad()
def draw_sheet(model: GenerativeModel) -> Float[Tensor, "num_images channels height width"]:
    """Samples of seeds 0 to 59 on the CPU, a class a column where there are classes."""
    device = next(model.parameters()).device
    z, y = sheet_codes(model)
    return model.decode(z.to(device), None if y is None else y.to(device)).float().cpu()


@torch.no_grad()
def draw_preview(model: GenerativeModel) -> Float[Tensor, "num_images channels height width"]:
    """Seeds 0 to 63 on the CPU, classes in turn, in rows of 8 at psi 1 and the same 8 truncated."""
    device = next(model.parameters()).device
    rows = []
    for first in range(0, SIDE**2, SIDE):
        seeds = range(first, first + SIDE)
        y = (
            torch.eye(len(model.class_names))[[seed % len(model.class_names) for seed in seeds]]
            if model.class_names
            else None
        )
        for psi in (1.0, TRUNCATED):
            z = torch.stack([model.prior.draw(seed, psi) for seed in seeds])
            rows.append(model.decode(z.to(device), None if y is None else y.to(device)).float().cpu())
    return torch.cat(rows)


@torch.no_grad()
def draw_pairs(model: GenerativeModel, data: ImageSet) -> Float[Tensor, "num_images channels height width"]:
    """Rows of training pictures, each above its reconstructions."""
    device = next(model.parameters()).device
    count = NUM_COLUMNS * NUM_ROWS // 2
    originals = data.images[:count].to(device).float() / 127.5 - 1
    y = torch.eye(len(data.class_names))[data.labels[:count].cpu()].to(device) if model.class_names else None
    rebuilt = model.decode(model.encode(originals, y), y)
    rows = zip(originals.split(NUM_COLUMNS), rebuilt.split(NUM_COLUMNS), strict=True)
    return torch.cat([part for row in rows for part in row]).float().cpu()


def write_sheet(run: RunFolder, model: GenerativeModel, data: ImageSet, images_seen: int) -> None:
    """Samples as samples/IMAGES_SEEN.png; with pairs of originals and reconstructions below."""
    parts = [draw_sheet(model)]
    if Capability.ENCODE in model.capabilities:
        parts.append(draw_pairs(model, data))
    run.write_sample(images_seen, images.grid(images.to_uint8(torch.cat(parts)), NUM_COLUMNS))
