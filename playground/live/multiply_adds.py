"""What one picture costs."""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

from playground.models import GenerativeModel


def num_multiply_adds(model: GenerativeModel) -> int:
    """The multiply-adds of decoding one code; convolutions and matrix products are counted, the rest is small."""
    z = torch.zeros(1, model.latent_dim)
    num_classes = len(model.class_names)
    y = torch.full((1, num_classes), 1 / num_classes) if num_classes else None
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        model.decode(z, y)
    return counter.get_total_flops() // 2
