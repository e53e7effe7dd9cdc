"""A real training whose last work, once its weights are final, never ends; it says so by a file."""

import sys
import time
from pathlib import Path

from playground.training import __main__ as training
from playground.training import fit


def fit_codes(*_: object) -> None:
    Path(sys.argv[1]).touch()
    time.sleep(3600)


fit.fit_codes = fit_codes
sys.exit(training.main(sys.argv[2:]))
