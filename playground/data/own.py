"""What a data set's name means: one that comes with the playground, or the path of a person's own pictures."""

from __future__ import annotations

from pathlib import Path

from playground.data.source import shown
from playground.errors import PlaygroundError

LICENCES = {
    "mnist": "MNIST, CC BY-SA 3.0",
    "digits8": "Optical Recognition of Handwritten Digits (UCI), CC BY 4.0",
    "faces": "a subset of UTKFace, for non-commercial research only",
    "celeba": "CelebA, for non-commercial research only",
}
NAMES = tuple(LICENCES)
RESEARCH_ONLY = {"faces", "celeba"}  # what is trained on them is under the same terms


def is_own(data: str) -> bool:
    """Whether it is the path of a folder or a ZIP, rather than one of `NAMES`."""
    return data not in NAMES


def located(data: str) -> str:
    """A name as it is; a path made absolute, so that a run finds it again from anywhere.

    Raises `PlaygroundError` where there is neither such a name nor anything at such a path.
    """
    if not is_own(data):
        return data
    path = Path(data).expanduser()
    if data and path.exists():
        return str(path.absolute())
    if path.name == data and not path.suffix:
        raise PlaygroundError(
            f"There is no data set {data!r}: known are {', '.join(NAMES)}, and paths of folders and ZIPs of pictures."
        )
    raise PlaygroundError(f"There are no pictures at {path}: put the folder or the ZIP back, or name another one.")


def short_name(data: str) -> str:
    """What people call it: a name as it is; of a path the last part, so that nothing of the machine is told."""
    return shown(Path(data)) if is_own(data) else data


def licence_of(data: str) -> str:
    """Of the data; of a person's own pictures nothing is known."""
    return "unknown: yours" if is_own(data) else LICENCES[data]
