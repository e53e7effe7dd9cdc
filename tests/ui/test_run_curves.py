from __future__ import annotations

import json

import numpy as np

from playground.ui.run_curves import Measured, figure, groups
from playground.ui.smoothing import MAX_POINTS


def curve(run: str, name: str, values) -> Measured:
    return Measured(run, name, np.arange(len(values), dtype=float), np.array(values, dtype=float))


def test_measurements_are_grouped_with_the_losses_first_and_what_draws_before_what_judges():
    names = ["images_seen", "learning_rate", "discriminator/r1", "discriminator/loss", "generator/loss"]
    found = groups(names)
    assert list(found) == ["loss", "r1", "learning_rate"]
    assert found["loss"] == ["generator/loss", "discriminator/loss"]


def test_each_curve_is_drawn_faint_as_measured_and_strong_as_its_trend():
    faint, strong = figure([curve("a", "generator/loss", [1, 3, 1, 3])], 0.9, "light", "a")["data"]
    assert faint["y"] == [1, 3, 1, 3]
    assert max(strong["y"]) < 3
    assert faint["opacity"] < 1
    assert strong["name"] == "generator loss"


def test_without_smoothing_each_curve_is_drawn_once():
    [line] = figure([curve("a", "generator/loss", [1, 3])], 0.0, "dark", "a")["data"]
    assert line["y"] == [1, 3]


def test_runs_laid_over_each_other_differ_in_colour_and_their_measurements_in_dashes():
    curves = [curve(run, name, [1, 2]) for run in ("a", "b") for name in ("generator/loss", "discriminator/loss")]
    lines = figure(curves, 0.0, "light", "a")["data"]
    assert [line["name"] for line in lines] == [
        "a generator loss",
        "a discriminator loss",
        "b generator loss",
        "b discriminator loss",
    ]
    assert lines[0]["line"]["color"] == lines[1]["line"]["color"] != lines[2]["line"]["color"]
    assert lines[0]["line"]["dash"] == lines[2]["line"]["dash"] != lines[1]["line"]["dash"]


def test_a_loss_that_is_no_number_is_a_gap():
    drawn = figure([curve("a", "generator/loss", [1, np.nan, np.inf, 2])], 0.0, "light", "a")
    assert drawn["data"][0]["y"] == [1, None, None, 2]
    json.dumps(drawn, allow_nan=False)


def test_a_long_run_sends_no_more_points_than_a_screen_has():
    drawn = figure([curve("a", "generator/loss", np.random.default_rng(0).normal(size=100_000))], 0.8, "light", "a")
    assert all(len(line["x"]) == len(line["y"]) <= MAX_POINTS for line in drawn["data"])


def test_the_readers_zoom_lasts_as_long_as_the_view():
    views = [
        figure([curve("a", "x/loss", [1])], 0.0, "light", view)["layout"]["uirevision"] for view in ("a", "a", "b")
    ]
    assert views[0] == views[1] != views[2]
