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
from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, ProcessFailure
from torch.distributed.elastic.rendezvous import RendezvousError
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
    except RendezvousError as error:
        where = options.rdzv_endpoint
        print(f"The machines did not meet at {where} ({error}): start the command on each of them.", file=sys.stderr)
        return 2
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
    """Ends by the signal that has ended the process which failed first, or returns its exit code."""
    rank, failure = min(error.failures.items(), key=lambda item: _turn(item[1]))
    if failure.exitcode < 0:
        end_by(-failure.exitcode)
    words = sentence_of(failure) or f"Process {rank} ended with exit code {failure.exitcode}: its words stand above."
    print(words, file=sys.stderr, flush=True)
    return failure.exitcode


def _turn(failure: ProcessFailure) -> int:
    """Which failure was there first; torchrun tells whole seconds, and the first one is over before the next.

    One that is killed takes the others down with errors of their own, and
    torchrun itself then ends with SIGTERM whoever is left.
    """
    if sentence_of(failure):
        return 0
    if failure.exitcode < 0:
        return 3 if failure.exitcode == -signal.SIGTERM else 1
    return 2


def sentence_of(failure: ProcessFailure) -> str:
    """What the process has left by `tell_launcher`; empty where it had no time to."""
    told = failure.error_file_data.get("message")
    return told["message"].removeprefix("PlaygroundError: ") if isinstance(told, dict) else ""


def end_by(number: int) -> None:
    """Ends this process by a signal."""
    sys.stderr.flush()
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)


if __name__ == "__main__":
    sys.exit(main())
