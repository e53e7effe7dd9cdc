"""Trainings: started here, watched from anywhere, and going on without either."""

from __future__ import annotations

import streamlit as st

from playground.jobs.queue import Queue
from playground.ui.address import RUN, asked, has_news
from playground.ui.curve_panel import forget_choices
from playground.ui.data_choice import take_folder
from playground.ui.machine import show_cluster
from playground.ui.run_list import choose, choose_run, take_address
from playground.ui.run_view import show_run
from playground.ui.train_on import asked_folder
from playground.ui.training_form import show_training_form
from playground.ui.watched_runs import share_done

UPDATE_SECONDS = 2.0
FORM = "train_form"  # whether the form for a new run is open


def open_form() -> None:
    st.session_state[FORM] = True


def close_form() -> None:
    st.session_state[FORM] = False


def watch() -> None:
    """The list of runs and the chosen one; looks again by itself."""
    queue.tend()
    jobs = queue.jobs()
    if not jobs:  # the last one was deleted
        st.rerun()
    runs, chosen = st.columns([1, 6], gap="medium")
    with runs:
        job = choose_run(jobs, [share_done(job) for job in jobs])
    with chosen:
        show_run(queue, job, [other for other in reversed(jobs) if other.id != job.id])


queue = Queue()
jobs = queue.jobs()
has_jobs = bool(jobs)
warning = ""
if has_news() and asked(RUN):  # a link was followed: before the controls are drawn that it sets
    warning = take_address(jobs)
    forget_choices()
    close_form()
if (folder := asked_folder()) is not None:
    take_folder(folder)
    open_form()
forming = st.session_state.get(FORM, False) or not has_jobs
with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
    st.title("Train", width="content")
    if forming and has_jobs:
        st.button("Back to the runs", icon=":material/arrow_back:", on_click=close_form, key="train_back")
    elif not forming:
        st.button("New run", icon=":material/add:", type="primary", on_click=open_form, key="train_new")

show_cluster()
with st.container():  # always there, so that nothing below changes its place
    if warning:
        st.warning(warning)
if forming:
    st.markdown(
        "A run goes on by itself: close this tab, come back tomorrow, from another machine if you like. "
        "Pause it when the machine is needed, and it goes on from where it was."
    )
    started = show_training_form(queue)
    if started:
        close_form()
        choose(started.name)
        st.rerun()
else:
    st.fragment(watch, run_every=UPDATE_SECONDS)()
