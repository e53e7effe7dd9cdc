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
from playground.training.about import card_text, data_line, licence_line
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
    finished = chosen is None and checkpoint is not None
    if not finished and not before:
        st.caption("There is no snapshot of it yet to play with.")
        return
    label = "Play with the finished model" if finished else f"Play with the snapshot at {before[-1]:,} images"
    if not st.button(label, icon=":material/gesture:", type="primary", key="train_play"):
        return
    try:
        if finished:
            name = keep(checkpoint, run)
        else:
            card = card_of(run, before[-1], validated(config))
            name = keep(snapshots[before[-1]], f"{run}-{before[-1]}", card)
    except PlaygroundError as problem:
        show_problem(problem)
        return
    link = Recipe(model=name, seeds=((START_SEED, 1.0),)).to_link()
    st.switch_page("live.py", query_params={LINK: link})


def keep(source: Path, name: str, card: Card | None = None) -> str:
    """Copy a run's snapshot or checkpoint among the checkpoints and return its name there.

    One that was kept before is not written again.

    Args:
        source: its folder.
        name: that it gets.
        card: that it gets; without one it keeps its own.

    Raises `PlaygroundError` where it is damaged, its name is another model's, or the folder cannot be written.
    """
    found = checkpoints.describe(source)
    if name in checkpoints.names():
        if checkpoints.describe(name).fingerprint == found.fingerprint:
            return name
        raise PlaygroundError(f"There is another checkpoint named {name}: rename or remove it, or rerun the training.")
    kept = checkpoints.folders()[0] / name
    try:
        kept.mkdir(parents=True, exist_ok=True)
        write_whole(kept / checkpoints.WEIGHTS, (source / checkpoints.WEIGHTS).read_bytes())
    except OSError as error:
        raise PlaygroundError(
            f"{kept} cannot be written ({error.strerror}): name a folder in PLAYGROUND_CHECKPOINTS that can."
        ) from None
    checkpoints.write_card(kept, card or found.card)
    return name


def card_of(run: str, images_seen: int, config: TrainingConfig) -> Card:
    """What a person should know of a snapshot."""
    part = images_seen / config.total_images
    text = card_text(config)
    return Card(
        title=f"{text.title or config.preset} after {images_seen:,} images",
        summary=f"A snapshot of the run {run}, {part:.0%} of the way. {text.summary}".strip(),
        data=data_line(config),
        licence=licence_line(config),
        preset=config.preset,
        images_seen=images_seen,
        weaknesses=["Taken on the way: nothing is fitted to its codes yet.", *text.weaknesses],
    )
