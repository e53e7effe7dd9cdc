"""A generator's layers in three groups, as people speak of them."""

from __future__ import annotations

from playground.recipe import Layers


def layer_groups(num_layers: int) -> dict[str, Layers]:
    """Coarse, middle and fine layers, a third each.

    Karras et al., 2019, section 3.1: coarse ones hold pose and shape of the face,
    middle ones its features, fine ones colours. At least 3 layers.
    """
    borders = [0, int(num_layers / 3 + 0.5), int(2 * num_layers / 3 + 0.5), num_layers]
    names = ("coarse", "middle", "fine")
    return {name: Layers(first=borders[i], last=borders[i + 1] - 1) for i, name in enumerate(names)}
