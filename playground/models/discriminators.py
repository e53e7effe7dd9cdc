"""The discriminators of the convolutional families: one logit a picture."""

from __future__ import annotations

import math

from jaxtyping import Float
from torch import Tensor, nn

from playground.models.blocks import Features, start_at


class Discriminator(nn.Module):
    """A logit without a class.

    Args:
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at half of `image_size`, a quarter and so on.
    """

    def __init__(self, image_size: int, image_channels: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.features = Features(image_size, image_channels, channels)
        self.logit = start_at(nn.Linear(self.features.num_features, 1), self.features.num_features, gain=1.0)

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, " batch"]:
        return self.logit(self.features(images)).squeeze(1)


class ProjectionDiscriminator(nn.Module):
    """A logit that also asks whether the picture is of its class.

    Args:
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at half of `image_size`, a quarter and so on.
        num_classes: how many there are.
    """

    def __init__(self, image_size: int, image_channels: int, channels: tuple[int, ...], num_classes: int) -> None:
        super().__init__()
        self.features = Features(image_size, image_channels, channels)
        num_features = self.features.num_features
        self.logit = start_at(nn.Linear(num_features, 1), num_features, gain=1.0)
        self.embed = nn.Linear(num_classes, num_features, bias=False)
        nn.init.normal_(self.embed.weight, std=1 / math.sqrt(num_features))

    def forward(
        self, images: Float[Tensor, "batch channels height width"], y: Float[Tensor, "batch num_classes"]
    ) -> Float[Tensor, " batch"]:
        features = self.features(images)
        return self.logit(features).squeeze(1) + (self.embed(y) * features).sum(dim=1)
