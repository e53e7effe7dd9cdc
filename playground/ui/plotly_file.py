"""Plotly's own JavaScript, served for good to the browser that draws the curves.

`plotly/plotly-basic.min.js.gz` is the file of that name, compressed, out of
`npm pack plotly.js-basic-dist-min@VERSION`: lines and their like, in a quarter
of the size of all of Plotly, which a browser takes seconds to read.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

VERSION = "3.7.0"
SHA256 = "c23b03591a6bdad0bd0f47a0c5c52305a5519812b73ce254be65cd841553c9c2"  # of the file, unpacked
FILE = Path(__file__).parent / "plotly" / "plotly-basic.min.js.gz"
HEADERS = {"Cache-Control": "public, max-age=31536000, immutable", "Content-Encoding": "gzip"}
ROUTE = "/plotly/{version}.js"


def address() -> str:
    """Where the browser finds it; another version has another address."""
    base = st.get_option("server.baseUrlPath").strip("/")
    return f"{f'/{base}' if base else ''}/runs{ROUTE.format(version=VERSION)}"


def plotly(request: Request) -> Response:
    """The file; every browser that runs it reads gzip."""
    if request.path_params["version"] != VERSION:
        return PlainTextResponse("There is no such version of Plotly here: reload the page.", 404)
    return FileResponse(FILE, media_type="text/javascript", headers=HEADERS)
