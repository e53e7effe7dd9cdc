"""`python -m playground.training.torchrun --standalone --nproc-per-node 2 -m playground.training ...`

torchrun, with an end that a queue can read. torchrun itself exits with 1
whatever became of its processes, kills them 30 seconds after it was asked to
stop, and leaves them behind when it is killed. This one

- passes Ctrl-C and a polite kill on and waits, so that all of them stop at the
  same step and save;
- ends as the process that failed first has ended: by the same signal, or with
  its exit code and its sentence as the last words;
- takes them along when it is killed (`playground.training.rank`).
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType

import psutil
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
from torch.distributed.run import parse_args, run

from playground.training.rank import LAUNCHER

POLITE = (signal.SIGINT, signal.SIGTERM)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs torchrun with these arguments. Returns the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    # These signals alone are torchrun's, so that the polite ones are left to `pass_on`.
    options = parse_args(["--signals-to-handle=SIGHUP,SIGQUIT", *given])
    os.environ[LAUNCHER] = str(os.getpid())
    for number in POLITE:
        signal.signal(number, pass_on)
    try:
        run(options)
    except ChildFailedError as error:
        return end_like(error)
    return 0


def pass_on(number: int, frame: FrameType | None) -> None:
    """Sends a signal to all processes of the training; where there are none yet, ends by it."""
    processes = psutil.Process().children()
    if not processes:
        end_by(number)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def end_like(error: ChildFailedError) -> int:
    """Ends by the signal that has ended one of the processes, else returns the exit code of the first that failed.

    One that is killed takes the others down with errors of their own, which say nothing.
    """
    signals = [-failure.exitcode for failure in error.failures.values() if failure.exitcode < 0]
    if signals:
        end_by(signals[0])
    rank, failure = error.get_first_failure()
    print(_last_words(rank, failure.error_file_data, failure.exitcode), file=sys.stderr, flush=True)
    return failure.exitcode


def _last_words(rank: int, told: object, exit_code: int) -> str:
    """The sentence that the process has left, or where to look for one."""
    message = told.get("message") if isinstance(told, dict) else None
    sentence = message.get("message") if isinstance(message, dict) else None
    if not sentence:
        return f"Process {rank} of the training ended with exit code {exit_code}: its last words stand above."
    return sentence.removeprefix("PlaygroundError: ")


def end_by(number: int) -> None:
    """Ends this process by a signal."""
    sys.stderr.flush()
    signal.signal(number, signal.SIG_DFL) if number != signal.SIGKILL else None
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    sys.exit(main())
