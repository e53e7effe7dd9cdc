"""The frame of every page: its configuration, the way between pages, and the model picker they share."""

from __future__ import annotations

import streamlit as st

from playground.ui.model_picker import show_model_picker
from playground.ui.problems import problems_as_sentences
from playground.ui.selection import read_link
from playground.ui.wordmark import mark, wordmark

# Pictures want the width that Streamlit keeps free on both sides of a wide page.
MARGINS = "<style>.stMainBlockContainer { padding-inline: clamp(1rem, 3vw, 3rem); max-width: 1500px; }</style>"

st.set_page_config(page_icon=mark(), layout="wide")
st.logo(wordmark(st.context.theme.type), size="large", icon_image=mark())
st.html(MARGINS)

page = st.navigation(
    [
        st.Page("live.py", title="Live", icon=":material/gesture:", default=True),
        st.Page("gallery.py", title="Gallery", icon=":material/grid_view:"),
        st.Page("sample.py", title="Sample", icon=":material/casino:"),
        st.Page("classes.py", title="Classes", icon=":material/category:"),
        st.Page("styles.py", title="Styles", icon=":material/layers:"),
        st.Page("interpolate.py", title="Interpolate", icon=":material/timeline:"),
        st.Page("vectors.py", title="Vectors", icon=":material/calculate:"),
        st.Page("reconstruct.py", title="Reconstruct", icon=":material/draw:"),
        st.Page("faces.py", title="Faces", icon=":material/face:"),
        st.Page("train.py", title="Train", icon=":material/model_training:"),
    ]
)
st.set_page_config(page_title=f"{page.title} · Latent Playground")
with problems_as_sentences():
    read_link(page.title)
    show_model_picker()
    page.run()
