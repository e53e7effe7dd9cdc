"""Uploaded ZIPs, kept where a training finds them after the tab that sent them is gone."""

from __future__ import annotations

import hashlib
import io
import os
import re
import secrets
import shutil
from pathlib import Path, PurePosixPath

from playground.errors import PlaygroundError

MAX_UPLOAD_MB = 1000


def keep_upload(content: io.BytesIO, name: str, folder: Path) -> Path:
    """Write an uploaded file as FOLDER/FINGERPRINT/NAME, once; nothing in it is looked at yet.

    Args:
        content: of the file, at its beginning.
        name: that it came with; what does not do for a file's name is replaced.
        folder: that uploads are kept in.

    Returns its path. Raises `PlaygroundError` where it is too large, or cannot be written.
    """
    num_bytes = content.seek(0, os.SEEK_END)
    if num_bytes > 1e6 * MAX_UPLOAD_MB:
        raise PlaygroundError(
            f"{name} has {num_bytes / 1e6:,.0f} MB: {MAX_UPLOAD_MB:,} can be uploaded, "
            "so copy it to the server's machine and name its path there."
        )
    content.seek(0)
    fingerprint = hashlib.file_digest(content, "sha256").hexdigest()[:16]
    kept = folder / fingerprint / _file_name(name)
    if kept.is_file() and kept.stat().st_size == num_bytes:
        return kept
    beside = kept.with_name(f".{kept.name}.{secrets.token_hex(4)}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        content.seek(0)
        with beside.open("wb") as out:
            shutil.copyfileobj(content, out, 1 << 20)
        os.replace(beside, kept)
    except OSError as error:
        raise PlaygroundError(f"{kept} cannot be written ({error.strerror}): make room there.") from None
    finally:
        if kept.parent.is_dir():
            beside.unlink(missing_ok=True)
    return kept


def _file_name(name: str) -> str:
    """The last part of it, of letters, digits and a few signs."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return re.sub(r"[^\w.+ -]", "_", last).lstrip(". ")[-100:] or "pictures.zip"
