"""What a run holds of which machine, and the cluster that runs are sent to."""

from __future__ import annotations

import re

import streamlit as st

from playground.jobs.cluster import Cluster
from playground.jobs.job import Job
from playground.jobs.runs import Progress

NOISE = re.compile(r"\((R|TM|r|tm)\)|\bCPU\b|\b\d+-Core\b|\bProcessor\b|@.*$")  # what makers add to every name


def show_machine(job: Job, progress: Progress) -> None:
    """Draw two figures: the memory, and the device with its own name."""
    holds = _gigabytes(progress.memory_megabytes)
    where = "Of all its processes, when it last reported. A paused run holds none."
    if progress.gpu_memory_megabytes is not None:
        holds, where = f"{_gigabytes(progress.gpu_memory_megabytes)} on the GPU", f"And {holds} beside it. {where}"
    st.metric("Memory", holds, width="content", help=where)
    st.metric("Device", device_in_words(job, progress), width="content", help=progress.device or None)


def device_in_words(job: Job, progress: Progress) -> str:
    """The device as its maker calls it, in short, and for how many; before the first report as the queue calls it."""
    name = " ".join(NOISE.sub(" ", progress.device).split()) or job.device or "–"
    num_processes = job.processes.num_processes * job.processes.num_nodes
    if num_processes == 1:
        return name
    each_its_own = progress.gpu_memory_megabytes is not None
    return f"{num_processes} × {name}" if each_its_own else f"{num_processes} processes on {name}"


def _gigabytes(megabytes: float | None) -> str:
    if megabytes is None:
        return "–"
    return f"{megabytes / 1000:.1f} GB" if megabytes >= 1000 else f"{megabytes:.0f} MB"


def show_cluster() -> None:
    """Draw where runs are sent, if that is not this machine, and what is the matter there."""
    cluster = Cluster.chosen()
    if cluster is None:
        return
    problem = _problem(cluster)
    if problem:
        st.warning(problem, icon=":material/cloud_off:")
    else:
        at_once = "one at a time" if cluster.num_jobs == 1 else f"{cluster.num_jobs} at a time"
        st.caption(f":material/hub: Runs go to the Ray cluster at {cluster.address}, {at_once}.")


@st.cache_data(ttl=10, show_spinner=False)
def _problem(cluster: Cluster) -> str:
    """Asked for once in a while: the answer may take seconds where nobody answers."""
    return cluster.problem()
