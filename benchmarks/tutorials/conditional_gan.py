"""The conditional GAN of most tutorials: dense layers, the class embedded and appended (Mirza & Osindero, 2014)."""

from __future__ import annotations

import torch
from jaxtyping import Float, Int64, UInt8
from torch import Tensor, nn
from torch.utils.data import DataLoader

from benchmarks.tutorials.pictures import seeded, to_levels

LATENT_DIM = 100
NUM_CLASSES = 10


class Generator(nn.Module):
    """(z, class) -> 128 -> 256 -> 512 -> 1024 -> 784, batch normalisation from the second layer on."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(NUM_CLASSES, NUM_CLASSES)
        layers: list[nn.Module] = [nn.Linear(LATENT_DIM + NUM_CLASSES, 128), nn.LeakyReLU(0.2)]
        for width, wider in ((128, 256), (256, 512), (512, 1024)):
            layers += [nn.Linear(width, wider), nn.BatchNorm1d(wider), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers, nn.Linear(1024, 784), nn.Tanh())

    def forward(self, z: Float[Tensor, "batch 100"], labels: Int64[Tensor, " batch"]) -> Float[Tensor, "batch 784"]:
        return self.layers(torch.cat([z, self.embedding(labels)], 1))


class Discriminator(nn.Module):
    """(picture, class) -> 512 -> 512 -> 512 -> 1, with dropout."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(NUM_CLASSES, NUM_CLASSES)
        self.layers = nn.Sequential(
            nn.Linear(784 + NUM_CLASSES, 512),
            nn.LeakyReLU(0.2),
            nn.Linear(512, 512),
            nn.Dropout(0.4),
            nn.LeakyReLU(0.2),
            nn.Linear(512, 512),
            nn.Dropout(0.4),
            nn.LeakyReLU(0.2),
            nn.Linear(512, 1),
        )

    def forward(self, images: Float[Tensor, "batch 784"], labels: Int64[Tensor, " batch"]) -> Float[Tensor, "batch 1"]:
        return self.layers(torch.cat([images, self.embedding(labels)], 1))


class ConditionalGAN:
    """Binary cross-entropy, Adam 2e-4, beta1 0.5, batch 64."""

    batch_size = 64

    def __init__(self) -> None:
        self.generator, self.discriminator = Generator(), Discriminator()
        self.generator_optimizer = torch.optim.Adam(self.generator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.discriminator_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=2e-4, betas=(0.5, 0.999))
        self.loss = nn.BCEWithLogitsLoss()
        self.losses: list[tuple[float, float]] = []

    def train_epoch(self, loader: DataLoader) -> None:
        """One pass over the data: a step of the generator, then one of the discriminator, a batch."""
        self.generator.train()
        self.discriminator.train()
        for images, labels in loader:
            real = images.flatten(1)
            ones, zeros = torch.ones(len(real), 1), torch.zeros(len(real), 1)
            asked = torch.randint(NUM_CLASSES, (len(real),))

            self.generator_optimizer.zero_grad()
            fake = self.generator(torch.randn(len(real), LATENT_DIM), asked)
            generator_loss = self.loss(self.discriminator(fake, asked), ones)
            generator_loss.backward()
            self.generator_optimizer.step()

            self.discriminator_optimizer.zero_grad()
            real_loss = self.loss(self.discriminator(real, labels), ones)
            fake_loss = self.loss(self.discriminator(fake.detach(), asked), zeros)
            discriminator_loss = (real_loss + fake_loss) / 2
            discriminator_loss.backward()
            self.discriminator_optimizer.step()
            self.losses.append((discriminator_loss.item(), generator_loss.item()))

    @torch.inference_mode()
    def sample(self, asked: Int64[Tensor, " n"], seed: int) -> UInt8[Tensor, "n 1 28 28"]:
        """Pictures from N(0, I), one of each class asked for."""
        self.generator.eval()
        codes = torch.randn(len(asked), LATENT_DIM, generator=seeded(seed))
        return to_levels(self.generator(codes, asked))
