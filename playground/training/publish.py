"""From a finished run to a checkpoint with its card and preview."""

from __future__ import annotations

from pathlib import Path

from playground import checkpoints, images
from playground.card import Card
from playground.models import GenerativeModel
from playground.training.sheets import SIDE, TRUNCATED, draw_preview

ABOUT = f"Seeds 0 to {SIDE**2 - 1}, none picked: at psi 1 on the left, at psi {TRUNCATED} on the right."


def publish(folder: Path, model: GenerativeModel, card: Card) -> Path:
    """Writes a model for playing, with pictures of it, and returns its folder.

    Args:
        folder: of the checkpoint; its name is the checkpoint's.
        model: the averaged model, with its prior fitted where it has one.
        card: what is known of it.
    """
    preview = images.to_webp(images.grid(images.to_uint8(draw_preview(model)), 2 * SIDE))
    return checkpoints.save(folder, model, card.model_copy(update={"preview": ABOUT}), preview)
