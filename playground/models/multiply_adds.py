"""What one picture costs."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from playground.models.base import GenerativeModel

# Each number of the output is a sum over a row of weights, or each of the input goes through one.
BY_OUTPUT = (functional.linear, torch.conv2d)
BY_INPUT = (torch.conv_transpose2d,)


class MultiplyAddCounter(TorchFunctionMode):
    """Adds up what layers cost, inside its `with`. torch's own counter would import a compiler first, for a second."""

    def __init__(self) -> None:
        super().__init__()
        self.num_multiply_adds = 0

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = function(*args, **(kwargs or {}))
        if function in BY_OUTPUT:
            self.num_multiply_adds += result.numel() * args[1][0].numel()
        elif function in BY_INPUT:
            self.num_multiply_adds += args[0].numel() * args[1][0].numel()
        return result


def num_multiply_adds(model: GenerativeModel) -> int:
    """The multiply-adds of decoding one code in linear and convolutional layers; the rest is small."""
    z = torch.zeros(1, model.latent_dim)
    num_classes = len(model.class_names)
    y = torch.full((1, num_classes), 1 / num_classes) if num_classes else None
    with torch.inference_mode(), MultiplyAddCounter() as counter:
        model.decode(z, y)
    return counter.num_multiply_adds
