"""Trainings that really go wrong, and what is said of them; and such that do not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from small import command

from playground.jobs.runs import Run
from playground.jobs.troubles import Kind, Trouble
from playground.training import loop
from playground.training.__main__ import main
from playground.training.config import TrainingConfig
from playground.training.steps import Batch, Phase

EVERY = {"report_every_images": 64, "snapshot_every_images": 320, "optimizer.warmup_images": 0}


@pytest.fixture
def train(tmp_path: Path) -> Callable[..., Run]:
    """A small training to its end, however that comes."""

    def trained(preset: str, total_images: int, sheets: int = 10, **more: object) -> Run:
        every = {**EVERY, "sample_every_images": total_images // sheets}
        main(command(preset, tmp_path / "run", total_images=total_images, **{**every, **more}))
        return Run(tmp_path / "run")

    return trained


@pytest.fixture
def at_rates(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Phase, Batch], float]], None]:
    """Lets a phase learn faster or slower than the config says."""

    def changed(factor: Callable[[Phase, Batch], float]) -> None:
        run_phase = loop.run_phase
        monkeypatch.setattr(
            loop,
            "run_phase",
            lambda fabric, step, phase, batch, rate: run_phase(fabric, step, phase, batch, rate * factor(phase, batch)),
        )

    return changed


def trouble(run: Run, kind: Kind) -> Trouble:
    [found] = [trouble for trouble in run.troubles() if trouble.kind is kind]
    return found


@pytest.mark.parametrize(
    ("preset", "more"),
    [
        ("digits-gan", {"model.generator_channels": "[24, 16]", "model.discriminator_channels": "[16, 24]"}),
        ("digits-vae", {"objective.adversary_weight": 0}),
    ],
)
def test_a_healthy_run_has_no_trouble(preset, more, train):
    run = train(preset, 1920, **{"optimizer.learning_rate": 3e-3, **more})
    assert run.troubles() == []
    assert run.metrics.columns["samples/distance"][-1] < 1


def test_a_rate_far_too_high_ends_in_no_numbers_and_stops_before_they_are_saved(train, monkeypatch, capsys):
    monkeypatch.setattr(
        TrainingConfig, "learning_rate_at", lambda config, images_seen: 1e-3 if images_seen < 600 else 1e6
    )
    run = train("digits-vae", 6400)
    *_, sentence = capsys.readouterr().err.strip().splitlines()
    assert sentence.startswith("The loss of the autoencoder was no number any more after 64")
    assert "optimizer.learning_rate" in sentence
    found = trouble(run, Kind.NO_NUMBER)
    assert found.since in (640, 704)
    assert f"no number since {found.since}" in found.sentence
    assert list(run.files.states_there()) == [320]
    state = torch.load(run.files.state, weights_only=True)
    assert state["progress"]["images_seen"] == 320
    assert all(tensor.isfinite().all() for tensor in state["model"].values())
    way = run.way_back([found])
    assert (way.at, way.change) == (320, "optimizer.learning_rate=0.0005")


def test_weights_that_are_no_numbers_are_not_saved_though_no_loss_has_said_so(train, monkeypatch, capsys):
    """The last step before a snapshot is the one that breaks them."""
    monkeypatch.setattr(
        TrainingConfig, "learning_rate_at", lambda config, images_seen: float("inf") if images_seen == 624 else 1e-3
    )
    run = train("digits-gan", 6400, report_every_images=6400)
    assert "A weight of the generator was no number any more after 640 images" in capsys.readouterr().err
    assert trouble(run, Kind.NO_NUMBER).since == 640
    assert list(run.snapshots) == [320]


def test_a_discriminator_that_learns_fifty_times_as_fast_is_too_strong(train, at_rates):
    at_rates(lambda phase, batch: 50 if phase.name == "discriminator" else 1)
    run = train("digits-gan", 1600)
    found = trouble(run, Kind.TOO_STRONG)
    assert found.since < 1400
    assert run.way_back([found]).change == "objective.penalty.weight=1"


def test_a_discriminator_on_too_short_a_leash_is_too_weak(train):
    run = train("digits-gan", 1600, **{"objective.penalty.weight": 1000})
    found = trouble(run, Kind.TOO_WEAK)
    assert "healthy: 52% to 98%" in found.sentence
    assert run.way_back([found]).change == "objective.penalty.weight=250"


def test_a_generator_whose_discriminator_no_longer_moves_draws_one_picture_again_and_again(train, at_rates):
    at_rates(lambda phase, batch: 0 if phase.name == "discriminator" and batch.progress > 0.4 else 12)
    run = train("digits-gan", 4000, **{"optimizer.learning_rate": 3e-3})
    found = trouble(run, Kind.MODE_COLLAPSE)
    assert found.since >= 0.4 * 4000
    assert run.way_back([found]).at < found.since


def test_a_divergence_that_weighs_too_much_leaves_nothing_in_the_code(train):
    run = train("digits-vae", 1280, sheets=4, **{"objective.beta": 100, "objective.adversary_weight": 0})
    found = trouble(run, Kind.POSTERIOR_COLLAPSE)
    assert "0% of the numbers in a code" in found.sentence
    assert run.way_back([found]).change == "objective.beta=1"


@pytest.mark.parametrize("preset", ["digits-gan", "digits-vae"])
def test_a_rate_of_next_to_nothing_improves_nothing(preset, train):
    run = train(preset, 960, **{"optimizer.learning_rate": 1e-12})
    found = trouble(run, Kind.NOT_IMPROVING)
    assert "at the start (healthy: falling)" in found.sentence
    assert run.way_back([found]).change == "optimizer.learning_rate=1e-11"
