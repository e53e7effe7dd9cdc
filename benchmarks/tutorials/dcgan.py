"""A DCGAN at 28 pixels: (transposed) convolutions with batch normalisation (Radford et al., 2016)."""

from __future__ import annotations

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor, nn
from torch.utils.data import DataLoader

from benchmarks.tutorials.pictures import seeded, to_levels

LATENT_DIM = 100


def start_weights(module: nn.Module) -> None:
    """Normal weights of deviation 0.02, as the paper has them."""
    if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
        nn.init.normal_(module.weight, 0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1, 0.02)


class DCGAN:
    """Channels 128-64 from 7x7 up, 64-128 down; binary cross-entropy, Adam 2e-4, beta1 0.5, batch 128."""

    batch_size = 128

    def __init__(self) -> None:
        self.generator = nn.Sequential(
            nn.ConvTranspose2d(LATENT_DIM, 128, 7, bias=False),  # 7x7
            nn.BatchNorm2d(128),
            nn.ReLU(),
            nn.ConvTranspose2d(128, 64, 4, stride=2, padding=1, bias=False),  # 14x14
            nn.BatchNorm2d(64),
            nn.ReLU(),
            nn.ConvTranspose2d(64, 1, 4, stride=2, padding=1, bias=False),  # 28x28
            nn.Tanh(),
        ).apply(start_weights)
        self.discriminator = nn.Sequential(
            nn.Conv2d(1, 64, 4, stride=2, padding=1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(64, 128, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(128),
            nn.LeakyReLU(0.2),
            nn.Conv2d(128, 1, 7, bias=False),
            nn.Flatten(),
        ).apply(start_weights)
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.loss = nn.BCEWithLogitsLoss()
        self.losses: list[tuple[float, float]] = []

    def train_epoch(self, loader: DataLoader) -> None:
        """One pass over the data: a step of the discriminator, then one of the generator, a batch."""
        self.generator.train()
        for real, _ in loader:
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
            fake = self.generator(torch.randn(len(real), LATENT_DIM, 1, 1))

            self.discriminator_optimizer.zero_grad()
            real_loss = self.loss(self.discriminator(real), ones)
            real_loss.backward()
            fake_loss = self.loss(self.discriminator(fake.detach()), zeros)
            fake_loss.backward()
            self.discriminator_optimizer.step()

            self.generator_optimizer.zero_grad()
            generator_loss = self.loss(self.discriminator(fake), ones)
            generator_loss.backward()
            self.generator_optimizer.step()
            self.losses.append((real_loss.item() + fake_loss.item(), generator_loss.item()))

    @torch.inference_mode()
    def sample(self, asked: Int64[Tensor, " n"], seed: int) -> UInt8[Tensor, "n 1 28 28"]:
        """Pictures from N(0, I), as many as are asked for; it cannot heed the classes."""
        self.generator.eval()
        codes = torch.randn(len(asked), LATENT_DIM, 1, 1, generator=seeded(seed))
        return torch.cat([to_levels(self.generator(batch)) for batch in codes.split(500)])
