"""Ways on from a chosen picture: links that take its recipe to another page."""

from __future__ import annotations

import streamlit as st

from playground.recipe import Recipe
from playground.ui.selection import LINK, plain_seed

WAYS = {
    "classes": ("Classes", ":material/category:", "This seed in every class"),
    "interpolate": ("Interpolate", ":material/timeline:", "This seed as the next stop of a walk"),
    "vectors": ("Vectors", ":material/calculate:", "This seed as A in A - B + C"),
    "reconstruct": ("Reconstruct", ":material/draw:", "This picture, encoded and drawn again"),
}


def show_ways_on(recipe: Recipe) -> None:
    """A link for each page that can go on from this picture; where one cannot, it says why."""
    st.markdown("Take it to")
    with st.container(horizontal=True, gap="small"):
        for page, (label, icon, promise) in WAYS.items():
            possible = page == "reconstruct" or plain_seed(recipe) is not None
            st.page_link(
                f"{page}.py",
                label=label,
                icon=icon,
                help=promise if possible else "This picture is not a single seed, and that page starts from seeds.",
                disabled=not possible,
                query_params={LINK: recipe.to_link()},
            )
