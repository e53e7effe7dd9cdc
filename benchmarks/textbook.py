"""The loops of tutorials, on the networks of a preset.

The textbook loop is a DataLoader over PIL pictures with transforms, float32,
plain Adam, `.item()` on each loss at each step, and R1 and R2 by exact double
differentiation where the objective has them. The dcgan loop is the same with the
objective of the DCGAN tutorial, which has neither penalty nor augmentation and
so does less for each picture.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import torch
from PIL import Image
from torch.nn.functional import binary_cross_entropy_with_logits, one_hot
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms

from playground.models.blocks import squash
from playground.training.augmentation import augment
from playground.training.losses import gradient_penalty, relativistic_loss


def textbook_steps(model, data, config, objective: str) -> Iterator[None]:
    """The tutorials' loop, one step each time, with the model's own objective or that of the DCGAN tutorial."""

    class Pictures(Dataset):
        """One PIL picture at a time, as torchvision's data sets give them."""

        transform = transforms.Compose([transforms.ToTensor(), transforms.Normalize(0.5, 0.5)])

        def __len__(self) -> int:
            return len(data)

        def __getitem__(self, index: int):
            return self.transform(Image.fromarray(data.images[index].permute(1, 2, 0).squeeze(2).numpy())), int(
                data.labels[index]
            )

    def batches():
        while True:
            yield from DataLoader(Pictures(), config.batch_size, shuffle=True, drop_last=True)

    if hasattr(model, "bound"):
        step = textbook_vae(model, config)
    else:
        step = {"textbook": textbook_gan, "dcgan": dcgan}[objective](model, config)
    for images, labels in batches():
        y = one_hot(labels, len(data.class_names)).float() if data.class_names else None
        step(images, y)
        yield


def textbook_gan(model, config) -> Callable:
    """A relativistic GAN with exact R1 and R2, written plainly."""
    optimizers = optimizers_of(model, config)
    gamma, augmentation = config.objective.penalty.weight, config.objective.augmentation
    noise = torch.Generator().manual_seed(0)

    def seen(images):
        return images if augmentation is None else augment(images, augmentation, noise)

    def judge(images, y):
        return model.discriminator(images) if y is None else model.discriminator(images, y)

    def step(images, y) -> list[float]:
        real, fake = seen(images), seen(drawn(model, len(images), y, noise).detach())
        loss = relativistic_loss(judge(real, y), judge(fake, y))
        r1 = gradient_penalty(lambda x: judge(x, y), real)
        r2 = gradient_penalty(lambda x: judge(x, y), fake)
        optimizers[0].zero_grad()
        (loss + gamma / 2 * (r1 + r2)).backward()
        optimizers[0].step()

        fake = seen(drawn(model, len(images), y, noise))
        generator_loss = relativistic_loss(judge(fake, y), judge(seen(images), y))
        optimizers[1].zero_grad()
        generator_loss.backward()
        optimizers[1].step()
        return [loss.item(), r1.item(), r2.item(), generator_loss.item()]

    return step


def dcgan(model, config) -> Callable:
    """The objective of the DCGAN tutorial: binary cross-entropy, real pictures and generated ones in turn."""
    optimizers = optimizers_of(model, config)
    noise = torch.Generator().manual_seed(0)

    def judged(images, y, wanted: float):
        logits = model.discriminator(images) if y is None else model.discriminator(images, y)
        return binary_cross_entropy_with_logits(logits, torch.full_like(logits, wanted))

    def step(images, y) -> list[float]:
        fake = drawn(model, len(images), y, noise)
        optimizers[0].zero_grad()
        losses = [judged(images, y, 1.0), judged(fake.detach(), y, 0.0)]
        for loss in losses:
            loss.backward()
        optimizers[0].step()

        generator_loss = judged(fake, y, 1.0)
        optimizers[1].zero_grad()
        generator_loss.backward()
        optimizers[1].step()
        return [*(loss.item() for loss in losses), generator_loss.item()]

    return step


def optimizers_of(model, config) -> list:
    """Plain Adam for the discriminator, and for the generator."""
    return [
        torch.optim.Adam(network.parameters(), config.optimizer.learning_rate, config.optimizer.betas)
        for network in (model.discriminator, model.trained_generator())
    ]


def drawn(model, count: int, y, noise):
    """Pictures of codes as the model is trained on."""
    codes = model.training_codes(count, partial(model.noise.sample, generator=noise), noise)
    return squash(model.levels(codes, y))


def textbook_vae(model, config) -> Callable:
    """A VAE, written plainly."""
    optimizer = torch.optim.Adam(model.parameters(), config.optimizer.learning_rate, config.optimizer.betas)
    generator = torch.Generator().manual_seed(0)

    def step(images, y) -> list[float]:
        bound = model.bound(images, y, generator)
        loss = bound.divergence.mean() - bound.log_likelihood.mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return [loss.item(), bound.divergence.mean().item(), bound.log_likelihood.mean().item()]

    return step
