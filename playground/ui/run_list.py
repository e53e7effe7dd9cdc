"""The list of runs: which there are, where each stands, and which one is looked at."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from playground.jobs.job import Job
from playground.jobs.queue import in_order
from playground.jobs.states import Request, State
from playground.ui import address

CHOSEN = "train_run"
MANY = 12  # runs; a longer list scrolls by itself, so that the chosen run stays beside it
LONG_LIST_HEIGHT = 720  # CSS pixels
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


def choose(name: str) -> None:
    """Look at this run from now on."""
    st.session_state[CHOSEN] = name
    for part in (address.OVER, address.AT):
        address.write(part, None)
    address.write(address.RUN, name)


def take_address(jobs: Sequence[Job]) -> str:
    """Look at the run that the address names. Returns a sentence where there is none, else nothing."""
    name = address.asked(address.RUN) or ""
    if name not in {job.name for job in jobs}:
        return f"There is no run named `{name[:80]}` here: it was deleted, or is on another machine."
    st.session_state[CHOSEN] = name
    return ""


def choose_run(jobs: Sequence[Job], shares: Sequence[float | None]) -> Job:
    """Draw the list, newest first, and return the chosen job.

    Args:
        jobs: at least one, oldest first.
        shares: of each job's training that is behind it, 0 to 1; None where that is not known.
    """
    by_name = {job.name: (job, share) for job, share in reversed(list(zip(jobs, shares, strict=True)))}
    places = {job.name: place for place, job in enumerate(in_order(jobs), start=1)}
    if (before := st.session_state.get(CHOSEN)) not in by_name:
        choose(next(iter(by_name)))
        if before is not None:
            st.toast(f"**{before}** was deleted.")
    with st.container(height=LONG_LIST_HEIGHT if len(jobs) > MANY else "content", border=False):
        chosen = st.radio(
            "Runs",
            list(by_name),
            captions=[_caption(job, share, places.get(job.name)) for job, share in by_name.values()],
            key=CHOSEN,
            on_change=lambda: choose(st.session_state[CHOSEN]),
            persist_state="session",
        )
    address.write(address.RUN, chosen)
    return by_name[chosen][0]


def _caption(job: Job, share: float | None, place: int | None) -> str:
    icon, colour = LOOKS[job.state]
    words = f":{colour}[{icon} {state_in_words(job)}]"
    if place is not None:
        return f"{words} · no. {place}"
    return words if share is None or job.state == State.FINISHED else f"{words} · {share:.0%}"
