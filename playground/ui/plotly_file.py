"""Plotly's own JavaScript, as its Python package brings it, served compressed and for good."""

from __future__ import annotations

import gzip
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOR_GOOD = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}
ROUTE = "/plotly/{version}.js"


def address() -> str:
    """Where the browser finds it, below the app's own address; another version has another."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"{f'/{base}' if base else ''}/runs{ROUTE.format(version=version('plotly'))}"


def plotly(request: Request) -> Response:
    """The file; every browser that runs it reads gzip."""
    if request.path_params["version"] != version("plotly"):
        return PlainTextResponse("There is no such version of Plotly here: reload the page.", 404)
    return Response(_compressed(), media_type="text/javascript", headers=FOR_GOOD)


@cache
def _compressed() -> bytes:
    spec = find_spec("plotly")
    assert spec is not None and spec.origin is not None, "plotly is one of the requirements"
    return gzip.compress((Path(spec.origin).parent / "package_data" / "plotly.min.js").read_bytes(), 6)
