"""A sheet of seeds: draw many, choose one, take it further."""

from __future__ import annotations

import streamlit as st

from playground.images import enlarge, grid, sheet_columns, to_png
from playground.ui.inspector import show_picture, show_recipe
from playground.ui.live_sheet import live_data
from playground.ui.model_picker import current_model
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.seeds import following, seeds_field
from playground.ui.selection import plain_seed, select, selected
from playground.ui.settings import settings_panel
from playground.ui.take_to import show_ways_on
from playground.ui.words import in_words

COUNTS = [1, 4, 9, 16, 25, 36, 64, 100]
GRID_FACTOR = 4  # how much a downloaded sheet is enlarged

st.title("Sample")
model = current_model()
st.markdown(f"Each seed is one latent code of {model.latent_dim} numbers, and each code is one picture. Click one.")
pictures, beside = st.columns([3, 2], gap="medium")
with beside:
    chosen_card, controls = st.container(border=True), st.container(border=True)

with controls:
    seeds = seeds_field(
        "Seeds",
        "sample_seeds",
        "0",
        "One seed, such as 7: the sheet starts there. Or exactly these: 0-31, or 3, 5, 9-12.",
    )
    listed = len(seeds) > 1
    count = st.select_slider("Pictures", COUNTS, 36, key="sample_count", persist_state="session", disabled=listed)
    settings = settings_panel(model)

seeds = seeds if listed else following(seeds[0], count)
recipes = [settings.recipe(seed) for seed in seeds]
images = paint(recipes)

chosen = selected()
if chosen is None or plain_seed(chosen) in seeds:
    position = 0 if chosen is None else seeds.index(plain_seed(chosen))
    chosen = recipes[position]
    select(chosen)

with pictures:
    columns = sheet_columns(len(seeds))
    ringed = [index for index, recipe in enumerate(recipes) if recipe == chosen][:1]
    show_pictures(
        images,
        [in_words(recipe) for recipe in recipes],
        Sheet(f"{len(seeds)} pictures of {model.name}", columns, smallest=40, largest=224, selected=ringed),
        key="sheet",
        on_pick=lambda index: select(recipes[index]),
        live=live_data(recipes, settings.bindings),
    )
    st.download_button(
        "Sheet as PNG",
        to_png(enlarge(grid(images, columns)[None], GRID_FACTOR)[0]),
        file_name=f"{model.name}-{seeds[0]}-{seeds[-1]}.png",
        mime="image/png",
        icon=":material/download:",
        on_click="ignore",
    )

with chosen_card:
    large, ways = st.columns([3, 2], gap="small")
    with large:
        show_picture(chosen, "chosen_picture", 224, settings.bindings if ringed else ())
    with ways:
        show_recipe(chosen, "chosen_picture")
        show_ways_on(chosen)
