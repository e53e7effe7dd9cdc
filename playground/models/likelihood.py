"""How probable a picture is, given the decoder's levels, in nats."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

HALF_LEVEL = 1 / 255  # half the distance of two grey levels in [-1, 1]


@dataclass(frozen=True)
class Bound:
    """The two parts of the evidence lower bound, log p(x) >= E_q[log p(x|z)] - KL(q(z|x) || N(0, I)).

    Kingma and Welling, "Auto-Encoding Variational Bayes", 2014, equation 3.

    Attributes:
        log_likelihood: one draw of log p(x|z), in nats for a whole picture.
        divergence: the KL divergence, in nats.
        z: the code that was drawn.
        rebuilt: the picture decoded from it.
    """

    log_likelihood: Float[Tensor, " batch"]
    divergence: Float[Tensor, " batch"]
    z: Float[Tensor, "batch latent_dim"]
    rebuilt: Float[Tensor, "batch channels height width"]

    @property
    def nats(self) -> Float[Tensor, " batch"]:
        """The bound itself."""
        return self.log_likelihood - self.divergence


class DiscretisedLogistic(nn.Module):
    """Each of the 256 grey levels gets the mass of a logistic distribution over its interval.

        P(x) = sigmoid((x + 1/255 - level) / s) - sigmoid((x - 1/255 - level) / s)

    Kingma et al., "Improving Variational Inference with Inverse Autoregressive
    Flow", 2016, section 5. Black takes the whole lower tail and white the whole
    upper one, so a level far below -1 says "black for certain": exact black, as
    in the data, is the most probable picture, where a Gaussian would speckle.
    The tails fall linearly in the logarithm, like an absolute error, so one
    stroke out of place does not blur all others, as a squared error would.

    The scale s, one number for all pixels, is learnt, which balances likelihood
    and divergence by itself: no weight has to be guessed (Rybkin et al., "Simple
    and Effective VAE Training with Calibrated Decoders", 2021).
    """

    def __init__(self) -> None:
        super().__init__()
        self.log_scale = nn.Parameter(torch.tensor(math.log(0.1)))

    def forward(
        self,
        images: Float[Tensor, "batch channels height width"],
        levels: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, " batch"]:
        """log P of pictures in [-1, 1], summed over their pixels: at most 0."""
        images, levels = images.float(), levels.float()
        scale = self.log_scale.float().exp()
        above = functional.logsigmoid((images - levels + HALF_LEVEL) / scale)
        below = functional.logsigmoid((levels - images + HALF_LEVEL) / scale)
        # sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - exp(b - a)), which does not cancel.
        within = above + below + torch.log(-torch.expm1(-2 * HALF_LEVEL / scale))
        by_pixel = torch.where(images < HALF_LEVEL - 1, above, torch.where(images > 1 - HALF_LEVEL, below, within))
        return by_pixel.sum(dim=(1, 2, 3))

    @staticmethod
    def most_probable(
        levels: Float[Tensor, "batch channels height width"],
    ) -> Float[Tensor, "batch channels height width"]:
        """The picture itself: levels beyond black or white are black or white."""
        return levels.clamp(-1, 1)


def normal_divergence(
    mean: Float[Tensor, "batch latent_dim"], log_variance: Float[Tensor, "batch latent_dim"]
) -> Float[Tensor, " batch"]:
    """KL(N(mean, variance) || N(0, I)) in nats. Kingma and Welling, 2014, appendix B."""
    return (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1) / 2
