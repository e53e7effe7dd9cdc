"""The film of a walk: made on request, with progress, kept until the walk changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import streamlit as st

from playground import film
from playground.images import enlarge
from playground.recipe import Recipe
from playground.ui.painting import paint_in_steps
from playground.ui.pictures import show_film

FILM_SIDE = 256  # pixels, about
KEPT = "film"


def show_film_maker(name: str, frames: Callable[[int], Sequence[Recipe]], num_legs: int, max_frames: int) -> None:
    """Controls to make a film, and the last film if it still belongs to this walk.

    Args:
        name: of the model, for file names.
        frames: gives that many recipes along the walk.
        num_legs: ways from one stop to the next.
        max_frames: no film is longer.
    """
    seconds = st.slider("Seconds between stops", 0.5, 4.0, 1.5, 0.5, key="film_seconds")
    rate = st.select_slider("Frames a second", [10, 20, 25, 50], 25, key="film_rate")
    wanted = st.button("Make the film", key="make_film", type="primary", icon=":material/movie:")
    num_frames = min(max_frames, max(2, round(num_legs * seconds * rate)))
    recipes = frames(num_frames)
    identity = hashlib.sha256("".join([str(rate), *(recipe.to_json() for recipe in recipes)]).encode()).hexdigest()
    if wanted:
        st.session_state[KEPT] = (identity, *_make(recipes, rate))
    kept = st.session_state.get(KEPT)
    if kept is None:
        st.caption(f"{num_frames} frames, {num_frames / rate:.1f} seconds, as GIF and as MP4.")
    elif kept[0] != identity:
        st.caption("The walk has changed since the last film: make it anew.")
    else:
        _show(name, num_frames, *kept[1:])


def _make(recipes: Sequence[Recipe], rate: int) -> tuple[bytes, bytes, int, int]:
    """The GIF, the MP4, and their height and width."""
    bar = st.progress(0.0, "Drawing the frames")
    images = paint_in_steps(recipes, lambda share: bar.progress(0.7 * share, "Drawing the frames"))
    images = enlarge(images, max(1, FILM_SIDE // images.shape[1]))
    bar.progress(0.75, "Writing the GIF")
    gif = film.to_gif(images, rate)
    bar.progress(0.9, "Writing the MP4")
    mp4 = film.to_mp4(images, rate)
    bar.empty()
    return gif, mp4, images.shape[1], images.shape[2]


def _show(name: str, num_frames: int, gif: bytes, mp4: bytes, height: int, width: int) -> None:
    show_film(gif, height, width, f"A film of {num_frames} frames drawn by {name}", "film_screen")
    with st.container(horizontal=True, gap="small"):
        for label, content, ending, kind in [("GIF", gif, "gif", "image/gif"), ("MP4", mp4, "mp4", "video/mp4")]:
            st.download_button(
                f"{label} ({len(content) / 1000:,.0f} kB)",
                content,
                file_name=f"{name}-walk.{ending}",
                mime=kind,
                icon=":material/download:",
                key=f"film_{ending}",
                on_click="ignore",
            )
