"""The model picker in the sidebar: one choice for all pages, kept in the address."""

from __future__ import annotations

import streamlit as st

from playground.errors import PlaygroundError
from playground.render import LoadedModel, load
from playground.ui.catalogue import Entry, Origin, playable

PREFERRED = "digits-cgan"
MODEL = "model"  # also the name in the address: ?model=digits-cgan


def show_model_picker() -> None:
    """Draw the picker. An unknown model in the address is said in a sentence, and the usual one is taken."""
    entries = {entry.name: entry for entry in playable()}
    if not entries:
        return
    asked = st.query_params.get(MODEL)
    if asked is not None and asked not in entries:
        st.warning(
            f"There is no model named `{asked[:60]}` here that can be opened, so this is another one: "
            "choose from the list beside the page."
        )
    usual = list(entries).index(PREFERRED) if PREFERRED in entries else 0
    if st.session_state.get(MODEL) not in entries:
        st.session_state.pop(MODEL, None)
    with st.sidebar:
        chosen = st.selectbox("Model", list(entries), index=usual, key=MODEL, bind="query-params")
        _show_summary(entries[chosen])


def current_model() -> LoadedModel:
    """The picked model, loaded. Raises `PlaygroundError` where there is none, or it cannot be opened."""
    name = st.session_state.get(MODEL)
    if name is None:
        raise PlaygroundError(
            "There is no model to play with yet: train one with `python -m playground.training`, or name a folder "
            "of checkpoints in the environment variable PLAYGROUND_CHECKPOINTS."
        )
    return load(name)


def _show_summary(entry: Entry) -> None:
    """What the picked model is."""
    st.caption(f"**{entry.title}**  \n{entry.description.card.summary}")
    if entry.origin is Origin.OPENED:
        st.caption("A snapshot of a run, here as long as the run. Keep it on the page Train.")
