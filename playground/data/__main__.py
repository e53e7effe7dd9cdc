"""`python -m playground.data PATH --size 64`: what is in a folder or a ZIP of pictures, before a training on it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from playground.command import command
from playground.errors import PlaygroundError


@command
def main(arguments: Sequence[str] | None) -> None:
    """Prints the report."""
    options = parser().parse_args(arguments)
    check(options.path, options.size, options.sheet)


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m playground.data",
        description="Check a folder or a ZIP of pictures, and decode it for training. Its sub-folders are the classes.",
    )
    parser.add_argument("path", type=Path, help="the folder or the ZIP")
    parser.add_argument("--size", type=int, default=64, help="height and width in pixels (default: 64)")
    parser.add_argument("--sheet", type=Path, metavar="FILE.png", help="write a contact sheet, a row a class")
    return parser


def check(path: Path, image_size: int, sheet: Path | None) -> None:
    """Prints what is there; with `sheet`, writes a PNG of a few pictures of every class."""
    from tqdm import tqdm

    from playground.data.contact_sheet import contact_sheet
    from playground.data.preparation import prepare
    from playground.files import write_whole
    from playground.images import to_png

    with tqdm(unit=" pictures", leave=False, mininterval=0.5) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        prepared = prepare(path, image_size, show)
    print(prepared.report.to_text())
    if sheet is None:
        return
    try:
        write_whole(sheet, to_png(contact_sheet(prepared.images)))
    except OSError as error:
        raise PlaygroundError(f"{sheet} cannot be written ({error.strerror}): name another file.") from None


if __name__ == "__main__":
    sys.exit(main())
