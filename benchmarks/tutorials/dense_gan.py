"""The first GAN of most tutorials: two networks of dense layers (Goodfellow et al., 2014)."""

from __future__ import annotations

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor, nn
from torch.utils.data import DataLoader

from benchmarks.tutorials.pictures import seeded, to_levels

LATENT_DIM = 100


class DenseGAN:
    """100 -> 128 -> 784 against 784 -> 128 -> 1; binary cross-entropy, Adam 2e-4, beta1 0.5, batch 128."""

    batch_size = 128

    def __init__(self) -> None:
        self.generator = nn.Sequential(
            nn.Linear(LATENT_DIM, 128), nn.LeakyReLU(0.01), nn.BatchNorm1d(128), nn.Linear(128, 784), nn.Tanh()
        )
        self.discriminator = nn.Sequential(nn.Linear(784, 128), nn.LeakyReLU(0.01), nn.Linear(128, 1))
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.loss = nn.BCEWithLogitsLoss()
        self.losses: list[tuple[float, float]] = []

    def train_epoch(self, loader: DataLoader) -> None:
        """One pass over the data: a step of the discriminator, then one of the generator, a batch."""
        self.generator.train()
        for images, _ in loader:
            real = images.flatten(1)
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
            fake = self.generator(torch.randn(len(real), LATENT_DIM))

            self.discriminator_optimizer.zero_grad()
            real_loss = self.loss(self.discriminator(real), ones)
            fake_loss = self.loss(self.discriminator(fake.detach()), zeros)
            discriminator_loss = real_loss + fake_loss
            discriminator_loss.backward()
            self.discriminator_optimizer.step()

            self.generator_optimizer.zero_grad()
            generator_loss = self.loss(self.discriminator(fake), ones)
            generator_loss.backward()
            self.generator_optimizer.step()
            self.losses.append((discriminator_loss.item(), generator_loss.item()))

    @torch.inference_mode()
    def sample(self, asked: Int64[Tensor, " n"], seed: int) -> UInt8[Tensor, "n 1 28 28"]:
        """Pictures from N(0, I), as many as are asked for; it cannot heed the classes."""
        self.generator.eval()
        return to_levels(self.generator(torch.randn(len(asked), LATENT_DIM, generator=seeded(seed))))
