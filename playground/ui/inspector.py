"""The inspector: one picture shown large, with its recipe, its link, its Python call and its file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from playground.images import enlarge, to_png
from playground.recipe import Recipe
from playground.ui.live_sheet import Binding, live_data
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.selection import link_to
from playground.ui.words import in_python, in_words

EXPORT_SIDE = 512  # pixels: what a downloaded picture is enlarged to, about


def show_inspector(recipe: Recipe, key: str, largest: int = 288, bindings: Sequence[Binding] = ()) -> None:
    """Show the picture of a recipe and what is behind it; arguments as in `show_picture`."""
    show_picture(recipe, key, largest, bindings)
    show_recipe(recipe, key)


def show_picture(recipe: Recipe, key: str, largest: int, bindings: Sequence[Binding] = ()) -> None:
    """Show the picture of a recipe, and the recipe in words.

    Args:
        recipe: any recipe.
        key: unique on the page.
        largest: its width in CSS pixels, at most.
        bindings: sliders that it follows while they are dragged.
    """
    text = in_words(recipe)
    sheet = Sheet("The chosen picture", 1, smallest=128, largest=largest)
    show_pictures(paint([recipe]), [text], sheet, key, live=live_data([recipe], bindings) if bindings else "")
    st.caption(text)


def show_recipe(recipe: Recipe, key: str, alignment: Literal["left", "center", "right"] = "left") -> None:
    """The recipe behind a picture: as JSON, as a link, as Python, and inside the PNG to download."""
    image = paint([recipe])
    factor = max(1, EXPORT_SIDE // image.shape[1])
    with st.container(horizontal=True, horizontal_alignment=alignment, gap="small"):
        st.download_button(
            "PNG",
            to_png(enlarge(image, factor)[0], recipe.to_json()),
            file_name=f"{recipe.model}.png",
            mime="image/png",
            icon=":material/download:",
            key=f"{key}_png",
            help="The picture, enlarged with hard pixels, with its recipe inside the file.",
            on_click="ignore",
        )
        with st.popover("Recipe", icon=":material/receipt_long:", width="content"):
            st.markdown("This small text is the whole picture: the same recipe gives the same pixels.")
            st.code(recipe.to_json(), language="json", wrap_lines=True)
            st.markdown("As a link")
            st.code(link_to(recipe), language=None, wrap_lines=True)
            st.markdown("In Python")
            st.code(in_python(recipe), language="python", wrap_lines=True)
