"""From a run to the playground: any snapshot opens on every page, and can be kept as a checkpoint."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from playground import checkpoints
from playground.errors import PlaygroundError
from playground.jobs.errand import Errand
from playground.jobs.job import Job
from playground.jobs.queue import Queue
from playground.recipe import Recipe
from playground.ui.notice import forget_notice, note_problem
from playground.ui.selection import LINK
from playground.ui.start import start_recipe

GOING = "train_going"  # where the reader goes once the snapshot is ready: its errand, its folder, the page
PAGES = {
    "live": ("Live", ":material/gesture:"),
    "sample": ("Sample", ":material/casino:"),
    "classes": ("Classes", ":material/category:"),
    "interpolate": ("Interpolate", ":material/timeline:"),
    "vectors": ("Vectors", ":material/calculate:"),
    "reconstruct": ("Reconstruct", ":material/draw:"),
}


@dataclass(frozen=True)
class Source:
    """What can be opened of a run.

    Attributes:
        run_dir: of the run.
        images_seen: at the snapshot; None is the checkpoint of the finished run.
        path: its folder.
    """

    run_dir: Path
    images_seen: int | None
    path: Path

    @property
    def words(self) -> str:
        return "the finished model" if self.images_seen is None else f"the snapshot at {self.images_seen:,} images"

    @property
    def opened(self) -> Path:
        """The checkpoint that pages open."""
        place = "finished" if self.images_seen is None else str(self.images_seen)
        return checkpoints.opened_folder() / f"{self.run_dir.name}@{place}"

    def is_open(self) -> bool:
        """Whether it is there, and made from the snapshot as it is now."""
        made, source = self.opened / checkpoints.WEIGHTS, self.path / checkpoints.WEIGHTS
        try:
            return made.stat().st_mtime_ns >= source.stat().st_mtime_ns
        except FileNotFoundError:
            return False

    def make_ready(self, queue: Queue, folder: Path) -> Errand | None:
        """Begins to make a checkpoint of it in this folder; None where it is there already, and was only copied."""
        if self.images_seen is None:
            checkpoints.copy(self.path, folder)
            return None
        command = [sys.executable, "-m", "playground.training.open_snapshot", "--run-dir", str(self.run_dir)]
        command += ["--images-seen", str(self.images_seen), "--to", str(folder)]
        errand = Errand(queue.runs, f"open-{folder.name}", command)
        errand.start()
        return errand


def source_at(
    run_dir: Path, snapshots: Mapping[int, Path], checkpoint: Path | None, chosen: int | None
) -> Source | None:
    """What drew a sample sheet, or the nearest before it; None where nothing is written yet.

    Args:
        run_dir: of the run.
        snapshots: its snapshots' folders by images seen, the oldest first.
        checkpoint: of the finished run, else None.
        chosen: images seen at the sheet; None is the newest, which is the checkpoint's once there is one.
    """
    if chosen is None and checkpoint is not None:
        return Source(run_dir, None, checkpoint)
    before = [images_seen for images_seen in snapshots if chosen is None or images_seen <= chosen]
    return Source(run_dir, before[-1], snapshots[before[-1]]) if before else None


def show_ways_to_playground(queue: Queue, job: Job, source: Source | None) -> None:
    """Draw the buttons that open a snapshot on a page or keep it, and go there once it is ready."""
    if source is None:
        st.caption("There is no snapshot of it yet to play with.")
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            f"Play with {source.words}",
            icon=":material/gesture:",
            type="primary",
            key="train_play",
            on_click=_open,
            args=(queue, source, "live"),
        )
        with st.popover("Open on", icon=":material/arrow_forward:", width="content"):
            for page, (title, icon) in PAGES.items():
                st.button(
                    title, icon=icon, key=f"open_{page}", width="stretch", on_click=_open, args=(queue, source, page)
                )
        with st.popover("Keep", icon=":material/bookmark_add:", width="content"):
            st.markdown(f"Makes a checkpoint of {source.words}, which stays when the run is deleted.")
            usual = job.name if source.images_seen is None else f"{job.name}-{source.images_seen}"
            name = st.text_input("Name of the checkpoint", key=f"keep_name_{job.id}", placeholder=usual).strip()
            st.button(
                "Keep it",
                icon=":material/bookmark_add:",
                key="train_keep",
                on_click=_keep,
                args=(queue, source, name or usual),
            )
    _go_on()


def _open(queue: Queue, source: Source, page: str) -> None:
    """Have the snapshot made ready, if it is not, and remember where the reader wants to go then."""
    forget_notice()
    try:
        errand = None if source.is_open() else source.make_ready(queue, source.opened)
    except PlaygroundError as problem:
        note_problem(problem)
        return
    st.session_state[GOING] = (errand, source.opened, page)


def _keep(queue: Queue, source: Source, name: str) -> None:
    forget_notice()
    folder = checkpoints.kept_folder() / name
    try:
        checkpoints.check_free(name)
        errand = source.make_ready(queue, folder)
    except PlaygroundError as problem:
        note_problem(problem)
        return
    st.session_state[GOING] = (errand, folder, None)


def _go_on() -> None:
    """Say what is being made; once it is there, go to the page that was asked for."""
    if GOING not in st.session_state:
        return
    errand, folder, page = st.session_state[GOING]
    if errand is not None and errand.running():
        st.info(
            f"`{folder.name}` is being made ready: its codes are fitted and its directions found. "
            "That takes some ten seconds, and the run goes on meanwhile.",
            icon=":material/hourglass_top:",
        )
        return
    del st.session_state[GOING]
    if errand is not None and not (folder / checkpoints.WEIGHTS).is_file():
        note_problem(PlaygroundError(errand.problem()))
    elif page is None:
        st.toast(f"Kept as **{folder.name}**: it is in the gallery and in the list of models.", duration="long")
    else:
        st.switch_page(f"{page}.py", query_params={LINK: _start_recipe(folder).to_link()})


def _start_recipe(folder: Path) -> Recipe:
    """What a page opens a checkpoint with."""
    return start_recipe(folder.name, checkpoints.describe(folder).config.get("class_names") or ())
