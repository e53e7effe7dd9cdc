"""A generator whose every layer is told the style.

Karras et al., "Analyzing and Improving the Image Quality of StyleGAN", 2020,
section 2.2: a convolution's input channels are scaled by a style, an affine
function of the code, and its outputs divided by the deviation that this gives
them. Here the activations are scaled rather than the weights, which is the same
sum: the convolution stays a plain one, in training and in the visitor's browser.
"""

from __future__ import annotations

import itertools
import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from playground.models.blocks import check_reaches, rectify, start_at

NUM_RESIDUALS = 3  # at 4x4, 8x8 and 16x16, where they are cheap


class Style(nn.Module):
    """From a code to one factor a channel, 1 on average at the start."""

    def __init__(self, num_inputs: int, channels: int) -> None:
        super().__init__()
        self.affine = start_at(nn.Linear(num_inputs, channels), num_inputs, gain=0.5)
        nn.init.ones_(self.affine.bias)

    def forward(self, w: Float[Tensor, "batch num_inputs"]) -> Float[Tensor, "batch channels"]:
        return self.affine(w)


class StyledConvolution(nn.Module):
    """A convolution between a style before it and the demodulation after it; then the rectifier.

    Args:
        num_inputs: length of the code.
        convolution: the plain one, without a bias.
        taps: how many of its kernel's places reach one output pixel.
    """

    def __init__(self, num_inputs: int, convolution: nn.Conv2d | nn.ConvTranspose2d, taps: int) -> None:
        super().__init__()
        self.style = Style(num_inputs, convolution.in_channels)
        self.convolution = start_at(convolution, convolution.in_channels * taps)
        self.bias = nn.Parameter(torch.zeros(convolution.out_channels))
        self.share = taps / math.prod(convolution.kernel_size)
        self.over_inputs = (0, 2, 3) if isinstance(convolution, nn.ConvTranspose2d) else (1, 2, 3)

    def forward(
        self, x: Float[Tensor, "batch channels_in h w"], w: Float[Tensor, "batch num_inputs"]
    ) -> Float[Tensor, "batch channels_out h_out w_out"]:
        style = self.style(w)
        x = self.convolution(x * style[:, :, None, None])
        # The rectifier passes a factor on, so its gain is in these small tensors rather than one more pass over x.
        scale, shift = math.sqrt(2) * self.demodulation(style), math.sqrt(2) * self.bias
        return rectify(torch.addcmul(shift.to(x.dtype)[:, None, None], x, scale.to(x.dtype)[:, :, None, None]))

    def demodulation(self, style: Float[Tensor, "batch channels_in"]) -> Float[Tensor, "batch channels_out"]:
        """1 / sqrt(sum (style * weight)^2), equation 3, for inputs of variance 1."""
        taps = tuple(axis for axis in self.over_inputs if axis > 1)
        energy = self.convolution.weight.square().sum(taps) * self.share
        if self.over_inputs[0]:  # out_channels first
            energy = energy.T
        return (style.float().square() @ energy + 1e-8).rsqrt()


def doubling(num_inputs: int, channels_in: int, channels_out: int) -> StyledConvolution:
    """Twice the height and width: a transposed 4x4 convolution of stride 2, of which 2x2 places reach a pixel.

    It starts as bilinear enlargement with the channels mixed at random: from
    random kernels a picture would be speckled for most of a short training.
    """
    layer = nn.ConvTranspose2d(channels_in, channels_out, 4, stride=2, padding=1, bias=False)
    styled = StyledConvolution(num_inputs, layer, taps=4)
    across = torch.tensor([1.0, 3.0, 3.0, 1.0]) / 4
    with torch.no_grad():
        layer.weight.copy_(torch.randn(channels_in, channels_out, 1, 1) / math.sqrt(channels_in) * across.outer(across))
    return styled


class StyledResidual(nn.Module):
    """(x + styled 3x3 convolution of x) / sqrt(2): the same size and variance."""

    def __init__(self, num_inputs: int, channels: int) -> None:
        super().__init__()
        self.convolution = StyledConvolution(
            num_inputs, nn.Conv2d(channels, channels, 3, padding=1, bias=False), taps=9
        )

    def forward(
        self, x: Float[Tensor, "batch channels h w"], w: Float[Tensor, "batch num_inputs"]
    ) -> Float[Tensor, "batch channels h w"]:
        return (x + self.convolution(x, w)) * math.sqrt(0.5)


class StyleDecoder(nn.Module):
    """From one code a layer to pixel levels without bounds.

    Args:
        num_inputs: length of a code.
        image_size: height and width of the picture.
        image_channels: of the picture.
        channels: at 4x4, 8x8 and so on up to the full size; any other number of
            them raises `PlaygroundError`.

    It begins from an affine function of the first code, where Karras et al. have a
    constant: in a short training the codes tell pictures apart much sooner. The
    last layer starts at a tenth of its size, as in `blocks.Decoder`.
    """

    def __init__(self, num_inputs: int, image_size: int, image_channels: int, channels: tuple[int, ...]) -> None:
        super().__init__()
        check_reaches(channels, image_size)
        self.widest = channels[0]
        self.begin = start_at(nn.Linear(num_inputs, channels[0] * 16), num_inputs, gain=1.0)
        layers: list[nn.Module] = []
        for depth, (channels_in, channels_out) in enumerate(itertools.pairwise(channels)):
            if depth < NUM_RESIDUALS:
                layers.append(StyledResidual(num_inputs, channels_in))
            layers.append(doubling(num_inputs, channels_in, channels_out))
        self.body = nn.ModuleList(layers)
        self.style = Style(num_inputs, channels[-1])
        self.end = start_at(nn.Conv2d(channels[-1], image_channels, 3, padding=1), channels[-1] * 9, gain=0.1)

    @property
    def num_layers(self) -> int:
        """How many layers are told a style."""
        return len(self.body) + 1

    def forward(self, w: Float[Tensor, "batch num_layers num_inputs"]) -> Float[Tensor, "batch channels height width"]:
        x = self.begin(w[:, 0]).view(-1, self.widest, 4, 4)
        for layer, code in zip(self.body, w.unbind(1), strict=False):
            x = layer(x, code)
        return self.end(x * self.style(w[:, -1])[:, :, None, None])
