"""The list of runs: which there are, where each stands, and which one is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from playground.jobs.job import Job
from playground.jobs.states import Request, State

CHOSEN = "train_run"
LOOKS = {  # icon and Streamlit's colour
    State.QUEUED: (":material/schedule:", "gray"),
    State.RUNNING: (":material/play_circle:", "orange"),
    State.PAUSED: (":material/pause_circle:", "blue"),
    State.FINISHED: (":material/check_circle:", "green"),
    State.FAILED: (":material/error:", "red"),
    State.CANCELLED: (":material/block:", "gray"),
    State.INTERRUPTED: (":material/flash_off:", "yellow"),
}
ASKED = {Request.PAUSE: "pausing", Request.CANCEL: "stopping"}


def state_in_words(job: Job) -> str:
    """`running`, or what is being done about it: `pausing`."""
    return ASKED[job.asked] if job.asked else str(job.state)


def show_state(job: Job) -> None:
    """The state as a badge."""
    icon, colour = LOOKS[job.state]
    st.badge(state_in_words(job), icon=icon, color=colour)


def choose_run(jobs: Sequence[Job], shares: Sequence[float | None]) -> Job:
    """Draw the list, newest first, and return the chosen job.

    Args:
        jobs: at least one, oldest first.
        shares: of each job's training that is behind it, 0 to 1; None where that is not known.
    """
    by_name = {job.name: (job, share) for job, share in reversed(list(zip(jobs, shares, strict=True)))}
    if st.session_state.get(CHOSEN) not in by_name:
        st.session_state[CHOSEN] = next(iter(by_name))
    chosen = st.radio(
        "Runs",
        list(by_name),
        captions=[_caption(job, share) for job, share in by_name.values()],
        key=CHOSEN,
        persist_state="session",
    )
    return by_name[chosen][0]


def _caption(job: Job, share: float | None) -> str:
    icon, colour = LOOKS[job.state]
    words = f":{colour}[{icon} {state_in_words(job)}]"
    return words if share is None or job.state == State.FINISHED else f"{words} · {share:.0%}"
