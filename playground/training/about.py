"""What a card says of a run's model and its data, which may be another than the preset's."""

from __future__ import annotations

from playground.data.own import RESEARCH_ONLY, is_own, licence_of, short_name
from playground.models import family
from playground.training.config import CardText, TrainingConfig, preset_names, resolve


def card_text(config: TrainingConfig) -> CardText:
    """The preset's words as long as they are true: on other data it says what that is instead."""
    if config.preset not in preset_names():
        return config.card
    preset = resolve(config.preset, [])
    if config.data == preset.data or config.card != preset.card:
        return config.card
    whose = "pictures of one's own" if is_own(config.data) else "other data than the preset's"
    return CardText(
        title=f"{family(config.family).model_class.title} on {short_name(config.data)}",
        summary=f"Trained on {whose}, with the settings of the preset {config.preset}.",
        weaknesses=("Those settings were chosen for other data, and nobody has measured what they are worth on this.",),
    )


def data_line(config: TrainingConfig) -> str:
    """What it was trained on."""
    return f"{short_name(config.data)}, {'all of it' if is_own(config.data) else 'training part'}"


def licence_line(config: TrainingConfig) -> str:
    """Of the weights and of the data."""
    if is_own(config.data):
        return licence_of(config.data)
    if config.data in RESEARCH_ONLY:
        return f"weights and data: {licence_of(config.data)}"
    return f"weights: as the project; data: {licence_of(config.data)}"


def command_words(config: TrainingConfig) -> list[str]:
    """The command that repeats the training, word by word; without the way to the data on this machine."""
    words = ["python", "-m", "playground.training", "--preset", config.preset, "--run-dir", f"runs/{config.preset}"]
    for change in config.changes:
        own_data = change.partition("=")[0].strip() == "data" and is_own(config.data)
        words += ["--set", f"data={short_name(config.data)}" if own_data else change]
    return words
