"""Pictures as tutorials read them: one at a time through PIL and a DataLoader."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64, UInt8
from PIL import Image
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms


class Pictures(Dataset):
    """Labelled pictures; each access makes a PIL picture, then a tensor in [-1, 1]."""

    def __init__(self, images: UInt8[Tensor, "n channels height width"], labels: Int64[Tensor, " n"]) -> None:
        self.images = images.permute(0, 2, 3, 1).squeeze(3).numpy()  # grey ones without an axis for the colour
        self.labels = labels.tolist()
        self.transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[Float[Tensor, "channels height width"], int]:
        return self.transform(Image.fromarray(self.images[index])), self.labels[index]


def loader(
    images: UInt8[Tensor, "n channels height width"], labels: Int64[Tensor, " n"], batch_size: int
) -> DataLoader:
    """Shuffled batches of (images, labels), the last, short one left out."""
    return DataLoader(Pictures(images, labels), batch_size, shuffle=True, drop_last=True)


def to_levels(
    images: Float[Tensor, "n pixels"] | Float[Tensor, "n channels height width"],
) -> UInt8[Tensor, "n channels height width"]:
    """Generated pictures in [-1, 1] as grey levels 0 to 255; rows of pixels are 28x28 digits."""
    return (
        (images if images.ndim == 4 else images.view(-1, 1, 28, 28))
        .add(1)
        .mul(127.5)
        .round()
        .clamp(0, 255)
        .to(torch.uint8)
    )


def seeded(seed: int) -> torch.Generator:
    """A source of random numbers that always gives the same ones for a seed."""
    return torch.Generator().manual_seed(seed)
