"""The project's mark and name as SVG, drawn in the same hard pixels as its pictures."""

from __future__ import annotations

_MARK = (
    '<g shape-rendering="crispEdges"><rect width="8" height="8" rx="1.2" fill="#141416"/>'
    '<path fill="#f59e4c" d="M2 1h4v1h-4zM5 2h1v1h-1z"/><path fill="#f7b273" d="M3 3h3v1h-3zM5 4h1v1h-1z"/>'
    '<path fill="#fbfaf6" d="M5 5h1v1h-1zM2 6h4v1h-4z"/></g>'
)
_INKS = {"light": "#23211d", "dark": "#ecebe6"}


def mark() -> str:
    """The mark alone: a pixelled 3 on black."""
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8" width="64" height="64">{_MARK}</svg>'


def wordmark(theme: str | None) -> str:
    """The mark with the name beside it, readable on the `light` or the `dark` theme."""
    ink = _INKS.get(theme or "light", _INKS["light"])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 58 8" width="464" height="64">{_MARK}'
        f'<text x="10.6" y="5.8" font-family="Segoe UI, Helvetica, Arial, sans-serif" '
        f'font-size="5" font-weight="600" fill="{ink}">Latent Playground</text></svg>'
    )
