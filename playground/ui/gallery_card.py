"""One checkpoint as a card of the gallery."""

from __future__ import annotations

import streamlit as st

from playground.card import PREVIEW
from playground.errors import PlaygroundError
from playground.live.onnx_export import export
from playground.models import Capability
from playground.recipe import Recipe
from playground.render import LoadedModel, load
from playground.ui.catalogue import Entry, Origin
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.problems import show_problem
from playground.ui.selection import LINK
from playground.ui.settings import Settings
from playground.ui.words import in_words

SEEDS = range(6)
BADGES = {
    Capability.CLASSES: ("draws classes", "orange"),
    Capability.ENCODE: ("encodes pictures", "blue"),
    Capability.DISCRIMINATE: ("judges pictures", "violet"),
    Capability.FITTED_PRIOR: ("fitted codes", "green"),
    Capability.LAYERS: ("mixes styles", "red"),
}
FIGURES = {  # those of the card's quality that stand on the front: label, format, meaning
    "frechet_distance": (
        "Frechet distance",
        "{:.1f}",
        "How far the pictures as a whole are from real ones.",
    ),
    "recall": ("Recall", "{:.2f}", "Share of the real variety that the model reaches."),
    "class_accuracy": ("Class accuracy", "{:.1%}", "How often a classifier sees the class that was asked for."),
}


def show_card(entry: Entry) -> None:
    """Show a checkpoint: a live preview, badges, key figures and its card, or what is wrong with it."""
    with st.container(border=True, height="stretch", vertical_alignment="distribute", key=f"card_{entry.name}"):
        about, below = st.container(), st.container()
    with about:
        try:
            if entry.problem:
                raise PlaygroundError(entry.problem)
            model = load(entry.name)
            settings = Settings(model.name, model.class_names, {}, 1.0, "fitted")
            recipes = [settings.recipe(seed) for seed in SEEDS]
            show_pictures(
                paint(recipes),
                [in_words(recipe) for recipe in recipes],
                Sheet(f"{len(SEEDS)} pictures of {entry.name}", 3, smallest=40, largest=128),
                key=f"preview_{entry.name}",
            )
        except PlaygroundError as problem:
            st.subheader(entry.title, anchor=False)
            show_problem(problem)
            return
        _show_facts(entry, model)
    with below, st.container(horizontal=True, vertical_alignment="center"):
        with st.popover("Card", icon=":material/description:"):
            st.markdown(_card_text(entry, model))
            if model.card.preview:
                st.image(str(entry.description.path / PREVIEW), caption=model.card.preview, output_format="PNG")
        st.download_button(
            "ONNX",
            data=lambda: export(entry.name).read_bytes(),
            file_name=f"{entry.name}.onnx",
            mime="application/octet-stream",
            icon=":material/download:",
            key=f"onnx_{entry.name}",
            help="The generator for use elsewhere: codes and class weights in, grey levels out. "
            "The first download of a model takes some ten seconds.",
            on_click="ignore",
        )
        st.page_link(
            "live.py",
            label="Play",
            icon=":material/arrow_forward:",
            query_params={LINK: Recipe(model=entry.name, seeds=((SEEDS[0], 1.0),)).to_link()},
        )


def _show_facts(entry: Entry, model: LoadedModel) -> None:
    card = model.card
    st.subheader(entry.title, anchor=False)
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(entry.family_title, color="gray")
        if entry.origin is not Origin.SHIPPED:
            st.badge(entry.origin, color="yellow")
        for capability, (label, colour) in BADGES.items():
            if capability in model.capabilities:
                st.badge(label, color=colour)
    if card.summary:
        st.markdown(card.summary)
    with st.container(horizontal=True, gap="medium"):
        for name, (label, form, meaning) in FIGURES.items():
            if name in card.quality:
                floor = card.quality.get(f"{name}_floor")
                real = f" Real pictures reach {form.format(floor)}." if floor is not None else ""
                st.metric(label, form.format(card.quality[name]), width="content", help=meaning + real)


def _card_text(entry: Entry, model: LoadedModel) -> str:
    """The card as in its file, with what the header adds, and without the title that stands above."""
    channels, height, width = model.image_shape
    _, _, body = model.card.model_copy(update={"preview": ""}).to_markdown().partition("\n")
    body = body.replace("\n## ", "\n##### ")
    return (
        f"`{entry.name}` · {model.num_parameters:,} parameters · {entry.description.num_bytes / 1e6:.1f} MB · "
        f"codes of {model.latent_dim} numbers · {width} x {height} pixels, {channels} channel{'s' * (channels > 1)} · "
        f"fingerprint `{model.fingerprint}`\n\n{body}"
    )
