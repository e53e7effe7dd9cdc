"""The settings that all pages share: truncation, classes, and where codes are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from playground.models import Capability
from playground.recipe import Move, Recipe
from playground.render import LoadedModel
from playground.ui.live_sheet import Binding
from playground.ui.needs import offer_models, reason

PRIORS = {"fitted": "Fitted mixture", "normal": "N(0, I)"}


@dataclass(frozen=True)
class Settings:
    """What a page adds to a seed to make a recipe.

    Attributes:
        model: the model's name.
        class_names: its classes, none for an unconditional model.
        classes: the chosen class mix; empty means each class in its turn.
        psi: truncation.
        prior: what seeds are drawn from.
    """

    model: str
    class_names: tuple[str, ...]
    classes: dict[str, float]
    psi: float
    prior: Literal["fitted", "normal"]

    def recipe(self, seed: int) -> Recipe:
        """The picture of one seed."""
        return self.mix([(seed, 1.0)])

    def mix(self, seeds: Sequence[tuple[int, float]], moves: Sequence[Move] = ()) -> Recipe:
        """The picture of weighted seeds, moved; without a chosen class the first seed says whose turn it is."""
        return Recipe(
            model=self.model,
            seeds=tuple(seeds),
            classes=self.class_mix(seeds[0][0]),
            psi=self.psi,
            moves=tuple(moves),
            prior=self.prior,
        )

    @property
    def bindings(self) -> list[Binding]:
        """The sliders among these settings, for pictures that follow them."""
        blended = self.classes if len(self.classes) > 1 else ()
        return [Binding("psi", "psi"), *(Binding(f"weight_{name}", "class", name) for name in blended)]

    def class_mix(self, seed: int) -> dict[str, float]:
        """The chosen classes, or the class whose turn it is at `seed`."""
        if self.classes or not self.class_names:
            return self.classes
        return {self.class_names[seed % len(self.class_names)]: 1.0}


def settings_panel(model: LoadedModel, with_classes: Literal["choose", "page decides"] = "choose") -> Settings:
    """Draw the shared controls and return what they say.

    A control that the model cannot serve is shown all the same, switched off,
    with the reason.
    """
    classes = class_control(model) if with_classes == "choose" else {}
    psi = st.slider(
        "Truncation psi",
        0.0,
        2.0,
        1.0,
        0.05,
        key="psi",
        persist_state="session",
        help="1 leaves codes as they are drawn, 0 pulls every code to the centre (typical, all alike), "
        "above 1 exaggerates.",
    )
    has_mixture = Capability.FITTED_PRIOR in model.capabilities
    prior = st.segmented_control(
        "Codes drawn from",
        list(PRIORS),
        default="fitted" if has_mixture else "normal",
        required=True,
        format_func=PRIORS.__getitem__,
        key="prior" if has_mixture else "prior_off",
        persist_state="session",
        disabled=not has_mixture,
        help="An autoencoder's codes do not fill N(0, I) evenly: a mixture of Gaussians fitted to the codes of its "
        "training pictures draws where they lie.",
    )
    if not has_mixture:
        st.caption("Only codes that an encoder gives need a mixture: this model draws its own.")
    return Settings(model.name, model.class_names, classes, psi, prior if has_mixture else "fitted")


def class_control(model: LoadedModel) -> dict[str, float]:
    """Pick no class (each in its turn), one, or several to blend; returns the mix."""
    if not model.class_names:
        st.pills("Class", ["any"], default=["any"], selection_mode="multi", disabled=True, key="class_off")
        st.caption(reason(model.name, Capability.CLASSES))
        offer_models(Capability.CLASSES)
        return {}
    chosen = st.pills(
        "Class",
        model.class_names,
        selection_mode="multi",
        key="classes",
        persist_state="session",
        help="Choose one class, or several to blend them. With none chosen the classes take turns.",
    )
    if len(chosen) < 2:
        return dict.fromkeys(chosen, 1.0)
    weights = {
        name: st.slider(f"Weight of {name}", 0.0, 1.0, 0.5, 0.05, key=f"weight_{name}", persist_state="session")
        for name in chosen
    }
    if not any(weights.values()):
        st.info("All weights are 0: raise one of them. Until then the classes count alike.")
        return dict.fromkeys(chosen, 1.0)
    return {name: weight for name, weight in weights.items() if weight}
