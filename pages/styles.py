"""Style mixing: the layers of one seed's picture, drawn in the style of another's."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from playground.latents.layers import layer_groups
from playground.models import Capability
from playground.recipe import Recipe, Style
from playground.ui.inspector import show_inspector
from playground.ui.live_sheet import live_data
from playground.ui.model_picker import current_model
from playground.ui.needs import stop_without
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.seeds import following, seed_field
from playground.ui.selection import select
from playground.ui.settings import settings_panel
from playground.ui.words import in_words

st.title("Styles")
model = current_model()
st.markdown(
    "Each layer of this kind of generator is told a style. Down the side are seeds, across the top others: "
    "in between, the seed of the row with some of its layers told the style of the column."
)
stop_without(model, Capability.LAYERS)

groups = layer_groups(model.checkpoint.model.num_layers)
pictures, controls = st.columns([3, 1], gap="medium")
with controls, st.container(border=True):
    chosen = st.segmented_control(
        "Layers that take the column's style",
        list(groups),
        default="middle",
        required=True,
        key="styles_layers",
        help="Coarse layers hold the pose and the shape of the head, middle ones the features, fine ones the colours.",
    )
    first = seed_field("First seed of the rows", "styles_rows_seed", 0)
    second = seed_field("First seed of the columns", "styles_columns_seed", 100)
    num_rows = st.slider("Rows", 1, 8, 4, key="styles_rows", persist_state="session")
    num_columns = st.slider("Columns", 1, 8, 6, key="styles_columns", persist_state="session")
    settings = settings_panel(model)

rows, columns = following(first, num_rows), following(second, num_columns)


def mixed(row: int, column: int) -> Recipe:
    """The seed of a row with the chosen layers in the style of the seed of a column."""
    style = Style(seed=column, **groups[chosen].model_dump())
    return settings.recipe(row).model_copy(update={"styles": (style,)})


mean = settings.recipe(rows[0]).model_copy(update={"psi": 0.0})
recipes = [mean, *map(settings.recipe, columns)]
for row in rows:
    recipes += [settings.recipe(row), *(mixed(row, column) for column in columns)]
with pictures:
    show_pictures(
        paint(recipes),
        [in_words(recipe) for recipe in recipes],
        Sheet(
            f"{len(rows)} seeds with their {chosen} layers in the style of {len(columns)} others",
            len(columns) + 1,
            smallest=30,
            largest=128,
            column_headings=["the mean", *map(str, columns)],
            row_headings=["", *map(str, rows)],
        ),
        key="style_sheet",
        on_pick=lambda index: (select(recipes[index]), st.session_state.update(styles_picked=index)),
        live=live_data(recipes, [replace(binding, pictures=range(1, len(recipes))) for binding in settings.bindings]),
    )

picked = min(st.session_state.get("styles_picked", len(columns) + 2), len(recipes) - 1)
show_inspector(recipes[picked], "styles", 224, settings.bindings if picked else ())
