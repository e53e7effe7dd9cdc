"""The pixel guard: what the Fréchet distance does not see.

A classifier's features ignore faint speckle and forgive blur, so two plain
figures of the pixels stand beside it, each to be read as a ratio to the same
figure of held-out images: 1 is right.
"""

from __future__ import annotations

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

CHUNK = 1000


def black_share(images: UInt8[Tensor, "n channels height width"]) -> float:
    """Share of pixels at exactly grey level 0, 0 to 1. Speckle on the background lowers it."""
    return images.eq(0).double().mean().item()


def high_frequency_energy(images: UInt8[Tensor, "n channels height width"]) -> float:
    """Mean square per pixel of what lies above half the Nyquist frequency.

    With grey levels scaled to 0..1 and F the discrete Fourier transform of an
    image of p pixels, this is the sum of |F|^2 / p^2 over the frequencies whose
    horizontal or vertical part exceeds 1/4 cycle a pixel, averaged over images:
    by Parseval's theorem the mean square of the image with all else filtered
    away. Speckle raises it, blur lowers it.
    """
    height, width = images.shape[-2:]
    rows, columns = torch.fft.fftfreq(height).abs(), torch.fft.fftfreq(width).abs()
    high = (rows[:, None] > 0.25) | (columns[None, :] > 0.25)
    energies = [_spectral_power(chunk)[..., high].sum(-1) for chunk in images.split(CHUNK)]
    return torch.cat(energies).mean().item()


def _spectral_power(images: UInt8[Tensor, "n channels height width"]) -> Float[Tensor, "n channels height width"]:
    """|F|^2 / p^2 in float64; its sum over all frequencies is the mean square of the pixels."""
    num_pixels = images.shape[-2] * images.shape[-1]
    return torch.fft.fft2(images.double() / 255).abs().square() / num_pixels**2
