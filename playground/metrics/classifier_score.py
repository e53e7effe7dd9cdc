"""The classifier accuracy score.

Ravuri & Vinyals, "Classification accuracy score for conditional generative
models", 2019, section 3: train a fresh classifier on generated pictures and
the classes they were asked for, and test it on real ones. It falls when
classes are confused, and also when the variety that real data has is missing.
"""

from __future__ import annotations

import torch
from jaxtyping import Int64, UInt8
from torch import Tensor, nn

from playground.errors import PlaygroundError

NUM_EPOCHS = 8
BATCH_SIZE = 100
PEAK_RATE = 3e-3


def classifier_score(
    images: UInt8[Tensor, "n 1 32 32"],
    asked: Int64[Tensor, " n"],
    real_images: UInt8[Tensor, "m 1 32 32"],
    real_labels: Int64[Tensor, " m"],
) -> float:
    """Test accuracy on real digits, 0 to 1, of a small classifier trained on generated ones only.

    The classifier is always the same: three 3x3 convolutions of 16, 32 and 64
    channels, 8 passes, Adam with a one-cycle rate, seed 0; no augmentation.
    """
    if len(images) != len(asked) or len(images) < BATCH_SIZE:
        raise PlaygroundError(f"The classifier accuracy score needs at least {BATCH_SIZE} labelled pictures.")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        classifier = _train(images, asked)
    hits = [
        classifier(_scaled(batch)).argmax(1) == labels
        for batch, labels in zip(real_images.split(BATCH_SIZE), real_labels.split(BATCH_SIZE), strict=True)
    ]
    return torch.cat(hits).double().mean().item()


def _train(images: UInt8[Tensor, "n 1 32 32"], labels: Int64[Tensor, " n"]) -> nn.Module:
    classifier = nn.Sequential()
    for channels, wider in ((1, 16), (16, 32), (32, 64)):
        classifier.extend([nn.Conv2d(channels, wider, 3, padding=1), nn.BatchNorm2d(wider), nn.ReLU(), nn.MaxPool2d(2)])
    classifier.extend([nn.Flatten(), nn.Linear(64 * 4 * 4, 10)]).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(classifier.parameters(), lr=PEAK_RATE)
    num_batches = len(images) // BATCH_SIZE
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_RATE, total_steps=NUM_EPOCHS * num_batches)
    for _ in range(NUM_EPOCHS):
        for chosen in torch.randperm(len(images))[: num_batches * BATCH_SIZE].split(BATCH_SIZE):
            loss = nn.functional.cross_entropy(classifier(_scaled(images[chosen])), labels[chosen])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            schedule.step()
    return classifier.eval().requires_grad_(False)


def _scaled(images: UInt8[Tensor, "n 1 32 32"]) -> Tensor:
    return images.float().div(127.5).sub(1).to(memory_format=torch.channels_last)
