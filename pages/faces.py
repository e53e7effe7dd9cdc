"""Faces out of photos and videos, looked through by a person, and taken as a data set."""

from __future__ import annotations

import streamlit as st

from playground.data.face_extraction.tray import Tray
from playground.ui.face_collection import choose_collection
from playground.ui.face_form import show_face_form, show_report
from playground.ui.face_tray import show_tray

st.title("Faces")
st.markdown(
    "Faces are found in photos and videos, turned upright, and cut out so that all eyes lie at the same place: "
    "pictures of which a model can learn. Those that will not do are put aside, and you have the last word."
)
form, outcome = st.columns([2, 3], gap="medium")
with form, st.container(border=True):
    folder = choose_collection()
    show_face_form(folder)
with outcome:
    if not folder.exists():
        st.info("Upload photos or name a folder, then find faces: they appear here.")
        st.stop()
    show_report(folder)
    show_tray(Tray(folder))
