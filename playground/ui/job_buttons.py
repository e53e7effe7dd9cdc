"""What can be done with a job: the verbs of the queue as buttons, those that its state allows."""

from __future__ import annotations

import time
from collections.abc import Callable

import streamlit as st

from playground.errors import PlaygroundError
from playground.jobs.job import Job
from playground.jobs.queue import Queue
from playground.jobs.states import State
from playground.ui.notice import forget_notice, note_problem, show_notice
from playground.ui.run_list import choose
from playground.ui.watched_runs import look

LAST_CLICK = "train_last_click"
DOUBLE_CLICK_SECONDS = 1.0  # a second click so soon was meant as one
ENDED = {State.FINISHED, State.FAILED, State.CANCELLED}
MOVES = {"first", "earlier", "later", "last"}  # of which many may be meant
STOPPED = {State.PAUSED, State.INTERRUPTED, State.FAILED, State.CANCELLED}


def show_job_buttons(queue: Queue, job: Job) -> None:
    """Draw the buttons of a job, and the sentence of the last one that could not be done."""
    with st.container(horizontal=True, gap="small", horizontal_alignment="right"):
        if job.state in (State.RUNNING, State.QUEUED):
            waits = job.asked is not None
            verb_button("Pause", "pause", "pause", job, lambda: queue.pause(job.id), waits)
            if job.state == State.QUEUED:
                _show_moves(queue, job)
        if job.state in STOPPED:
            verb_button("Resume", "play_arrow", "resume", job, lambda: queue.resume(job.id))
        if job.state not in ENDED:
            verb_button("Cancel", "stop", "cancel", job, lambda: queue.cancel(job.id), job.asked is not None)
        if job.state in ENDED:
            verb_button("Rerun", "replay", "rerun", job, lambda: _look_at(queue.rerun(job.id)))
        _show_branch(queue, job)
        if job.state != State.RUNNING:
            _show_delete(queue, job)
    show_notice()


def _show_moves(queue: Queue, job: Job) -> None:
    """Another place in the queue."""
    waiting = [other.id for other in queue.waiting()]
    if job.id not in waiting:  # it has just started
        return
    place, last = waiting.index(job.id), len(waiting) - 1
    for icon, verb, meaning, target in (
        ("vertical_align_top", "first", "First in the queue", 0),
        ("arrow_upward", "earlier", "One place earlier", place - 1),
        ("arrow_downward", "later", "One place later", place + 1),
        ("vertical_align_bottom", "last", "Last in the queue", last),
    ):
        off = target == place or not 0 <= target <= last
        verb_button("", icon, verb, job, lambda target=target: queue.move(job.id, target), off, meaning)


def _show_branch(queue: Queue, job: Job) -> None:
    """Another run from where this one stands."""
    with st.popover("Branch", icon=":material/call_split:", width="content"):
        st.markdown(
            "Go on from a saved state as a new run, with other settings: rate, penalty, length and most others. "
            "The networks stay as they are, and so does this run."
        )
        states = look(job, lambda run: list(run.files.states_there()))
        places = {"its newest saved state": None, **{f"the snapshot at {at:,} images": at for at in reversed(states)}}
        at = places[st.selectbox("From", list(places), key=f"branch_at_{job.id}")]
        name = st.text_input("Name of the branch", key=f"branch_name_{job.id}", placeholder=f"{job.preset}, numbered")
        text = st.text_area(
            "Changes, one a line", key=f"branch_changes_{job.id}", placeholder="optimizer.learning_rate=1e-4"
        )
        changes = [line.strip() for line in text.splitlines() if line.strip()]
        verb_button(
            "Start the branch",
            "call_split",
            "branch",
            job,
            lambda: _look_at(queue.branch(job.id, changes, name.strip() or None, at)),
        )


def _show_delete(queue: Queue, job: Job) -> None:
    """The run, gone for ever, after a look at what that frees."""
    with st.popover("Delete", icon=":material/delete:", width="content"):
        try:
            megabytes = queue.frees(job.id) / 1e6
        except PlaygroundError:
            return  # somebody has just deleted it: the next look shows another run
        st.markdown(
            "Removes the run's folder with its curves, sheets and snapshots, those opened on other pages too, "
            f"and frees **{megabytes:,.1f} MB**. What was kept under a name of its own stays."
        )
        verb_button("Delete for ever", "delete_forever", "delete", job, lambda: queue.delete(job.id))


def verb_button(
    label: str,
    icon: str,
    verb: str,
    job: Job,
    act: Callable[[], object],
    disabled: bool = False,
    meaning: str | None = None,
) -> None:
    """Draw a button that does something with a job, once for a double click; what cannot be done is noted."""
    key = f"{verb}_{job.id}"

    def clicked() -> None:
        now = time.monotonic()
        last_key, last_time = st.session_state.get(LAST_CLICK, ("", 0.0))
        st.session_state[LAST_CLICK] = (key, now)
        if verb not in MOVES and key == last_key and now - last_time < DOUBLE_CLICK_SECONDS:
            return
        forget_notice()
        try:
            act()
        except PlaygroundError as problem:
            note_problem(problem)

    st.button(label, icon=f":material/{icon}:", key=key, on_click=clicked, disabled=disabled, help=meaning)


def _look_at(job: Job) -> None:
    choose(job.name)
