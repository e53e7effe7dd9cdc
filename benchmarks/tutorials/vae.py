"""The VAE of most tutorials: dense layers, 20 latent dimensions (Kingma & Welling, 2014)."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64, UInt8
from sklearn.mixture import GaussianMixture
from torch import Tensor, nn
from torch.utils.data import DataLoader

from benchmarks.tutorials.pictures import seeded, to_levels

LATENT_DIM = 20


class VAE:
    """784 -> 400 -> 20 and back; pixels as Bernoulli probabilities, Adam 1e-3, batch 128."""

    batch_size = 128

    def __init__(self) -> None:
        self.hidden = nn.Sequential(nn.Linear(784, 400), nn.ReLU())
        self.mean, self.log_variance = nn.Linear(400, LATENT_DIM), nn.Linear(400, LATENT_DIM)
        self.decoder = nn.Sequential(nn.Linear(LATENT_DIM, 400), nn.ReLU(), nn.Linear(400, 784))
        parts = nn.ModuleList([self.hidden, self.mean, self.log_variance, self.decoder])
        self.optimizer = torch.optim.Adam(parts.parameters(), lr=1e-3)
        self.losses: list[float] = []

    def train_epoch(self, loader: DataLoader) -> None:
        """One pass over the data: reconstruction plus Kullback-Leibler divergence, a step a batch."""
        for images, _ in loader:
            pixels = images.flatten(1).add(1).div(2)
            hidden = self.hidden(pixels)
            mean, log_variance = self.mean(hidden), self.log_variance(hidden)
            codes = mean + (log_variance / 2).exp() * torch.randn_like(mean)
            reconstruction = nn.functional.binary_cross_entropy_with_logits(
                self.decoder(codes), pixels, reduction="sum"
            )
            divergence = -0.5 * (1 + log_variance - mean.square() - log_variance.exp()).sum()
            loss = (reconstruction + divergence) / len(images)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            self.losses.append(loss.item())

    @torch.inference_mode()
    def encode(self, images: UInt8[Tensor, "n 1 28 28"]) -> Float[Tensor, "n 20"]:
        """The means of the codes of digits in grey levels."""
        return self.mean(self.hidden(images.flatten(1).float() / 255))

    @torch.inference_mode()
    def decode(self, codes: Float[Tensor, "n 20"]) -> UInt8[Tensor, "n 1 28 28"]:
        """Pictures of codes: the probabilities as grey levels."""
        return to_levels(self.decoder(codes).sigmoid() * 2 - 1)

    def sample(self, asked: Int64[Tensor, " n"], seed: int) -> UInt8[Tensor, "n 1 28 28"]:
        """Pictures from N(0, I), as many as are asked for; it cannot heed the classes."""
        return self.decode(torch.randn(len(asked), LATENT_DIM, generator=seeded(seed)))

    def sample_mixture(
        self, num_images: int, seed: int, training_images: UInt8[Tensor, "n 1 28 28"], num_components: int
    ) -> UInt8[Tensor, "n 1 28 28"]:
        """Pictures from Gaussians fitted to the training codes (Ghosh et al., 2020, section 4)."""
        mixture = GaussianMixture(num_components, random_state=seed).fit(self.encode(training_images).double().numpy())
        codes, _ = mixture.sample(num_images)
        # Samples come grouped by component; any part of them should be a fair one.
        codes = codes[torch.randperm(num_images, generator=seeded(seed)).numpy()]
        return self.decode(torch.from_numpy(codes).float())
