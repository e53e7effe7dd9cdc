"""The same model on a plain page: one slider and one picture, as Streamlit does it by itself.

    streamlit run benchmarks/plain_page.py -- digits-cgan

What `benchmarks.live` compares the live canvas with: written as Streamlit's
manual says, the model loaded once, one picture drawn a run.
"""

from __future__ import annotations

import sys

import streamlit as st

import playground
from playground.render import LoadedModel


@st.cache_resource
def loaded(name: str) -> LoadedModel:
    return playground.load(name)


model = loaded(sys.argv[1])
amount = st.slider("Direction 1", -3.0, 3.0, 0.0, 0.05)
recipe = playground.Recipe(
    model=model.name,
    seeds=[(7, 1)],
    classes={model.class_names[3]: 1} if model.class_names else {},
    moves=[{"direction": "principal:0", "amount": amount}],
)
st.image(model.render([recipe])[0], width=448)
