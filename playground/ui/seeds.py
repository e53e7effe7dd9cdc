"""Seeds as people type them: `7`, `0-63`, `3, 5, 9-12`."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from playground.errors import PlaygroundError
from playground.recipe import MAX_SEED, check_seed
from playground.ui.problems import show_problem

MAX_PICTURES = 256
DICE_SIDES = 1_000_000  # a thrown seed stays short enough to be read aloud
T = TypeVar("T")
_DASH = re.compile(r"(?<=\d)\s*(?:-|\N{EN DASH}|\.\.)\s*(?=\d)")
_RANGE = re.compile(r"(\d+)-(\d+)")


def parse_seeds(text: str) -> list[int]:
    """The seeds that a text lists, in its order; ranges include both ends.

    Raises `PlaygroundError` for anything else, for none and for more than
    `MAX_PICTURES`.
    """
    seeds: list[int] = []
    for part in filter(None, re.split(r"[,;\s]+", _DASH.sub("-", text))):
        span = _RANGE.fullmatch(part)
        first, last = (check_seed(span[1]), check_seed(span[2])) if span else (check_seed(part), check_seed(part))
        if last < first:
            raise PlaygroundError(f"The range {part} runs backwards: write the smaller seed first.")
        if len(seeds) + last - first + 1 > MAX_PICTURES:
            raise PlaygroundError(f"These are more than {MAX_PICTURES} seeds: ask for fewer at a time.")
        seeds.extend(range(first, last + 1))
    if not seeds:
        raise PlaygroundError("There is no seed here: type a whole number such as 7, or a range such as 0-15.")
    return seeds


def following(first: int, count: int) -> list[int]:
    """`count` seeds from `first` on, at most up to the largest seed there is."""
    return list(range(first, min(first + count - 1, MAX_SEED) + 1))


def thrown_seed() -> int:
    """A seed that nobody chose."""
    return secrets.randbelow(DICE_SIDES)


def seed_field(label: str, key: str, default: int) -> int:
    """A field for one seed with a dice beside it.

    A text field, because a browser's numbers lose digits above 2^53. Anything
    but a whole number from 0 to 2^63 - 1 is said in a sentence below the field,
    and the seed before it stays.
    """
    meaning = "A whole number from 0 to 2^63 - 1: it fixes the latent code."
    return _field_with_dice(label, key, str(default), meaning, lambda text: check_seed(text.strip()))


def seeds_field(label: str, key: str, default: str, meaning: str) -> list[int]:
    """A field for several seeds with a dice beside it, as lenient as `seed_field`."""
    return _field_with_dice(label, key, default, meaning, parse_seeds)


def _field_with_dice(label: str, key: str, default: str, meaning: str, parse: Callable[[str], T]) -> T:
    def throw() -> None:
        st.session_state[key] = str(thrown_seed())

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", wrap=False):
        text = st.text_input(label, default, key=key, max_chars=2000, help=meaning, persist_state="session")
        st.button("", icon=":material/casino:", key=f"{key}_dice", help="Throw the dice for a new seed", on_click=throw)
    last_good = f"{key}_last_good"
    try:
        value = parse(text)
    except PlaygroundError as problem:
        show_problem(problem)
        return parse(st.session_state.get(last_good, default))
    st.session_state[last_good] = text
    return value
