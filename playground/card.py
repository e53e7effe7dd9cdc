"""The card: what a person should know of a checkpoint before trusting it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

PREVIEW = "preview.webp"  # the name of the picture beside the card


class Card(BaseModel):
    """What a person should know of a checkpoint before trusting it.

    Attributes:
        title: a few words for a heading.
        summary: one or two sentences on what it is.
        data: what it was trained on.
        licence: of the weights and of the data.
        preset: the training preset, and `command` the whole command line.
        images_seen: how many training images, counted with repetition.
        training_seconds: wall-clock seconds; `cpu_seconds` over all cores.
        machine: what it was trained on, in words.
        weaknesses: what it is bad at, a sentence each.
        preview: what the picture beside the card shows; empty where there is none.
        quality: measured figures by name, written by `python -m playground.metrics`.
    """

    model_config = ConfigDict(extra="forbid")

    title: str
    summary: str = ""
    data: str = ""
    licence: str = ""
    preset: str = ""
    command: str = ""
    images_seen: int = 0
    training_seconds: float = 0.0
    cpu_seconds: float = 0.0
    machine: str = ""
    weaknesses: list[str] = Field(default_factory=list)
    preview: str = ""
    quality: dict[str, float] = Field(default_factory=dict)

    def to_markdown(self) -> str:
        """The card as a page for reading; facts that are not known are left out."""
        facts = {
            "Data": self.data,
            "Licence": self.licence,
            "Preset": f"`{self.preset}`" if self.preset else "",
            "Command": f"`{self.command}`" if self.command else "",
            "Images seen": f"{self.images_seen:,}" if self.images_seen else "",
            "Training time": f"{self.training_seconds:,.0f} s ({self.cpu_seconds:,.0f} CPU-seconds)"
            if self.training_seconds
            else "",
            "Machine": self.machine,
        }
        parts = [f"# {self.title}"]
        if self.summary:
            parts.append(self.summary)
        if self.preview:
            parts.append(f"![{self.preview}]({PREVIEW})\n\n{self.preview}")
        rows = [f"| {fact} | {value} |" for fact, value in facts.items() if value]
        if rows:
            parts.append("\n".join(["| About it | |", "| --- | --- |", *rows]))
        if self.quality:
            figures = [f"| {name.replace('_', ' ')} | {value:.4g} |" for name, value in self.quality.items()]
            parts.append("\n".join(["## Measured", "", "| figure | value |", "| --- | --- |", *figures]))
        if self.weaknesses:
            parts.append("\n".join(["## What it is bad at", "", *(f"- {sentence}" for sentence in self.weaknesses)]))
        return "\n\n".join(parts) + "\n"
