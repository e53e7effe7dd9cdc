"""What `streamlit run app.py` starts: the app, with the slow imports begun before the first visitor comes."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st

NAVIGATION = Path(__file__).resolve().parent / "pages" / "navigation.py"


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """Import torch and open the checkpoints in a thread while the browser fetches its own files."""
    threading.Thread(target=_warm_up, name="warm-up", daemon=True).start()
    yield


def _warm_up() -> None:
    from playground.ui.warm_up import warm_up

    warm_up()


def _show_problem(problem: Exception) -> bool | None:
    from playground.ui.problems import show_problem

    return show_problem(problem)


app = st.App(NAVIGATION, lifespan=lifespan, on_script_error=_show_problem)
