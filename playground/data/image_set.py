"""A data set in memory: one tensor of pictures and their labels."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class ImageSet:
    """Pictures and labels; small enough to live on the training device whole.

    Attributes:
        images: uint8 [num_images, channels, height, width], 0 is black.
        labels: int64 [num_images], an index into `class_names`; 0 where there are none.
        class_names: one name a class.
        attributes: float32 [num_images, num_attributes], not a number where nothing is
            known of a picture; None where there are no attributes.
        attribute_names: one name an attribute.
    """

    images: UInt8[Tensor, "num_images channels height width"]
    labels: Int64[Tensor, " num_images"]
    class_names: tuple[str, ...]
    attributes: Float[Tensor, "num_images num_attributes"] | None = None
    attribute_names: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.images)

    def unlabelled(self) -> ImageSet:
        """The same pictures, of no class."""
        return replace(self, labels=torch.zeros_like(self.labels), class_names=())

    def at_size(self, image_size: int) -> ImageSet:
        """The same pictures, square, `image_size` pixels high.

        They are enlarged by the largest whole factor that fits and framed with
        black, so MNIST's 28 pixels are never smeared over 32; pictures that are
        too large are shrunk.
        """
        height, width = self.images.shape[2:]
        largest = max(height, width)
        if height == width == image_size:
            return self
        factor = image_size // largest or image_size / largest
        target = (round(height * factor), round(width * factor))
        images = self.images
        if factor != 1:
            images = functional.interpolate(
                images.float(), target, mode="bilinear", antialias=True, align_corners=False
            )
            images = images.round().clamp(0, 255).to(torch.uint8)
        left, top = (image_size - target[1]) // 2, (image_size - target[0]) // 2
        frame = (left, image_size - target[1] - left, top, image_size - target[0] - top)
        return replace(self, images=functional.pad(images, frame))
