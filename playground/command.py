"""What every command of the playground has in common: how it ends."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Sequence

from playground.errors import PlaygroundError

Arguments = Sequence[str] | None  # those of the process where there are none


def command(main: Callable[[Arguments], None]) -> Callable[..., int]:
    """`main` as a command: it returns 0, or 2 after one sentence on standard error.

    Where whoever reads what it prints has seen enough (`| head`), it ends without a word.
    """

    @functools.wraps(main)
    def run(arguments: Arguments = None) -> int:
        try:
            main(arguments)
            sys.stdout.flush()
        except PlaygroundError as error:
            print(error, file=sys.stderr)
            return 2
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for what is flushed at the very end
        return 0

    return run
