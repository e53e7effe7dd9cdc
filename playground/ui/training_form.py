"""The form that starts a run: a preset, the settings that matter, and what comes of them."""

from __future__ import annotations

import shlex
from functools import cache

import streamlit as st

from playground import checkpoints
from playground.data import LICENCES
from playground.errors import PlaygroundError
from playground.jobs.job import Job
from playground.jobs.processes import Processes
from playground.jobs.queue import Queue, check_fits
from playground.models import family
from playground.render import load
from playground.training.config import TrainingConfig, preset_names, resolve
from playground.training.estimate import num_sheets
from playground.training.snapshot import snapshots_in_words
from playground.ui.catalogue import playable
from playground.ui.data_check import show_data_check
from playground.ui.data_choice import PRESET
from playground.ui.outlook import show_outlook
from playground.ui.painting import paint
from playground.ui.pictures import Sheet, show_pictures
from playground.ui.problems import problems_as_sentences, show_problem
from playground.ui.processes_setting import choose_processes
from playground.ui.settings import Settings
from playground.ui.training_settings import choose_settings
from playground.ui.words import in_words as describe

FAVOURITE = "digits-cgan"
NUM_SHOWN = 12


def show_training_form(queue: Queue) -> Job | None:
    """Draw the form. Returns the job of a run that was started just now."""
    choice, outcome = st.columns([3, 2], gap="medium")
    with choice, st.container(border=True):
        config = _choose_preset()
        name = st.text_input(
            "Name of the run",
            key="train_name",
            max_chars=80,
            placeholder=f"{config.preset}, numbered",
            help="Its folder and the checkpoint that it leaves have the same name.",
        ).strip()
        changes = choose_settings(config)
        folds = st.container()
    try:
        with folds:
            processes = choose_processes()
        check_fits(processes)
        resolved = resolve(config.preset, changes)
        with outcome:
            show_data_check(resolved)
    except PlaygroundError as problem:
        with outcome:
            show_problem(problem)
            st.button("Start", type="primary", icon=":material/play_arrow:", disabled=True, key="train_start_off")
        return None
    with outcome, st.container(border=True):
        st.subheader("What will be trained", anchor=False)
        _show_plan(resolved)
        show_outlook(queue, resolved)
        _show_example(resolved)
        wanted = st.button("Start", type="primary", icon=":material/play_arrow:", width="stretch", key="train_start")
        with st.expander("The resolved config", icon=":material/data_object:"):
            st.code(resolved.model_dump_json(indent=2), language="json", height=320)
        with st.expander("The same on the command line", icon=":material/terminal:"):
            command = _command(config.preset, name or f"{config.preset}-1", changes, processes)
            st.code(command, language="bash", wrap_lines=True)
    if not wanted:
        return None
    try:
        if name in checkpoints.names():
            raise PlaygroundError(f"There is a checkpoint named {name!r} already: choose another name for the run.")
        return queue.submit(config.preset, changes, name or None, processes)
    except PlaygroundError as problem:
        with outcome:
            show_problem(problem)
        return None


def _choose_preset() -> TrainingConfig:
    presets = {name: _preset(name) for name in preset_names()}
    chosen = st.selectbox(
        "Model and preset",
        list(presets),
        index=list(presets).index(FAVOURITE) if FAVOURITE in presets else 0,
        format_func=lambda name: f"{presets[name].card.title or name} ({name})",
        key=PRESET,
        persist_state="session",
    )
    config = presets[chosen]
    with st.container(horizontal=True, gap="xsmall"):
        st.badge(family(config.family).model_class.title, color="gray")
        st.badge(LICENCES[config.data].partition(",")[0], color="gray")
    st.caption(config.card.summary)
    return config


@cache
def _preset(name: str) -> TrainingConfig:
    return resolve(name, [])


def _show_plan(config: TrainingConfig) -> None:
    """How long it is, counted."""
    steps = -(-config.total_images // config.batch_size)
    sheets = num_sheets(config)
    st.markdown(
        f"**{config.total_images:,} images** in {steps:,} steps of {config.batch_size}, "
        f"with {sheets} sample sheet{'s' * (sheets != 1)} on the way."
    )
    with problems_as_sentences():
        st.caption(snapshots_in_words(config))


def _show_example(config: TrainingConfig) -> None:
    """What a model of this preset draws, where there is one."""
    known = next((entry for entry in playable() if entry.description.card.preset == config.preset), None)
    if known is not None:
        with problems_as_sentences():  # a damaged example keeps nobody from training a better one
            _show_pictures_of(known.name)


def _show_pictures_of(name: str) -> None:
    model = load(name)
    settings = Settings(name, model.class_names, {}, 1.0, "fitted")
    recipes = [settings.recipe(seed) for seed in range(NUM_SHOWN)]
    show_pictures(
        paint(recipes),
        [describe(recipe) for recipe in recipes],
        Sheet(f"{NUM_SHOWN} pictures of {name}", 4, largest=64),
        key="train_outlook",
    )
    st.caption(f"What `{name}` draws, which was trained with this preset.")


def _command(preset: str, name: str, changes: list[str], processes: Processes) -> str:
    """The command line of the same training, as one would type it."""
    training = ["--preset", preset, "--run-dir", f"runs/{name}", "--name", name]
    for change in changes:
        training += ["--set", change]
    return shlex.join(processes.command(name, training, python="python"))
