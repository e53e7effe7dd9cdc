"""What the Train page shows, kept in its address: reloaded or sent to somebody, it shows the same."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

RUN, CURVE, OVER, AT = "run", "curve", "over", "at"
_WRITTEN = "train_address"  # what this page itself last put there


def has_news() -> bool:
    """Whether the address says what the page did not write: it was opened, sent or gone back to. True once."""
    now = _now()
    if now == st.session_state.get(_WRITTEN):
        return False
    st.session_state[_WRITTEN] = now
    return True


def asked(name: str) -> str | None:
    """What the address says; None where it says nothing."""
    return st.query_params.get(name)


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
    if text:
        st.query_params[name] = text
    else:
        del st.query_params[name]
    st.session_state[_WRITTEN] = _now()


def _now() -> dict[str, str]:
    return {name: st.query_params[name] for name in (RUN, CURVE, OVER, AT) if name in st.query_params}
