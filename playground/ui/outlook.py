"""How long a training would take here: measured when asked, and after what else the queue holds."""

from __future__ import annotations

import sys

import streamlit as st
from pydantic import ValidationError

from playground.errors import PlaygroundError
from playground.jobs.devices import devices
from playground.jobs.errand import Errand
from playground.jobs.job import Job
from playground.jobs.queue import Queue
from playground.jobs.runs import Run
from playground.jobs.states import State
from playground.training.config import TrainingConfig, resolve
from playground.training.estimate import Estimate, fingerprint
from playground.ui.durations import in_words
from playground.ui.problems import show_problem
from playground.ui.watched_runs import look

LOOK_SECONDS = 1.0


def show_outlook(queue: Queue, config: TrainingConfig) -> None:
    """Draw what a training would cost here, at once where that was measured before, else a button that measures it."""
    errand = estimate_of(queue, config)
    watched = errand.running()

    def look_again() -> None:
        if watched != errand.running():
            st.rerun()  # from now on this looks again by itself, or no longer
        _show(queue, config, errand)

    st.fragment(look_again, run_every=LOOK_SECONDS if watched else None)()


def estimate_of(queue: Queue, config: TrainingConfig) -> Errand:
    """What measures a training; its answer holds for every training whose steps cost the same."""
    command = [sys.executable, "-m", "playground.training", "--estimate", "--preset", config.preset]
    for change in config.changes:
        command += ["--set", change]
    return Errand(queue.runs, f"estimate-{fingerprint(config, devices()[0])}", command)


def measured(errand: Errand) -> Estimate | None:
    """Its answer; None before there is one that can be read."""
    text = errand.answer()
    if text is None:
        return None
    try:
        return Estimate.model_validate_json(text)
    except ValidationError:
        return None  # of a former version: it is measured anew


def _show(queue: Queue, config: TrainingConfig, errand: Errand) -> None:
    estimate = measured(errand)
    if estimate is not None:
        _show_estimate(queue, config, estimate)
    elif errand.running():
        st.markdown(":material/hourglass_top: A few real steps are being timed. You need not wait for it.")
    else:
        st.button(
            "How long here?",
            icon=":material/timer:",
            key="train_estimate",
            on_click=errand.start,
            help="Builds the model and times a few real steps on this machine, which takes some ten seconds.",
        )
        if problem := errand.problem():
            show_problem(PlaygroundError(problem))


def _show_estimate(queue: Queue, config: TrainingConfig, estimate: Estimate) -> None:
    with st.container(horizontal=True, gap="medium"):
        st.metric("Takes here", in_words(estimate.seconds(config)), width="content")
        st.metric("Images a second", f"{estimate.images_per_second(config):,.0f}", width="content")
        st.metric("Memory", f"{estimate.peak_bytes / 1e9:.1f} GB", width="content")
        st.metric("On the disk", f"{estimate.bytes(config) / 1e6:,.0f} MB", width="content")
    others = waiting_in_words(queue)
    st.caption(
        f"Measured on {estimate.machine}. {others}  \n"
        f"{estimate.num_parameters / 1e6:.2f} million parameters{_besides(estimate)}; "
        f"{estimate.num_multiply_adds / 1e6:,.0f} million multiply-adds a picture."
    )


def _besides(estimate: Estimate) -> str:
    """What is trained and is no part of the model."""
    besides = estimate.num_trained - estimate.num_parameters
    return f", {besides / 1e6:.2f} million more in training" if besides > 0 else ""


def waiting_in_words(queue: Queue) -> str:
    """What runs before a training that is queued now, and how long that takes as far as it is known."""
    jobs = [job for job in queue.jobs() if job.state in (State.RUNNING, State.QUEUED)]
    if not jobs:
        return "Nothing else is in the queue: it starts at once."
    known = [seconds for job in jobs if (seconds := _seconds_left(queue, job)) is not None]
    before = f"{len(jobs)} run{'s' * (len(jobs) != 1)} {'come' if len(jobs) != 1 else 'comes'} first"
    if not known:
        return f"{before}."
    least = "about" if len(known) == len(jobs) else "at least"
    return f"{before}: {least} {in_words(sum(known) / len(devices()))}."


def _seconds_left(queue: Queue, job: Job) -> float | None:
    """Of a job in the queue: by its own speed, or by what was measured of its kind; None where neither is known."""
    progress = look(job, Run.progress)
    if progress.seconds_left is not None:
        return progress.seconds_left
    try:
        config = resolve(job.preset, list(job.changes))
    except PlaygroundError:
        return None  # it will fail with that sentence as soon as it starts
    estimate = measured(estimate_of(queue, config))
    return None if estimate is None else estimate.seconds(config) * (1 - progress.images_seen / config.total_images)
