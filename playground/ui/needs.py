"""What a page needs of a model, said in a sentence with a way out where the model lacks it."""

from __future__ import annotations

import streamlit as st

from playground.models import Capability
from playground.render import LoadedModel
from playground.ui.catalogue import playable

LACKS = {
    Capability.CLASSES: "was trained without classes, so it cannot be told which one to draw",
    Capability.ENCODE: "has no encoder, so it cannot turn a picture into a latent code",
    Capability.DISCRIMINATE: "has no discriminator, so it cannot judge pictures",
    Capability.LAYERS: "takes one code for all of its layers, so their styles cannot be mixed",
    Capability.FITTED_PRIOR: "has no fitted mixture of codes",
}


def stop_without(model: LoadedModel, capability: Capability) -> None:
    """End the page here, with the reason and a way out, if the model cannot do what it is about."""
    if capability not in model.capabilities:
        st.info(reason(model.name, capability), icon=":material/block:")
        offer_models(capability)
        st.stop()


def reason(name: str, capability: Capability) -> str:
    """One sentence on why the model cannot do this, and whether others can."""
    able = any(capability in entry.capabilities for entry in playable())
    return f"{name} {LACKS[capability]}. {'These can:' if able else 'No checkpoint here can.'}"


def offer_models(capability: Capability) -> None:
    """A button for each model that can do this."""
    able = [entry.name for entry in playable() if capability in entry.capabilities]
    with st.container(horizontal=True, gap="small"):
        for other in able:
            st.button(
                other,
                key=f"to_{capability.name}_{other}",
                icon=":material/arrow_forward:",
                on_click=switch_model,
                args=(other,),
            )


def switch_model(name: str) -> None:
    """Choose another model, as the picker in the sidebar does."""
    st.session_state["model"] = name
