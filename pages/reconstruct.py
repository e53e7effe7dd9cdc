"""A picture turned into a code and back, and the walk that starts at that code."""

from __future__ import annotations

import streamlit as st

from playground.models import Capability
from playground.ui.code_walk import show_code_walk
from playground.ui.model_picker import current_model
from playground.ui.needs import stop_without
from playground.ui.picture_source import picture_source
from playground.ui.reconstruction import reconstruct, show_reconstruction

st.title("Reconstruct")
model = current_model()
st.markdown(
    f"The encoder turns a picture into {model.latent_dim} numbers, the decoder turns them back into a picture. "
    "What is lost on the way is the error."
)
stop_without(model, Capability.ENCODE)

source, outcome = st.columns([1, 2], gap="medium")
with source, st.container(border=True):
    picture = picture_source(model)
    guess = st.pills(
        "Class of the picture",
        ["guess", *model.class_names],
        default="guess",
        required=True,
        key="reconstruct_class",
        disabled=not model.class_names,
        help="The encoder of a conditional model is told the class. A guess takes the class with the smallest error."
        if model.class_names
        else f"{model.name} was trained without classes and needs none.",
    )
if picture is None:
    with outcome:
        drawn = "Draw a digit in the black square, or choose an upload or a generated picture above it."
        st.info(drawn if model.image_shape[0] == 1 else "Upload a photo, or choose a generated picture.")
    st.stop()

reconstruction = reconstruct(model, picture, None if guess == "guess" else guess)
with outcome:
    show_reconstruction(reconstruction)
st.header("Walk on from there", anchor=False)
show_code_walk(model, reconstruction.recipe)
