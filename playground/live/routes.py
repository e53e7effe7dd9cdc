"""All addresses of the live canvas."""

from __future__ import annotations

from functools import cache

from starlette.routing import Router

from playground.live import files, socket


@cache
def router(allowed_origins: tuple[str, ...]) -> Router:
    """What answers below `/live/`.

    Args:
        allowed_origins: sites beside the app's own that may open the socket.
    """
    return Router([*files.routes(), *socket.routes(allowed_origins)])
