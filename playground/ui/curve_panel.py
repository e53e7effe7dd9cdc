"""The panel of curves: what is drawn, how smooth, and which runs are laid over each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from playground.jobs.job import Job
from playground.jobs.metrics import STEP
from playground.jobs.runs import Run
from playground.ui import address
from playground.ui.curve_chart import show_chart
from playground.ui.run_curves import Measured, figure, groups, in_words
from playground.ui.watched_runs import look, look_again

MAX_OTHERS = 4
MEASURE, COMPARE = "train_measure", "train_compare_"
SMOOTHING = {"raw": 0.0, "light": 0.8, "strong": 0.95}


def forget_choices() -> None:
    """Read from the address again which measurement is drawn, and what is laid over it."""
    for key in [key for key in st.session_state if key == MEASURE or str(key).startswith(COMPARE)]:
        del st.session_state[key]


def show_curves(job: Job, others: Sequence[Job]) -> None:
    """Draw the curves of a run with their controls.

    Args:
        job: the run's.
        others: those that can be laid over its own.
    """
    found = groups(look_again(job, lambda run: list(run.metrics.columns)))
    if not found:
        st.markdown("**Curves**")
        st.caption("The first point is drawn with the first report.")
        return
    names = [other.name for other in others]
    comparing = f"{COMPARE}{job.id}"
    if MEASURE not in st.session_state and (asked := address.asked(address.CURVE)) in found:
        st.session_state[MEASURE] = asked
    if comparing not in st.session_state:
        asked_for = address.asked_list(address.OVER)
        st.session_state[comparing] = [name for name in names if name in asked_for][:MAX_OTHERS]
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        group = st.selectbox(
            "Measurement",
            list(found),
            format_func=in_words,
            key=MEASURE,
            on_change=lambda: address.write(address.CURVE, st.session_state[MEASURE]),
            persist_state="session",
            label_visibility="collapsed",
        )
        with st.popover("Curves", icon=":material/tune:", width="content"):
            smoothing = st.segmented_control(
                "Smoothing",
                list(SMOOTHING),
                default="light",
                required=True,
                key="train_smoothing",
                persist_state="session",
            )
            compared = st.multiselect(
                "Lay over it",
                names,
                key=comparing,
                on_change=lambda: address.write(address.OVER, st.session_state[comparing]),
                persist_state="session",
                max_selections=MAX_OTHERS,
                placeholder="other runs",
            )
    jobs = [job, *(other for other in others if other.name in compared)]
    curves = _measured(job, found[group], look_again)
    curves += [curve for other in jobs[1:] for curve in _measured(other, found[group], look)]
    show_chart(
        figure(curves, SMOOTHING[smoothing], st.context.theme.type or "light", f"{job.name} {group}"),
        f"{in_words(group)} of {', '.join(each.name for each in jobs)} over the images seen",
        "train_chart",
    )


def _measured(
    job: Job, names: Sequence[str], read_with: Callable[[Job, Callable[[Run], list[Measured]]], list[Measured]]
) -> list[Measured]:
    """The curves of a run, as many of these as it has."""

    def read(run: Run) -> list[Measured]:
        columns = run.metrics.columns
        seen = np.array(columns[STEP])
        return [Measured(job.name, name, seen, np.array(columns[name])) for name in names if name in columns]

    return read_with(job, read)
