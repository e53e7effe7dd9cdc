"""The shipped networks of the judges on disk: half precision, with what is known of them in the header."""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save as serialise
from torch import nn

from playground.errors import PlaygroundError
from playground.files import write_whole


def read_network(network: nn.Module, file: Path, command: str) -> nn.Module:
    """The network with the file's weights, in eval mode, float32.

    Raises `PlaygroundError` for a missing or damaged file, and names the command that makes it anew.
    """
    try:
        with safe_open(file, framework="pt") as opened:
            weights = {name: opened.get_tensor(name).float() for name in opened.keys()}  # noqa: SIM118 (not a mapping)
        network.load_state_dict(weights, strict=False)
        missing = network.state_dict().keys() - weights.keys()
        if any(not name.endswith("num_batches_tracked") for name in missing):
            raise KeyError(missing)
    except (OSError, SafetensorError, KeyError, RuntimeError):
        raise PlaygroundError(
            f"The judge {file} is missing or damaged: restore it from the repository, or train it anew with "
            f"`{command}`."
        ) from None
    return network.to(memory_format=torch.channels_last).eval().requires_grad_(False)


def write_network(network: nn.Module, file: Path, about: dict[str, str]) -> None:
    """Writes the weights in half precision, `about` in the header. Raises `PlaygroundError` where that cannot be."""
    weights = {
        name: value.half().contiguous() for name, value in network.state_dict().items() if value.is_floating_point()
    }
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, serialise(weights, about))
    except OSError as error:
        raise PlaygroundError(f"{file} cannot be written ({error.strerror}): name another place with --out.") from None
