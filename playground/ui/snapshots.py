"""From a run to the playground: a snapshot becomes a checkpoint that every page can open."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import streamlit as st

from playground import checkpoints
from playground.card import Card
from playground.errors import PlaygroundError
from playground.files import write_whole
from playground.recipe import Recipe
from playground.training.config import TrainingConfig, validated
from playground.ui.problems import show_problem
from playground.ui.selection import LINK

START_SEED = 7


def show_way_to_live(
    run: str, snapshots: Mapping[int, Path], checkpoint: Path | None, config: dict[str, Any], chosen: int | None
) -> None:
    """A button that opens on the Live page what drew the chosen sheet.

    Args:
        run: its name.
        snapshots: their folders by images seen.
        checkpoint: of the finished run, else None.
        config: of the run, as plain values.
        chosen: images seen at the chosen sheet; None is the newest, which is the checkpoint's once there is one.
    """
    before = [images_seen for images_seen in snapshots if chosen is None or images_seen <= chosen]
    if chosen is None and checkpoint is not None:
        label, source, name = "Play with the finished model", checkpoint, run
    elif before:
        label, source = f"Play with the snapshot at {before[-1]:,} images", snapshots[before[-1]]
        name = f"{run}-{before[-1]}"
    else:
        st.caption("There is no snapshot of it yet to play with.")
        return
    if st.button(label, icon=":material/gesture:", type="primary", key="train_play"):
        try:
            keep(source, name, run, validated(config))
        except PlaygroundError as problem:
            show_problem(problem)
            return
        link = Recipe(model=name, seeds=((START_SEED, 1.0),)).to_link()
        st.switch_page("live.py", query_params={LINK: link})


def keep(source: Path, name: str, run: str, config: TrainingConfig) -> None:
    """Copy a run's snapshot or checkpoint among the checkpoints; one that was kept before is not written again.

    A snapshot gets a card written from its run, a finished checkpoint has one.
    Raises `PlaygroundError` where it is damaged, its name is another model's, or the folder cannot be written.
    """
    found = checkpoints.describe(source)
    if name in checkpoints.names():
        if checkpoints.describe(name).fingerprint == found.fingerprint:
            return
        raise PlaygroundError(f"There is another checkpoint named {name}: rename or remove it, or rerun the training.")
    kept = checkpoints.folders()[0] / name
    try:
        kept.mkdir(parents=True, exist_ok=True)
        write_whole(kept / checkpoints.WEIGHTS, (source / checkpoints.WEIGHTS).read_bytes())
    except OSError as error:
        raise PlaygroundError(
            f"{kept} cannot be written ({error.strerror}): name a folder in PLAYGROUND_CHECKPOINTS that can."
        ) from None
    is_snapshot = not found.card.preset
    checkpoints.write_card(kept, card_of(run, found.card.images_seen, config) if is_snapshot else found.card)


def card_of(run: str, images_seen: int, config: TrainingConfig) -> Card:
    """What a person should know of a snapshot."""
    part = images_seen / config.total_images
    return Card(
        title=f"{config.card.title or config.preset} after {images_seen:,} images",
        summary=f"A snapshot of the run {run}, {part:.0%} of the way. {config.card.summary}".strip(),
        data=f"{config.data}, training part",
        preset=config.preset,
        images_seen=images_seen,
        weaknesses=["Taken on the way: nothing is fitted to its codes yet.", *config.card.weaknesses],
    )
