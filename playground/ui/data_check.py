"""What is in the pictures that a training is to learn from: looked at before it may start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st
from jaxtyping import UInt8

from playground.data import ImageSet, prepare
from playground.data.contact_sheet import contact_rows
from playground.data.own import is_own, short_name
from playground.data.report import Report
from playground.training.config import TrainingConfig
from playground.training.data_fit import check_data, image_size_of
from playground.ui.pictures import Sheet, show_pictures

CHECKED = "train_checked"  # what was found last, and in what
NUM_ROWS, NUM_COLUMNS = 12, 6  # of the contact sheet, which has to fit beside the form and on a telephone
SHOWN_SIZE = 40  # pixels at most
NUM_FILES = 20  # named for each reason to skip them


@dataclass(frozen=True)
class Checked:
    """What the page keeps of a data set.

    Attributes:
        report: what was found.
        rows: how many pictures stand in each row of the contact sheet.
        pictures: row by row, the rows filled up with dark ones.
    """

    report: Report
    rows: tuple[int, ...]
    pictures: UInt8[np.ndarray, "num_pictures height width channels"]


def show_data_check(config: TrainingConfig) -> None:
    """Draw what was found in a person's own pictures; nothing for data that comes with the playground.

    While there are none yet, it says so and ends the page here.

    Raises `PlaygroundError` where there is nothing to train on, or it does not do for the model.
    """
    if not is_own(config.data):
        return
    if not config.data:
        st.info("Say where the pictures are: what is in them is shown here before anything starts.")
        st.button("Start", type="primary", icon=":material/play_arrow:", disabled=True, key="train_start_off")
        st.stop()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
            st.subheader(f"What is in {as_text(short_name(config.data))}", anchor=False, width="content")
            if st.button("Look again", key="train_look_again", help="After files in it have changed."):
                st.session_state.pop(CHECKED, None)
        checked = _checked(config.data, image_size_of(config))
        _show(checked)
        check_data(config, checked.report.num_images - checked.report.num_held_out, len(checked.report.counts))


def _checked(data: str, image_size: int) -> Checked:
    """What was found, looked at once: a click elsewhere on the page decodes nothing again."""
    if st.session_state.get(CHECKED, ("",))[0] != (data, image_size):
        place = st.empty()
        bar = place.progress(0.0, "Reading the pictures")

        def show(done: int, total: int) -> None:
            if done % max(1, total // 100) == 0:
                bar.progress(done / total, f"{done:,} of {total:,} pictures")

        try:
            prepared = prepare(Path(data), image_size, show)
        finally:
            place.empty()
        rows, pictures = _contact(prepared.images)
        st.session_state[CHECKED] = ((data, image_size), Checked(prepared.report, rows, pictures))
    return st.session_state[CHECKED][1]


def _contact(data: ImageSet) -> tuple[tuple[int, ...], UInt8[np.ndarray, "num_pictures height width channels"]]:
    """The pictures of the contact sheet, small, and how many of each row are pictures."""
    chosen = contact_rows(data, NUM_COLUMNS)[:NUM_ROWS]
    rows = []
    for indices in chosen:
        part = ImageSet(data.images[indices], data.labels[indices], data.class_names)
        small = part.at_size(min(SHOWN_SIZE, data.images.shape[-1])).images.permute(0, 2, 3, 1).numpy()
        missing = np.full((NUM_COLUMNS - len(small), *small.shape[1:]), 32, np.uint8)
        rows.append(np.concatenate([small, missing]))
    return tuple(len(indices) for indices in chosen), np.concatenate(rows)


def _show(checked: Checked) -> None:
    report = checked.report
    classes = f"in {len(report.counts)} classes, " if report.counts else "without classes, "
    colours = "grey" if report.channels == 1 else "in colour"
    st.markdown(f"**{report.num_images:,} pictures** {classes}{colours}, {report.sizes}.")
    counted = [f"{count:,} {name}" for name, count in report.counts.items()]
    names = list(report.counts) or ["picture"] * len(checked.rows)
    show_pictures(
        checked.pictures,
        [
            names[row] if column < num_pictures else ""
            for row, num_pictures in enumerate(checked.rows)
            for column in range(NUM_COLUMNS)
        ],
        Sheet(
            f"Some of the pictures in {report.name}",
            NUM_COLUMNS,
            smallest=16,
            largest=SHOWN_SIZE,
            row_headings=counted[: len(checked.rows)],
        ),
        key="train_contact",
    )
    if report.num_held_out:
        st.caption(report.held_out_in_words)
    if report.attributes:
        st.caption(f"Numbers come with the pictures: {as_text(', '.join(report.attributes))}.")
    if report.warnings:
        st.warning("\n\n".join(map(as_text, report.warnings)), icon=":material/info:")
    if len(counted) > len(checked.rows):
        with st.expander(f"All {len(counted)} classes", icon=":material/folder:"):
            st.code("\n".join(counted), language=None, height=240)
    if report.skipped:
        with st.expander(f"{_files(len(report.skipped))} skipped", icon=":material/rule:"):
            st.code(_reasons(report), language=None, wrap_lines=True)


def _reasons(report: Report) -> str:
    """Each reason with the files that it is for; of many only the first."""
    lines = []
    for reason, paths in report.reasons.items():
        lines.append(f"{_files(len(paths))}: {reason}.")
        lines += [f"    {path}" for path in paths[:NUM_FILES]]
        if len(paths) > NUM_FILES:
            lines.append(f"    and {len(paths) - NUM_FILES:,} more")
    return "\n".join(lines)


def _files(count: int) -> str:
    return "1 file" if count == 1 else f"{count:,} files"


def as_text(sentence: str) -> str:
    """Names of files and classes are no Markdown."""
    return "".join(f"\\{letter}" if letter in r"\`*_[]#$:~<>" else letter for letter in sentence)
