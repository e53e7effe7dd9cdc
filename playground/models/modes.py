"""The discrete part of a GAN's code: which of several modes it draws."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn

from playground.errors import PlaygroundError

SHARPNESS = 50.0  # one code in twenty lies where the second mode has its say


class Modes(nn.Module):
    """The mode whose number is the largest among the code's leading ones.

    The choice is a steep softmax, so that a picture still moves continuously
    with its code.

    Args:
        num_modes: to choose from; more than `latent_dim` raise `PlaygroundError`.
        latent_dim: length of a code.
    """

    def __init__(self, num_modes: int, latent_dim: int) -> None:
        super().__init__()
        if num_modes > latent_dim:
            raise PlaygroundError(
                f"A code of {latent_dim} numbers cannot choose among {num_modes} modes: "
                "give latent_dim at least num_modes."
            )
        self.num_modes = num_modes

    def forward(self, z: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch num_modes"]:
        """The weight of each mode; a row sums to 1."""
        return (SHARPNESS * z[:, : self.num_modes].float()).softmax(dim=1)

    def place(
        self, z: Float[Tensor, "batch latent_dim"], modes: Int64[Tensor, " batch"]
    ) -> Float[Tensor, "batch latent_dim"]:
        """The codes, each with its largest leading number moved to where it chooses the wanted mode.

        The leading numbers are alike in distribution, so codes from N(0, I) come
        out as codes from N(0, I) given the mode.
        """
        rows = torch.arange(len(z), device=z.device)
        chosen = z[:, : self.num_modes].argmax(dim=1)
        moved = z.clone()
        moved[rows, chosen] = z[rows, modes]
        moved[rows, modes] = z[rows, chosen]
        return moved
