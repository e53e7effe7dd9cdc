"""MNIST: 60,000 handwritten digits to train on and 10,000 to test with.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits", 1998;
licence CC BY-SA 3.0. Read by torchvision from a folder that holds `MNIST/raw`
with the four files, packed or unpacked, or downloaded into it.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
from pathlib import Path
from typing import Literal

from playground.data.cache_folder import cache_folder
from playground.data.image_set import ImageSet
from playground.errors import PlaygroundError

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
CLASS_NAMES = tuple("0123456789")


def load_mnist(split: Literal["train", "test"], data_dir: Path | None) -> ImageSet:
    """The digits at 28x28. Raises `PlaygroundError` where they cannot be had."""
    from torchvision.datasets import MNIST  # slow to import, and only this function needs it

    root = _root(data_dir)
    try:
        digits = MNIST(str(root), train=split == "train")
    except (RuntimeError, ValueError, AssertionError, OSError):  # torchvision checks the format by assertion
        raise PlaygroundError(
            f"The MNIST files under {root / 'MNIST' / 'raw'} are damaged: delete them, and they are fetched again."
        ) from None
    return ImageSet(digits.data.unsqueeze(1).contiguous(), digits.targets, CLASS_NAMES)


def _root(data_dir: Path | None) -> Path:
    """The folder whose `MNIST/raw` holds the unpacked files, made so if need be."""
    wanted = data_dir or cache_folder()
    raw = wanted / "MNIST" / "raw"
    if all((raw / name).is_file() for name in FILES):
        return wanted
    if all((raw / f"{name}.gz").is_file() for name in FILES):
        return _unpacked(raw)
    return _downloaded(wanted)


def _unpacked(raw: Path) -> Path:
    """A cache folder with the files of `raw` unpacked; the user's own folder stays as it is.

    Its name comes from the packed files, so that two data folders never mix.
    """
    packed = [raw / f"{name}.gz" for name in FILES]
    identity = repr([(str(file.resolve()), file.stat().st_size, file.stat().st_mtime_ns) for file in packed])
    root = cache_folder() / f"mnist-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
    target = root / "MNIST" / "raw"
    try:
        target.mkdir(parents=True, exist_ok=True)
        for name, file in zip(FILES, packed, strict=True):
            if (target / name).is_file():
                continue
            partial = target / f"{name}.{os.getpid()}.partial"
            with gzip.open(file) as source, partial.open("wb") as out:
                shutil.copyfileobj(source, out)
            partial.replace(target / name)
    except (gzip.BadGzipFile, EOFError) as error:
        raise PlaygroundError(f"A packed MNIST file in {raw} is damaged ({error}): fetch it again.") from None
    except OSError as error:
        raise PlaygroundError(
            f"MNIST cannot be unpacked into {target} ({error.strerror}): "
            "name a folder that can be written in XDG_CACHE_HOME."
        ) from None
    return root


def _downloaded(root: Path) -> Path:
    from torchvision.datasets import MNIST

    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / f".writable.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise PlaygroundError(
            f"The data folder {root} holds no MNIST and cannot be written ({error.strerror}): "
            "name another with --data-dir or PLAYGROUND_DATA."
        ) from None
    try:
        MNIST(str(root), download=True)
    except (RuntimeError, OSError) as error:
        raise PlaygroundError(
            f"MNIST is not in {root} and could not be downloaded ({_reason(error)}): connect to a network, or put its "
            f"four .gz files into {root / 'MNIST' / 'raw'}, or name a folder that has them with --data-dir or "
            "PLAYGROUND_DATA; the data set digits8 needs no download."
        ) from None
    return root


def _reason(error: Exception) -> str:
    """The last line of a message that lists every address tried."""
    return str(error).strip().splitlines()[-1].strip("<>")
