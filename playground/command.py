"""What every command of the playground has in common: how it ends."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Sequence

from playground.errors import PlaygroundError

Arguments = Sequence[str] | None  # those of the process where there are none


def command(main: Callable[[Arguments], None]) -> Callable[..., int]:
    """`main` as a command: it returns 0, or 2 after one sentence on standard error."""

    @functools.wraps(main)
    def run(arguments: Arguments = None) -> int:
        try:
            main(arguments)
        except PlaygroundError as error:
            print(error, file=sys.stderr)
            return 2
        return 0

    return run
