"""A walk between seeds: as a strip to look at and as a film to keep."""

from __future__ import annotations

import streamlit as st

from playground.latents.paths import MAX_FRAMES, place_on_walk, walk
from playground.ui.film_maker import show_film_maker
from playground.ui.inspector import show_inspector
from playground.ui.live_sheet import Binding, live_data
from playground.ui.model_picker import current_model
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.seeds import seeds_field, thrown_seed
from playground.ui.settings import settings_panel
from playground.ui.words import in_words

MAX_STOPS = 12
PATHS = {
    "spherical": "Along the great circle: codes keep the length that codes from N(0, I) have.",
    "straight": "The straight line: it passes nearer to the centre, where pictures are more alike.",
}

st.title("Interpolate")
model = current_model()
st.markdown("Walk from seed to seed through latent space. Every step is a picture of its own: click one.")
pictures, controls = st.columns([3, 1], gap="medium")


def add_stop() -> None:
    """Put another seed at the end of the walk."""
    st.session_state["interpolate_seeds"] = f"{st.session_state['interpolate_seeds']}, {thrown_seed()}"


with controls, st.container(border=True):
    seeds = seeds_field("Stops", "interpolate_seeds", "3, 8, 5", "The seeds to walk through, in order: 3, 8, 5.")
    full = len(seeds) >= MAX_STOPS
    st.button("Add a seed", icon=":material/add:", on_click=add_stop, disabled=full, width="stretch")
    path = st.segmented_control(
        "Path", list(PATHS), default="spherical", required=True, key="interpolate_path", persist_state="session"
    )
    st.caption(PATHS[path])
    closed = st.toggle("Back to the start", key="interpolate_closed", persist_state="session")
    num_steps = st.slider("Steps between stops", 2, 16, 8, key="interpolate_steps", persist_state="session")
    settings = settings_panel(model)

if len(seeds) > MAX_STOPS:
    st.info(f"A walk has at most {MAX_STOPS} stops: these are the first {MAX_STOPS} of {len(seeds)}.")
seeds = seeds[:MAX_STOPS]
if len(seeds) < 2:
    with pictures:
        st.info("A walk needs at least two stops: add another seed.")
    st.stop()

stops = [settings.recipe(seed) for seed in ([*seeds, seeds[0]] if closed else seeds)]
num_legs = len(stops) - 1
legs = [walk(stops[leg : leg + 2], model.checkpoint.model, num_steps + 1, path) for leg in range(num_legs)]
steps = [recipe for leg in legs for recipe in leg]
place = st.session_state["interpolate_place"] = min(st.session_state.get("interpolate_place", 0.5), float(num_legs))
shown = round(place * num_steps) + min(int(place), num_legs - 1)
chosen = place_on_walk(stops, model.checkpoint.model, place, path)

with pictures:
    show_pictures(
        paint(steps),
        [in_words(recipe) for recipe in steps],
        Sheet(
            f"A walk of {model.name} through {len(stops)} stops",
            num_steps + 1,
            smallest=30,
            largest=112,
            row_headings=[f"{leg[0].seeds[0][0]} to {leg[-1].seeds[0][0]}" for leg in legs],
            selected=[shown],
        ),
        key="walk",
        on_pick=lambda index: st.session_state.update(
            interpolate_place=index // (num_steps + 1) + index % (num_steps + 1) / num_steps
        ),
        live=live_data(steps, [Binding("psi", "psi")]),
    )
    step, film = st.columns([1, 1], gap="medium")
    with step, st.container(border=True):
        st.subheader("A place on the walk", anchor=False)
        st.slider("Legs from the start", 0.0, float(num_legs), step=0.01, key="interpolate_place")
        on_the_way = Binding("interpolate_place", "walk", stops=stops, path=path)
        show_inspector(chosen, "step", 256, [on_the_way, Binding("psi", "psi")])
    with film, st.container(border=True):
        st.subheader("Film", anchor=False)
        show_film_maker(
            model.name,
            lambda num_frames: walk(stops, model.checkpoint.model, num_frames, path),
            num_legs,
            MAX_FRAMES,
        )
