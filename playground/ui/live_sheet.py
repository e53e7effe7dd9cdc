"""Pictures that follow the page's sliders while they are dragged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from playground.live.component import addresses_of, for_javascript
from playground.recipe import Recipe
from playground.render import load


@dataclass(frozen=True)
class Binding:
    """A slider of the page, and the part of a recipe that it moves.

    Attributes:
        slider: its key.
        part: what it sets: `psi`, the weight of class `name`, the amount along
            direction `name`, or the place on the walk along `stops`.
        name: of the class or the direction.
        factor, offset: the part is the slider's value times factor plus offset.
        stops: recipes of seeds, at least 2.
        path: `straight` or `spherical`.
        pictures: the indices of those that it moves; none means all.
    """

    slider: str
    part: Literal["psi", "class", "move", "walk"]
    name: str = ""
    factor: float = 1.0
    offset: float = 0.0
    stops: Sequence[Recipe] = ()
    path: str = "spherical"
    pictures: Sequence[int] = ()


def live_data(recipes: Sequence[Recipe], bindings: Sequence[Binding]) -> str:
    """What the browser needs to paint these recipes while a bound slider is dragged, as JSON."""
    described = [
        {
            **vars(binding),
            "stops": [json.loads(for_javascript(stop)) for stop in binding.stops],
            "pictures": list(binding.pictures),
            "value": st.session_state[binding.slider],
        }
        for binding in bindings
    ]
    return json.dumps(
        {
            **addresses_of(load(recipes[0].model)),
            "recipes": [json.loads(for_javascript(recipe)) for recipe in recipes],
            "bindings": described,
        }
    )
