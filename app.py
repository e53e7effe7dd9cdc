"""What `streamlit run app.py` starts: the app, with the slow imports begun before the first visitor comes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path

import streamlit as st
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

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


async def _live(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers below `/live/`. What answers brings torch, so it is imported with the first question."""
    live = await asyncio.to_thread(import_module, "playground.live.routes")
    router = live.router(tuple(st.get_option("server.corsAllowedOrigins")))
    await router(scope | {"root_path": scope["root_path"].removesuffix("/live")}, receive, send)


async def _runs(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers below `/runs/`: the pictures of trainings."""
    files = await asyncio.to_thread(import_module, "playground.ui.sample_files")
    await files.router()(scope, receive, send)


# st.App puts server.baseUrlPath before its own addresses only.
BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
ROUTES = [Mount(f"{BASE}/live", app=_live), Mount(f"{BASE}/runs", app=_runs)]
app = st.App(NAVIGATION, lifespan=lifespan, on_script_error=_show_problem, routes=ROUTES)
