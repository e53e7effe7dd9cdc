"""What the processor's arithmetic allows, whatever a loop does."""

from __future__ import annotations

import time

import torch

from playground.models import GenerativeModel
from playground.models.multiply_adds import MultiplyAddCounter

NUM_PRODUCTS_A_STEP = 3  # forward, and backward the gradients of a layer's inputs and of its weights
SIDE = 1024  # of the matrices: large enough to be at the peak, small enough for the caches
NUM_TRIES = 30


def ceiling(model: GenerativeModel) -> float:
    """The images a second that a VAE could be trained on if nothing but multiply-adds took time, all at the peak."""
    images = torch.zeros(1, *model.image_shape)
    y = torch.eye(len(model.class_names))[:1] if model.class_names else None
    with torch.inference_mode(), MultiplyAddCounter() as counter:
        model.bound(images, y, torch.Generator())
    return peak(torch.bfloat16) / (NUM_PRODUCTS_A_STEP * counter.num_multiply_adds)


def peak(dtype: torch.dtype) -> float:
    """Multiply-adds a second of processor time in a large product of matrices, at its best."""
    left, right = (torch.randn(SIDE, SIDE).to(dtype) for _ in range(2))
    seconds = []
    for _ in range(NUM_TRIES):
        started = time.process_time()
        left @ right
        seconds.append(time.process_time() - started)
    return SIDE**3 / min(seconds)
