"""One run, watched: where it stands, its curves, its pictures, and what it says."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from playground.errors import PlaygroundError
from playground.jobs.job import Job
from playground.jobs.log import last_lines
from playground.jobs.queue import Queue
from playground.jobs.runs import Progress, Run
from playground.jobs.states import State
from playground.jobs.trainer import trainer_command
from playground.ui import address
from playground.ui.curve_panel import show_curves
from playground.ui.durations import in_words
from playground.ui.job_buttons import show_job_buttons
from playground.ui.machine import show_machine
from playground.ui.problems import show_problem
from playground.ui.run_list import show_state
from playground.ui.sample_files import frames_of
from playground.ui.sample_history import show_sample_history
from playground.ui.snapshots import show_ways_to_playground, source_at
from playground.ui.trouble_panel import show_troubles
from playground.ui.watched_runs import look

SHEET_WIDTH = 680  # CSS pixels at most
NUM_LOG_LINES = 200


@dataclass(frozen=True)
class Seen:
    """What a page needs of a run at one moment."""

    progress: Progress
    config: dict[str, Any]
    sheets: dict[int, Path]
    snapshots: dict[int, Path]
    checkpoint: Path | None
    problems: tuple[str, ...]

    @classmethod
    def of(cls, run: Run) -> Seen:
        return cls(
            run.progress(),
            run.config,
            dict(run.sheets),
            dict(run.snapshots),
            run.checkpoint,
            tuple(run.problems),
        )


def show_run(queue: Queue, job: Job, others: Sequence[Job]) -> None:
    """Draw everything about a run.

    Args:
        queue: that the job is of.
        job: the run's.
        others: those whose curves can be laid over its own.
    """
    seen = look(job, Seen.of)
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        with st.container(key="run_head", horizontal=True, vertical_alignment="center", gap="small", width="content"):
            st.subheader(job.name, anchor=False, width="content")
            show_state(job)
        show_job_buttons(queue, job)
    with st.container():  # always there: what comes and goes in it must not move, and so draw anew, what is below
        _show_sentences(job, seen)
    _show_progress(queue, job, seen.progress)
    with st.container():
        show_troubles(queue, job)
    pictures, curves = st.columns([5, 3], gap="small")
    with pictures, st.container(border=True, height="stretch"):
        _show_samples(queue, job, seen)
    with curves, st.container(border=True, height="stretch"):
        show_curves(job, others)
    _show_other_machines(job)
    _show_papers(queue, job, seen)


def _show_sentences(job: Job, seen: Seen) -> None:
    if job.state is State.RUNNING and job.sentence:
        st.info(job.sentence, icon=":material/hourglass_empty:")
    for sentence in filter(None, ("" if job.state is State.RUNNING else job.sentence, *seen.problems)):
        show_problem(PlaygroundError(sentence))


def _show_progress(queue: Queue, job: Job, progress: Progress) -> None:
    total = progress.total_images
    words = f"**{progress.images_seen:,}**" + (f" of {total:,}" if total else "") + " images"
    st.progress(min(1.0, progress.images_seen / total) if total else 0.0, words)
    running = job.state is State.RUNNING
    speed, left = progress.images_per_second, progress.seconds_left
    with st.container(horizontal=True, gap="medium"):
        st.metric("Images a second", f"{speed:,.0f}" if speed else "–", width="content")
        st.metric("Time left", in_words(left) if running and left is not None else "–", width="content")
        st.metric("This leg", _leg(job), width="content", help="Since it was started or resumed last.")
        show_machine(job, progress)
        if job.state is State.QUEUED:
            st.metric("Place in the queue", _place(queue, job), width="content")


def _leg(job: Job) -> str:
    if job.started_at is None:
        return "–"
    end = job.ended_at or datetime.now(UTC)
    return in_words((end - job.started_at).total_seconds())


def _place(queue: Queue, job: Job) -> str:
    names = [other.name for other in queue.waiting()]
    return f"{names.index(job.name) + 1} of {len(names)}" if job.name in names else "–"


def _show_samples(queue: Queue, job: Job, seen: Seen) -> None:
    """The same seeds through time, and the way to play with what drew them."""
    frames = frames_of(job.name, list(seen.sheets.values()))
    if not frames:
        every = seen.config.get("sample_every_images")
        when = f"after {every:,} images" if isinstance(every, int) else "once the training has begun"
        st.markdown("**Samples**")
        st.caption(f"The first sheet is drawn {when}.")
        return
    st.markdown("**The same seeds through time**")
    chosen = address.asked_number(address.AT)
    show_sample_history(
        job.name, frames, SHEET_WIDTH, f"samples_{job.id}", chosen, lambda at: address.write(address.AT, at)
    )
    show_ways_to_playground(queue, job, source_at(job.run_dir, seen.snapshots, seen.checkpoint, chosen))


def _show_other_machines(job: Job) -> None:
    """What a run waits for that is spread over several."""
    if job.processes.num_nodes > 1:
        st.markdown("On each of the other machines, whenever this run is started or resumed:")
        st.code(shlex.join(trainer_command(job)), language="bash", wrap_lines=True)


def _show_papers(queue: Queue, job: Job, seen: Seen) -> None:
    """What is behind it: the log, the config and where it lies; each is made once it is opened, which is seldom."""
    log = st.expander("Log", icon=":material/terminal:", key="train_log", on_change="rerun")
    if log.open:
        lines = last_lines(queue.log_file(job), NUM_LOG_LINES)
        log.code("\n".join(lines) or "Nothing yet.", language=None, height=260)
    config = st.expander("Config", icon=":material/data_object:", key="train_config", on_change="rerun")
    if config.open:
        _show_config(config, job, seen)


def _show_config(place: DeltaGenerator, job: Job, seen: Seen) -> None:
    with place:
        at = f" at {job.branched_at:,} images" if job.branched_at is not None else ""
        origin = f", branched from `{job.branched_from}`{at}" if job.branched_from else ""
        st.markdown(f"Preset `{job.preset}`{origin}, in `{job.run_dir}`")
        if job.changes:
            st.code("\n".join(job.changes), language=None)
        st.json(seen.config, expanded=1)
