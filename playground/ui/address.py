"""What the Train page shows, kept in its address: reloaded or sent to somebody, it shows the same."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

RUN, CURVE, OVER, AT = "run", "curve", "over", "at"
_SAID = "train_address"  # what the address says: written by this page, or taken as news


def has_news() -> bool:
    """Whether the address says what the page did not write: it was opened, sent or gone back to. True once.

    To be asked once in every run of the whole page, and never in a fragment's: the browser sends the address along
    with each, and for a moment still the one from before it was written.
    """
    now = {name: st.query_params[name] for name in (RUN, CURVE, OVER, AT) if name in st.query_params}
    if now == st.session_state.get(_SAID):
        return False
    st.session_state[_SAID] = now
    return True


def asked(name: str) -> str | None:
    """What the address says; None where it says nothing."""
    return st.session_state.get(_SAID, {}).get(name)


def asked_number(name: str) -> int | None:
    """The same for a count; None for anything else."""
    text = asked(name)
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None


def asked_list(name: str) -> list[str]:
    """The same for several names."""
    return [part for part in (asked(name) or "").split(",") if part]


def write(name: str, value: str | int | Sequence[str] | None) -> None:
    """Put something into the address; nothing takes it out."""
    text = str(value) if isinstance(value, str | int) else ",".join(value or ())
    if text == (asked(name) or ""):
        return
    said = {**st.session_state.get(_SAID, {}), name: text}
    st.session_state[_SAID] = {name: text for name, text in said.items() if text}
    for part in (RUN, CURVE, OVER, AT):  # all of them, since a late browser may have sent others along
        if asked(part) is None:
            st.query_params.pop(part, None)
        elif st.query_params.get(part) != asked(part):
            st.query_params[part] = asked(part)
