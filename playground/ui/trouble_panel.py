"""What goes wrong in a run, with the evidence and a way back, above its curves."""

from __future__ import annotations

import streamlit as st

from playground.jobs.going_back import WayBack
from playground.jobs.job import Job
from playground.jobs.queue import Queue
from playground.jobs.runs import Run
from playground.jobs.states import State
from playground.jobs.troubles import Trouble
from playground.ui.job_buttons import verb_button
from playground.ui.run_list import choose
from playground.ui.watched_runs import look


def show_troubles(queue: Queue, job: Job) -> None:
    """Draw what goes wrong in a job's run; nothing where nothing does."""
    troubles, way = look(job, _diagnose)
    if way is None:
        return
    with st.container(border=True, key="train_troubles"):
        for trouble in troubles:
            st.markdown(
                f":orange[:material/warning:] **{str(trouble.kind).capitalize()}.** {trouble.sentence}", width="stretch"
            )
        with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
            label = "Start again" if way.at is None else f"Go back to {way.at:,} images"
            verb_button(label, "undo", "way_back", job, lambda: _go(queue, job, way))
            st.caption(_in_words(job, way), width="stretch")


def _diagnose(run: Run) -> tuple[list[Trouble], WayBack | None]:
    troubles = run.troubles()
    return troubles, run.way_back(troubles) if troubles else None


def _in_words(job: Job, way: WayBack) -> str:
    if way.at is None:
        start = f"No snapshot is from before it: a new run starts from nothing with `{way.change}`"
    else:
        start = f"That is the best snapshot from before it: a new run goes on from there with `{way.change}`"
    this = "is stopped, and kept" if job.state is State.RUNNING else "stays as it is"
    return f"{start}; this one {this}."


def _go(queue: Queue, job: Job, way: WayBack) -> None:
    """Makes the new run first, so that a run is never stopped for nothing."""
    if way.at is None:
        new = queue.submit(job.preset, (*job.changes, way.change), processes=job.processes)
    else:
        new = queue.branch(job.id, [way.change], at=way.at)
    if queue.job(job.id).state is State.RUNNING:
        queue.cancel(job.id)
    choose(new.name)
