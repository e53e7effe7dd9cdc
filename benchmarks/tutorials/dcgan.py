"""DCGANs: (transposed) convolutions with batch normalisation (Radford et al., 2016)."""

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


def networks(smallest: int, channels: tuple[int, ...], image_channels: int) -> tuple[nn.Sequential, nn.Sequential]:
    """A generator and a discriminator that is its mirror image.

    Args:
        smallest: height and width of the first feature maps.
        channels: there, and after each doubling but the last, which gives the picture.
        image_channels: of the picture.
    """
    up: list[nn.Module] = [nn.ConvTranspose2d(LATENT_DIM, channels[0], smallest, bias=False)]
    for here, there in zip(channels, (*channels[1:], image_channels), strict=True):
        up += [nn.BatchNorm2d(here), nn.ReLU(), nn.ConvTranspose2d(here, there, 4, stride=2, padding=1, bias=False)]
    down: list[nn.Module] = [nn.Conv2d(image_channels, channels[-1], 4, stride=2, padding=1, bias=False)]
    for here, there in zip(channels[:0:-1], channels[-2::-1], strict=True):
        down += [nn.LeakyReLU(0.2), nn.Conv2d(here, there, 4, stride=2, padding=1, bias=False), nn.BatchNorm2d(there)]
    down += [nn.LeakyReLU(0.2), nn.Conv2d(channels[0], 1, smallest, bias=False), nn.Flatten()]
    return nn.Sequential(*up, nn.Tanh()).apply(start_weights), nn.Sequential(*down).apply(start_weights)


class DCGAN:
    """Binary cross-entropy, Adam 2e-4, beta1 0.5, batch 128; for digits 128-64 channels from 7x7 up to 28x28."""

    batch_size = 128

    def __init__(self, smallest: int = 7, channels: tuple[int, ...] = (128, 64), image_channels: int = 1) -> None:
        self.generator, self.discriminator = networks(smallest, channels, image_channels)
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
    def sample(self, asked: Int64[Tensor, " n"], seed: int) -> UInt8[Tensor, "n channels height width"]:
        """Pictures from N(0, I), as many as are asked for; it cannot heed the classes."""
        self.generator.eval()
        codes = torch.randn(len(asked), LATENT_DIM, 1, 1, generator=seeded(seed))
        return torch.cat([to_levels(self.generator(batch)) for batch in codes.split(500)])


class FaceDCGAN(DCGAN):
    """The tutorial's networks for faces of 64x64 in colour: 512-256-128-64 channels from 4x4 up."""

    def __init__(self) -> None:
        super().__init__(4, (512, 256, 128, 64), 3)
