"""The layers that the convolutional families are built from.

None of them normalises. Without normalisation a picture never depends on the
others in its batch, and the scale of the signal is kept by the initial weights
alone (He et al., "Delving Deep into Rectifiers", 2015, equation 10, with the
leak of the rectifier in the gain).
"""

from __future__ import annotations

import itertools
import math

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from playground.errors import PlaygroundError

LEAK = 0.2


def rectify(x: Tensor) -> Tensor:
    """LeakyReLU with a leak of 0.2."""
    return functional.leaky_relu(x, LEAK)


def squash(levels: Float[Tensor, "batch channels h w"]) -> Float[Tensor, "batch channels h w"]:
    """tanh, in float32 whatever the training's precision: in bfloat16 its gradient is 0 from -3.5 on."""
    return levels.float().tanh()


def start_at(layer: nn.Module, fan_in: int, gain: float = math.sqrt(2 / (1 + LEAK**2))) -> nn.Module:
    """`layer` with normal weights of standard deviation gain / sqrt(fan_in) and no bias."""
    nn.init.normal_(layer.weight, std=gain / math.sqrt(fan_in))
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)
    return layer


class Residual(nn.Module):
    """x + conv3x3(rectify(x)); starts as the identity (Zhang et al., "Fixup", 2019)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.convolution = start_at(nn.Conv2d(channels, channels, 3, padding=1), channels * 9, gain=0.0)

    def forward(self, x: Float[Tensor, "batch channels h w"]) -> Float[Tensor, "batch channels h w"]:
        return x + self.convolution(rectify(x))


class Upsample(nn.Module):
    """Twice the height and width: rectify, then a transposed 4x4 convolution of stride 2.

    Each output pixel is reached by 2x2 of the 4x4 taps, evenly, so that there is
    no checkerboard, at a quarter of the cost of upsampling first.
    """

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        layer = nn.ConvTranspose2d(channels_in, channels_out, 4, stride=2, padding=1)
        self.convolution = start_at(layer, channels_in * 4)

    def forward(self, x: Float[Tensor, "batch channels_in h w"]) -> Float[Tensor, "batch channels_out h*2 w*2"]:
        return self.convolution(rectify(x))


class Downsample(nn.Module):
    """Half the height and width: a 4x4 convolution of stride 2, then rectify."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        layer = nn.Conv2d(channels_in, channels_out, 4, stride=2, padding=1)
        self.convolution = start_at(layer, channels_in * 16)

    def forward(self, x: Float[Tensor, "batch channels_in h w"]) -> Float[Tensor, "batch channels_out h//2 w//2"]:
        return rectify(self.convolution(x))


def check_reaches(channels: tuple[int, ...], image_size: int) -> None:
    """Raises `PlaygroundError` unless 4x4, doubled at each further entry of `channels`, is the picture's size."""
    reached = 4 * 2 ** (len(channels) - 1)
    if reached != image_size:
        raise PlaygroundError(
            f"A decoder of {len(channels)} channel counts reaches {reached} pixels, not image_size {image_size}: "
            "give one for 4x4 and one more for each doubling."
        )


class Decoder(nn.Module):
    """From a vector to pixel levels without bounds: 4x4, doubled at each further entry of `channels`.

    Args:
        num_inputs: length of the vector.
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at 4x4, 8x8 and so on up to the full size; any other number of
            them raises `PlaygroundError`.

    A residual block stands at each of the two smallest sizes, where it is
    cheap. The last layer starts at a tenth of its size, so that the first
    pictures are grey and no pixel is saturated.
    """

    def __init__(self, num_inputs: int, image_size: int, image_channels: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        check_reaches(channels, image_size)
        self.widest = channels[0]
        self.begin = start_at(nn.Linear(num_inputs, channels[0] * 16), num_inputs, gain=1.0)
        layers: list[nn.Module] = []
        for depth, (channels_in, channels_out) in enumerate(itertools.pairwise(channels)):
            if depth < 2:
                layers.append(Residual(channels_in))
            layers.append(Upsample(channels_in, channels_out))
        self.body = nn.Sequential(*layers)
        self.end = start_at(nn.Conv2d(channels[-1], image_channels, 3, padding=1), channels[-1] * 9, gain=0.1)

    def forward(self, vector: Float[Tensor, "batch num_inputs"]) -> Float[Tensor, "batch channels height width"]:
        x = self.begin(vector).view(-1, self.widest, 4, 4)
        return self.end(rectify(self.body(x)))


class Features(nn.Module):
    """From a picture to a flat vector: halved once for each entry of `channels`.

    Args:
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at half the size, a quarter and so on; a residual block stands
            at the smallest, where it is cheap. More than the size can be halved
            raise `PlaygroundError`.
    """

    def __init__(self, image_size: int, image_channels: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        if image_size >> len(channels) < 1:
            raise PlaygroundError(f"{image_size} pixels cannot be halved {len(channels)} times: give fewer channels.")
        layers: list[nn.Module] = []
        for channels_in, channels_out in zip((image_channels, *channels), channels, strict=False):
            layers.append(Downsample(channels_in, channels_out))
        self.body = nn.Sequential(*layers, Residual(channels[-1]))
        self.num_features = channels[-1] * (image_size >> len(channels)) ** 2

    def forward(self, images: Float[Tensor, "batch channels height width"]) -> Float[Tensor, "batch num_features"]:
        return rectify(self.body(images)).flatten(1)
