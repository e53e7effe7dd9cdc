"""The states of a job, and which may follow which."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a job stands.

    QUEUED waits for a worker; RUNNING has a trainer. PAUSED was stopped on
    request and INTERRUPTED by something else (a kill, a reboot): both continue
    from the saved state. FAILED ended itself with a reason, CANCELLED was given
    up; both keep their run folder and may be resumed. FINISHED has its checkpoint.
    """

    QUEUED = "queued"
    RUNNING = "running"
    PAUSED = "paused"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"


class Request(StrEnum):
    """What was asked of a running job: its worker stops the trainer and writes the state."""

    PAUSE = "pause"
    CANCEL = "cancel"


FOLLOWERS: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset({State.RUNNING, State.PAUSED, State.CANCELLED}),
    State.RUNNING: frozenset({State.PAUSED, State.FINISHED, State.FAILED, State.CANCELLED, State.INTERRUPTED}),
    State.PAUSED: frozenset({State.QUEUED, State.CANCELLED}),
    State.INTERRUPTED: frozenset({State.QUEUED, State.CANCELLED}),
    State.FAILED: frozenset({State.QUEUED}),
    State.CANCELLED: frozenset({State.QUEUED}),
    State.FINISHED: frozenset(),
}


def may_follow(before: State, after: State) -> bool:
    """Whether a job may go from one state straight to the other."""
    return after in FOLLOWERS[before]
