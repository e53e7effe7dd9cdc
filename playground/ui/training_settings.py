"""The few settings of a training that matter, with what they mean, and the rest as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from playground.training.config import TrainingConfig
from playground.ui.data_choice import choose_data, data_key


@dataclass(frozen=True)
class Setting:
    """One number of a training config.

    Attributes:
        path: where it stands in the config, such as `optimizer.learning_rate`.
        label: what it is called.
        meaning: what a larger or smaller one does.
        low, high: its bounds.
        step: of its buttons.
        form: how it is written, in C's way.
    """

    path: str
    label: str
    meaning: str
    low: int | float
    high: int | float
    step: int | float
    form: str = "%d"


SETTINGS = (
    Setting(
        "total_images",
        "Pictures to learn from",
        "Counted with repetition: the length of the training. Twice as many take twice as long.",
        100,
        1_000_000_000,
        10_000,
    ),
    Setting(
        "batch_size",
        "Pictures a step",
        "Larger steps are steadier and use a GPU better; smaller ones learn more from as many pictures.",
        1,
        65_536,
        16,
    ),
    Setting(
        "optimizer.learning_rate",
        "Learning rate",
        "How far a step goes. Too high and the loss jumps or ends as no number; too low and nothing happens.",
        1e-7,
        1.0,
        1e-4,
        "%.2g",
    ),
    Setting(
        "model.latent_dim",
        "Numbers in a code",
        "Fewer make a tidier space to walk in, more can hold more detail.",
        1,
        4096,
        8,
    ),
    Setting(
        "objective.beta",
        "Weight of the divergence (beta)",
        "Higher: codes nearer to N(0, I), drawn pictures better, rebuilt ones more blurred.",
        0.0,
        1000.0,
        0.1,
        "%.3g",
    ),
    Setting(
        "objective.adversary_weight",
        "Weight of the adversary",
        "Higher: sharper strokes, less faithful; 0 trains without one.",
        0.0,
        1e6,
        500.0,
        "%.6g",
    ),
    Setting(
        "objective.penalty.weight",
        "Leash of the discriminator (gamma)",
        "Higher: a calmer game with softer pictures; too low and the discriminator runs away.",
        0.0,
        100.0,
        0.1,
        "%.3g",
    ),
    Setting("seed", "Seed", "Of weights, data order and noise: the same seed gives the same run.", 0, 2**31 - 1, 1),
)


def settings_of(config: TrainingConfig) -> list[tuple[Setting, int | float]]:
    """The settings that a preset has, with its values."""
    values = config.model_dump()
    found = ((setting, _at(values, setting.path)) for setting in SETTINGS)
    return [(setting, value) for setting, value in found if value is not None]


def choose_settings(config: TrainingConfig) -> list[str]:
    """Draw the settings of a preset and return the `key=value` changes from it."""
    key = f"train_{config.preset}"
    data = choose_data(config.data, data_key(config.preset))
    changes = [f"data={data}"] if data != config.data else []
    columns = st.columns(2)
    for number, (setting, value) in enumerate(settings_of(config)):
        kind = type(value)
        with columns[number % 2]:
            chosen = st.number_input(
                setting.label,
                kind(setting.low),
                kind(setting.high),
                value,
                kind(setting.step),
                setting.form,
                key=f"{key}_{setting.path}",
                help=setting.meaning,
            )
        if chosen != value:
            changes.append(f"{setting.path}={chosen}")
    with st.expander("All other settings", icon=":material/tune:"):
        text = st.text_area(
            "Changes, one a line",
            key=f"{key}_others",
            placeholder="average_images=10000\nmodel.generator_channels=[64, 48, 32, 16]",
            help="Every name in the resolved config can be set, as with --set on the command line.",
            height=120,
        )
    return changes + [line.strip() for line in text.splitlines() if line.strip()]


def _at(values: dict[str, Any], path: str) -> int | float | None:
    for part in path.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values
