"""The panel of curves: what is drawn, how smooth, and which runs are laid over each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from playground.jobs.job import Job
from playground.jobs.metrics import STEP
from playground.jobs.runs import Run
from playground.ui.run_curves import Measured, figure, groups, in_words
from playground.ui.watched_runs import look

MAX_OTHERS = 4
SMOOTHING = {"raw": 0.0, "light": 0.8, "strong": 0.95}


def show_curves(job: Job, others: Sequence[Job]) -> None:
    """Draw the curves of a run with their controls.

    Args:
        job: the run's.
        others: those that can be laid over its own.
    """
    found = groups(look(job, lambda run: list(run.metrics.columns)))
    if not found:
        st.markdown("**Curves**")
        st.caption("The first point is drawn with the first report.")
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        group = st.selectbox(
            "Measurement",
            list(found),
            format_func=in_words,
            key="train_measure",
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
            names = [other.name for other in others]
            compared = st.multiselect(
                "Lay over it",
                names,
                key=f"train_compare_{job.id}",
                max_selections=MAX_OTHERS,
                placeholder="other runs",
            )
    jobs = [job, *(other for other in others if other.name in compared)]
    curves = [curve for each in jobs for curve in _measured(each, found[group])]
    st.plotly_chart(
        figure(curves, SMOOTHING[smoothing], st.context.theme.type or "light", f"{job.name} {group}"),
        key="train_chart",
        theme=None,
        config={"displayModeBar": False, "responsive": True},
        alt=f"{in_words(group)} of {', '.join(each.name for each in jobs)} over the images seen",
    )


def _measured(job: Job, names: Sequence[str]) -> list[Measured]:
    """The curves of a run, as many of these as it has."""

    def read(run: Run) -> list[Measured]:
        columns = run.metrics.columns
        seen = np.array(columns[STEP])
        return [Measured(job.name, name, seen, np.array(columns[name])) for name in names if name in columns]

    return look(job, read)
