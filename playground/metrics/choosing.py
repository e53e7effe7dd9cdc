"""Which judge measures a checkpoint: it follows from the data that its card says it was trained on."""

from __future__ import annotations

from playground.checkpoints import Checkpoint
from playground.errors import PlaygroundError
from playground.metrics.digit_judge import DIGITS
from playground.metrics.face_judge import FACES
from playground.metrics.judge import Judge

JUDGES: tuple[Judge, ...] = (DIGITS, FACES)
TRAINING_PART = "training part"


def judge_of_data(line: str) -> Judge | None:
    """The judge for what a card says of the data, such as "mnist, training part, at 32 pixels"; None where none is.

    A person's own pictures say "all of it", whatever their name.
    """
    name, _, rest = line.partition(", ")
    if not rest.startswith(TRAINING_PART):
        return None
    return next((judge for judge in JUDGES if name in judge.learned), None)


def judge_of(checkpoint: Checkpoint) -> Judge:
    """The judge that measures a checkpoint.

    Raises `PlaygroundError` where it was trained on data that no judge knows,
    and where the model does not draw what that judge can judge.
    """
    judge = judge_of_data(checkpoint.card.data)
    if judge is None:
        known = " and ".join(f"{judge.subject} ({', '.join(judge.learned)})" for judge in JUDGES)
        trained_on = checkpoint.card.data or "its card does not say on what"
        raise PlaygroundError(
            f"{checkpoint.name} cannot be measured: it was trained on data that no judge knows ({trained_on}); "
            f"there are judges of {known}."
        )
    judge.check(checkpoint.model)
    return judge
