"""The sample sheets of runs as files for the browser, which fetches each once."""

from __future__ import annotations

import asyncio
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, Router

from playground.jobs.run_files import runs_folder
from playground.ui import plotly_file
from playground.ui.sample_history import Frame

FOR_GOOD = {"Cache-Control": "private, max-age=31536000, immutable"}
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_SHEET = re.compile(r"\d{1,15}\.png")


@cache
def router() -> Router:
    """What answers below `/runs/`."""
    return Router([Route(plotly_file.ROUTE, plotly_file.plotly), Route("/{run}/{sheet}", _sheet)])


def frames_of(run: str, sheets: list[Path]) -> list[Frame]:
    """The sheets of a run with their addresses, which change when a file does; none for one that has just gone."""
    base = st.get_option("server.baseUrlPath").strip("/")
    start = f"/{base}/runs" if base else "/runs"
    return [
        Frame(int(sheet.stem), f"{start}/{quote(run)}/{sheet.name}?version={version:x}")
        for sheet in sheets
        if (version := _version(sheet)) is not None
    ]


def _version(file: Path) -> int | None:
    """When a sheet was written; None where it is gone, since its run may be deleted at any moment."""
    try:
        return file.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return None


async def _sheet(request: Request) -> Response:
    """One sheet. Names that could be paths are refused before the disk is asked."""
    run, sheet = request.path_params["run"], request.path_params["sheet"]
    picture = None
    if _RUN.fullmatch(run) and _SHEET.fullmatch(sheet):
        picture = await asyncio.to_thread(_read, runs_folder() / run / "samples" / sheet)
    if picture is None:
        return PlainTextResponse("There is no such sample sheet: the run may have been deleted.", 404)
    return Response(picture, media_type="image/png", headers=FOR_GOOD)


def _read(file: Path) -> bytes | None:
    """A sheet in one go, since a run may be deleted, or go back to an older state, at any moment; None without it."""
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
