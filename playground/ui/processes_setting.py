"""Over how many processes and machines a new run is spread."""

from __future__ import annotations

import streamlit as st

from playground.jobs.processes import MAX_PROCESSES, Processes


def choose_processes() -> Processes:
    """Draw the choice, folded away. Raises `PlaygroundError` for processes that cannot be."""
    with st.expander("More processes, more machines", icon=":material/hub:"):
        processes, machines = st.columns(2)
        num_processes = processes.number_input(
            "Processes",
            1,
            MAX_PROCESSES,
            key="train_processes",
            help="Each takes its own share of the pictures and sees as many a step as is set above. "
            "With GPUs, each needs one; without, they share the processor.",
        )
        num_nodes = machines.number_input(
            "Machines", 1, MAX_PROCESSES, key="train_nodes", help="Each runs as many processes."
        )
        rendezvous = ""
        if num_nodes > 1:
            rendezvous = st.text_input(
                "Where they meet",
                key="train_rendezvous",
                placeholder="node1:29400",
                help="The name of the first machine, and a free port there.",
            ).strip()
            st.caption(
                "This machine does its part by itself. On each other one, start the command that the run then shows "
                "with its config; all need the same folders. It begins when all are there."
            )
    return Processes.checked(num_processes, num_nodes, rendezvous)
