"""Problems as sentences: what a person sees in place of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from playground.errors import PlaygroundError


@contextmanager
def problems_as_sentences() -> Iterator[None]:
    """Show a `PlaygroundError` raised inside as one box; what was drawn before it stays."""
    try:
        yield
    except PlaygroundError as problem:
        show_problem(problem)


def show_problem(problem: Exception) -> bool | None:
    """Show a `PlaygroundError` as its sentence and return True; leave other exceptions to Streamlit."""
    if not isinstance(problem, PlaygroundError):
        return None
    st.error(str(problem).replace("[", r"\[").replace("$", r"\$"), icon=":material/error:")
    return True
