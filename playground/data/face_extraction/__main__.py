"""`python -m playground.data.face_extraction IN... --out FOLDER`: the faces of photos and videos as a data set."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.command import command


@command
def main(arguments: Sequence[str] | None) -> None:
    """Prints what became of each file."""
    options = parser().parse_args(arguments)
    take_out(options)


def parser() -> argparse.ArgumentParser:
    from playground.data.face_extraction.settings import FaceSettings

    parser = argparse.ArgumentParser(
        prog="python -m playground.data.face_extraction",
        description="Find the faces of photos and videos, align them by the eyes, and lay them into a folder that is "
        "a data set. Those that are too small, blurred, tilted, cut off, doubtful or there already go to the hidden "
        "folder .rejected inside: move a picture in or out of it, and it stays there when the command runs again.",
    )
    parser.add_argument("inputs", nargs="+", type=Path, metavar="IN", help="photos, videos, folders and ZIPs")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="that the faces are laid into")
    for name, field in FaceSettings.model_fields.items():
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            type=type(field.default),
            default=field.default,
            metavar="N",
            help=f"{field.description} (default: {field.default})",
        )
    return parser


def take_out(options: argparse.Namespace) -> None:
    """Prints a line a file, then how many faces lie where."""
    from tqdm import tqdm

    from playground.data.face_extraction.extraction import extract
    from playground.data.face_extraction.settings import FaceSettings

    settings = FaceSettings.of(**{name: getattr(options, name) for name in FaceSettings.model_fields})
    with tqdm(total=100, bar_format="{percentage:3.0f}% {bar} {desc}", leave=False, mininterval=0.5) as bar:

        def show(share: float, path: str) -> None:
            bar.set_description_str(path, refresh=False)
            bar.update(100 * share - bar.n)

        report = extract(options.inputs, options.out, settings, show)
    print(report.to_text())


if __name__ == "__main__":
    sys.exit(main())
