"""The WebSocket route behind the live canvas: pictures of latent codes as they come."""

from __future__ import annotations

from starlette.routing import BaseRoute


def routes() -> list[BaseRoute]:
    """The addresses of the live canvas's socket."""
    return []
