"""What a face must be like to be kept, and how large its picture becomes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from playground.errors import PlaygroundError


class FaceSettings(BaseModel):
    """The settings of an extraction, each with its bounds and what it means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(128, ge=16, le=1024, description="Height and width of a face's picture, in pixels.")
    min_side: int = Field(
        64,
        ge=1,
        le=4096,
        description="Pixels of the photo that a face's picture must cover in height and width: fewer are too small.",
    )
    min_sharpness: float = Field(
        0.12,
        ge=0,
        le=1,
        description="How strong the finest lines must be beside the whole contrast: less is blurred. "
        "Good portraits have 0.2 to 0.5.",
    )
    max_tilt: float = Field(
        25, ge=0, le=90, description="Degrees by which a face may lean: its picture is turned upright, its neck is not."
    )
    min_difference: int = Field(
        32,
        ge=0,
        le=256,
        description="Marks, of 256, in which a face must differ from every other: fewer make it a duplicate.",
    )
    every_seconds: float = Field(
        1.0, ge=0.02, le=3600, description="Seconds of a video from one frame that is looked at to the next."
    )

    @classmethod
    def of(cls, **values: Any) -> FaceSettings:
        """From values that a person gave. Raises `PlaygroundError` with one sentence where one is out of bounds."""
        try:
            return cls(**values)
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][0])
            meaning = cls.model_fields[name].description if name in cls.model_fields else "There is no such setting."
            raise PlaygroundError(f"{name} is {first['input']!r}: {first['msg']}. {meaning}") from None
