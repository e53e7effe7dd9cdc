"""How like the training pictures a model's samples are, by figures that need no discriminator."""

from __future__ import annotations

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from playground.data import ImageSet
from playground.models import Capability, GenerativeModel

NUM_COMPARED = 256
ACTIVE_VARIANCE = 0.01


class Likeness:
    """Measures a model in training against the same pictures and with the same seeds, again and again.

    Args:
        model: in any state; it says what its codes and its classes are.
        data: the training pictures, from which some are taken evenly.
    """

    def __init__(self, model: GenerativeModel, data: ImageSet) -> None:
        device = next(model.parameters()).device
        rows = torch.linspace(0, len(data) - 1, min(NUM_COMPARED, len(data))).long()
        self.images = data.images[rows.to(data.images.device)].to(device).float() / 127.5 - 1
        labels = data.labels[rows.to(data.labels.device)].to(device)
        self.y = torch.eye(len(data.class_names), device=device)[labels] if model.class_names else None
        alike = torch.ones(len(rows), len(rows), dtype=torch.bool, device=device)
        if self.y is not None and labels.bincount().max() > 1:
            alike = labels[:, None] == labels
        self.pairs = alike
        self.pairs_apart = alike & ~torch.eye(len(rows), dtype=torch.bool, device=device)
        self.own_distance = mean_distance(self.images, self.images, self.pairs_apart)

    @torch.no_grad()
    def measure(self, model: GenerativeModel) -> dict[str, Tensor]:
        """Figures of the model as it is now, by name.

        `diversity` is how far samples are from each other, over how far training
        pictures are: 1 is right, 0 is one picture again and again. Where there are
        classes, only pictures of one class are compared, so that a generator with
        one picture a class is found out, as Odena et al. do with MS-SSIM
        ("Conditional Image Synthesis with Auxiliary Classifier GANs", 2017,
        section 4.2), whose five scales need larger pictures than digits.

        `distance` is the energy distance of samples s and training pictures x,
        (2 E|x - s| - E|x - x'| - E|s - s'|) / E|x - x'|: 0 where both are spread
        alike (Székely and Rizzo, "Energy statistics", 2013, section 2).

        `active_share`, of a model that encodes, is the share of the code's numbers
        that differ from picture to picture, Var(E[z|x]) > 0.01 (the active units of
        Burda et al., "Importance Weighted Autoencoders", 2016, section 5.2).
        """
        # Drawn anew each time: where a network makes the codes, a seed's code changes as it learns.
        z = torch.stack([model.prior.draw(seed) for seed in range(len(self.images))])
        samples = model.decode(z.to(self.images.device), self.y).float()
        among = mean_distance(samples, samples, self.pairs_apart)
        between = mean_distance(self.images, samples, self.pairs)
        figures = {
            "diversity": among / self.own_distance,
            "distance": (2 * between - among) / self.own_distance - 1,
        }
        if Capability.ENCODE in model.capabilities:
            variances = model.encode(self.images, self.y).float().var(0)
            figures["active_share"] = variances.gt(ACTIVE_VARIANCE).float().mean()
        return figures


def mean_distance(
    first: Float[Tensor, "num_images channels height width"],
    second: Float[Tensor, "num_images channels height width"],
    pairs: Bool[Tensor, "num_images num_images"],
) -> Float[Tensor, ""]:
    """The mean Euclidean distance of the pairs."""
    return torch.cdist(first.flatten(1), second.flatten(1))[pairs].mean()
