"""Everything that a run needs to continue as if it had never stopped."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import torch

from playground.errors import PlaygroundError
from playground.training.averaging import AveragedWeights
from playground.training.saving import replacing, saving
from playground.training.steps import Step


@dataclass
class Progress:
    """Where a run stands.

    Attributes:
        images_seen: by all processes; the position in the data, from which the
            data order and the noise of every step follow.
        seconds: of wall clock spent training.
        cpu_seconds: of all processor cores spent training, of the first process.
    """

    images_seen: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0


def save_state(file: Path, step: Step, averaged: AveragedWeights, progress: Progress) -> None:
    """Weights, averaged weights, optimizers, random state and position, moved into place whole.

    Raises `PlaygroundError` where that cannot be written; what was saved before stays as it was.
    """
    with saving(file):
        file.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "model": step.model.state_dict(),
        "extra": step.extra.state_dict(),
        "averaged": averaged.model.state_dict(),
        "optimizers": {phase.name: phase.optimizer.state_dict() for phase in step.phases},
        "random": torch.get_rng_state(),
        "progress": vars(progress),
    }
    with replacing(file) as beside:
        torch.save(state, beside)


def load_state(file: Path, step: Step, averaged: AveragedWeights) -> Progress:
    """Puts back what `save_state` wrote and says where the run stands.

    Raises `PlaygroundError` where the state is missing, damaged or of another config.
    """
    if not file.is_file():
        raise PlaygroundError(f"The run has no saved state ({file} is missing): start it anew in another --run-dir.")
    try:
        state = torch.load(file, map_location="cpu", weights_only=True)
        step.model.load_state_dict(state["model"])
        step.extra.load_state_dict(state["extra"])
        averaged.model.load_state_dict(state["averaged"])
        for phase in step.phases:
            # The moments are the run's; the betas are the config's, which a branch of a run may have changed.
            groups = phase.optimizer.state_dict()["param_groups"]
            phase.optimizer.load_state_dict(state["optimizers"][phase.name] | {"param_groups": groups})
        torch.set_rng_state(state["random"])
        return Progress(**state["progress"])
    except (RuntimeError, KeyError, TypeError, ValueError, EOFError, pickle.UnpicklingError) as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise PlaygroundError(f"The saved state {file} cannot be used ({reason}): start a new run.") from None
