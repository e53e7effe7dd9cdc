"""A picture, its reconstruction, and the difference between the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st
from jaxtyping import Float, UInt8

from playground.recipe import Recipe
from playground.render import LoadedModel
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures


@dataclass(frozen=True)
class Reconstruction:
    """What encoding and decoding made of a picture.

    Attributes:
        original, drawn_again: uint8 [height, width, channels].
        code: the latent code.
        recipe: the code with its class, as a recipe; it renders `drawn_again`.
    """

    original: UInt8[np.ndarray, "height width channels"]
    drawn_again: UInt8[np.ndarray, "height width channels"]
    code: Float[np.ndarray, " latent_dim"]
    recipe: Recipe

    @property
    def error(self) -> UInt8[np.ndarray, "height width channels"]:
        """How many grey levels each pixel is off."""
        return np.abs(self.original.astype(int) - self.drawn_again).astype(np.uint8)


def reconstruct(
    model: LoadedModel, picture: UInt8[np.ndarray, "height width channels"], class_name: str | None
) -> Reconstruction:
    """Encode a picture and decode it again.

    Args:
        model: one with an encoder.
        picture: in the model's size.
        class_name: of the picture; None takes the class with the smallest mean
            squared error, and is right for unconditional models.
    """
    names = [class_name] if class_name is not None else list(model.class_names)
    choices = [{name: 1.0} for name in names] or [{}]
    codes = model.encode(np.stack([picture] * len(choices)), choices)
    recipes = [
        Recipe(model=model.name, code=tuple(code.tolist()), classes=choice)
        for code, choice in zip(codes, choices, strict=True)
    ]
    images = paint(recipes)
    errors = ((images.astype(float) - picture) ** 2).mean(axis=(1, 2, 3))
    best = int(errors.argmin())
    return Reconstruction(picture, images[best], codes[best], recipes[best])


def show_reconstruction(reconstruction: Reconstruction) -> None:
    """Show the three pictures side by side with the error in numbers."""
    difference = reconstruction.error.astype(float)
    classes = "".join(f", as class {name}" for name in reconstruction.recipe.classes)
    show_pictures(
        np.stack([reconstruction.original, reconstruction.drawn_again, reconstruction.error]),
        [
            "The original picture",
            f"The reconstruction by {reconstruction.recipe.model}{classes}",
            f"The error: bright pixels differ, {difference.mean():.1f} grey levels on average",
        ],
        Sheet("Original, reconstruction and error", 3, smallest=80, largest=224),
        key="reconstruction",
        captions=["Original", f"Reconstruction{classes}", "Error"],
    )
    usual_length = np.sqrt(len(reconstruction.code))
    figures = {
        "Mean error": (f"{difference.mean():.1f}", "Grey levels of 255, averaged over all pixels."),
        "Root mean square": (f"{np.sqrt((difference**2).mean()):.1f}", "Grey levels; large misses weigh more."),
        "Pixels well off": (f"{(difference > 64).mean():.1%}", "Share that differs by over a quarter of the range."),
        "Length of the code": (
            f"{np.linalg.norm(reconstruction.code):.1f}",
            f"A code drawn from N(0, I) has a length of about {usual_length:.1f}.",
        ),
    }
    with st.container(horizontal=True, gap="large"):
        for label, (value, meaning) in figures.items():
            st.metric(label, value, width="content", help=meaning)
