"""Files that are never half-written."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Write beside the name, then move into place: a reader sees the old file or the new one, never a half.

    Raises `OSError` as the system does; nothing is left behind then.
    """
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        beside.write_bytes(content)
        os.replace(beside, file)
    finally:
        beside.unlink(missing_ok=True)
