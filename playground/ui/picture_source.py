"""Where the Reconstruct page's picture comes from: drawn, uploaded, or generated."""

from __future__ import annotations

import numpy as np
import streamlit as st
from jaxtyping import UInt8

from playground.images import open_image
from playground.recipe import Recipe
from playground.render import LoadedModel
from playground.ui.drawing import show_drawing
from playground.ui.handwriting import SIDE, centred_digit, fit
from playground.ui.painting import paint
from playground.ui.photo_source import FILE_ENDINGS, uploaded_photo
from playground.ui.seeds import seed_field
from playground.ui.selection import selected
from playground.ui.words import in_words

DRAW, UPLOAD, GENERATED = "Draw", "Upload", "A generated picture"
SOURCE = "reconstruct_source"
READ_SIDE = 280  # pixels at which a drawing or an uploaded digit is looked at before it is scaled down
Picture = UInt8[np.ndarray, "height width channels"]


def picture_source(model: LoadedModel) -> Picture | None:
    """Draw the controls and return a picture in the model's size, or None while there is none.

    A model of one channel is given drawn digits, one of three is given photos.
    """
    channels = model.image_shape[0]
    sources = [DRAW, UPLOAD, GENERATED] if channels == 1 else [UPLOAD, GENERATED]
    if st.session_state.get(SOURCE) not in sources:  # that of another model
        st.session_state.pop(SOURCE, None)
    source = st.segmented_control(
        "Picture", sources, default=sources[0], required=True, key=SOURCE, persist_state="session"
    )
    if source == DRAW:
        return _drawn(model.image_shape)
    if source == UPLOAD:
        return _uploaded(model.image_shape) if channels == 1 else uploaded_photo(model.image_shape)
    return _generated(model)


def _drawn(image_shape: tuple[int, int, int]) -> Picture | None:
    png = show_drawing("drawing_square", "reconstruct_drawing")
    if png is None:
        return None
    return centred_digit(open_image(png, (1, READ_SIDE, READ_SIDE))[:, :, 0], image_shape)


def _uploaded(image_shape: tuple[int, int, int]) -> Picture | None:
    file = st.file_uploader("A picture of one digit", FILE_ENDINGS, key="reconstruct_file")
    as_digit = st.toggle(
        "Prepare as MNIST does",
        True,
        key="reconstruct_prepare",
        persist_state="session",
        help="White on black, scaled into 20 x 20 pixels, its centre of mass in the middle.",
    )
    if file is None:
        return None
    if not as_digit:
        return open_image(file.getvalue(), image_shape)
    return centred_digit(_white_on_black(open_image(file.getvalue(), (1, READ_SIDE, READ_SIDE))[:, :, 0]), image_shape)


def _white_on_black(page: UInt8[np.ndarray, "side side"]) -> UInt8[np.ndarray, "side side"]:
    """Ink as white: turned round where most of the picture is bright, and stretched to the full range."""
    levels = page.astype(float)
    if np.median(levels[levels > 0] if (levels > 0).any() else levels) > 127 and (levels > 127).mean() > 0.3:
        levels = np.where(levels > 0, 255 - levels, 0)
    low, high = np.percentile(levels, 5), levels.max()
    return (255 * np.clip((levels - low) / max(1.0, high - low), 0, 1)).astype(np.uint8)


def _generated(model: LoadedModel) -> Picture:
    stored = st.session_state.get("reconstruct_recipe")
    recipe = Recipe.from_json(stored) if stored else selected()
    if recipe is None:
        seed = seed_field("Seed", "reconstruct_seed", 0)
        recipe = Recipe(model=model.name, seeds=((seed, 1.0),))
    st.caption(f"{in_words(recipe)}. Choose another on the page Sample.")
    image = paint([recipe])[0]
    height, width = model.image_shape[1:]
    if image.shape[:2] == (height, width):
        return image
    middle = image if image.shape[0] <= SIDE else image[(image.shape[0] - SIDE) // 2 :][:SIDE]
    middle = middle if middle.shape[1] <= SIDE else middle[:, (middle.shape[1] - SIDE) // 2 :][:, :SIDE]
    return fit(middle[:, :, 0], model.image_shape)
