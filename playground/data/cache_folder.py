"""Where data lies, and where it is kept when it can be made again."""

from __future__ import annotations

import os
from pathlib import Path


def cache_folder() -> Path:
    """`latent-playground` in XDG_CACHE_HOME, or in the home's `.cache`; it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "latent-playground"


def data_folder(data_dir: Path | None) -> Path | None:
    """Where downloaded data lies: the folder asked for, or the one that PLAYGROUND_DATA names; None without either."""
    if data_dir is None and os.environ.get("PLAYGROUND_DATA"):
        return Path(os.environ["PLAYGROUND_DATA"])
    return data_dir
