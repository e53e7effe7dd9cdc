"""What one of several processes of a training owes the one that started them all."""

from __future__ import annotations

import os
import threading
import time

LAUNCHER = "PLAYGROUND_LAUNCHER"  # the process id of playground.training.torchrun, for those that it starts
LOOK_SECONDS = 0.2


def end_with_launcher() -> None:
    """Ends this process soon after the launcher has ended, however that did.

    torchrun puts its processes into sessions of their own, where no signal to
    the launcher's group reaches them: were it killed, they would go on for ever.
    """
    if LAUNCHER in os.environ:
        threading.Thread(target=_watch, args=(int(os.environ[LAUNCHER]),), name="launcher", daemon=True).start()


def _watch(launcher: int) -> None:
    while os.getppid() == launcher:
        time.sleep(LOOK_SECONDS)
    os._exit(1)


def tell_launcher(error: Exception) -> None:
    """Leaves why this process ends where the launcher looks, so that it can say so last."""
    if LAUNCHER in os.environ:
        from torch.distributed.elastic.multiprocessing.errors import get_error_handler

        get_error_handler().record_exception(error)
