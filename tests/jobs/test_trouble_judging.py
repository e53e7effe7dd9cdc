"""What the detectors say of measurements that were written by hand."""

import json
import math
import random

import pytest

from playground.jobs.__main__ import main
from playground.jobs.going_back import WayBack, best_before, remedy
from playground.jobs.metrics import Metrics
from playground.jobs.runs import Run
from playground.jobs.trend import falls
from playground.jobs.troubles import Kind, Trouble, find_troubles

TOTAL = 100_000
CONFIG = {"total_images": TOTAL}


def measured(tmp_path, **columns):
    """Metrics of these columns, a line every 1,000 images; None is not measured."""
    lines = []
    for number, values in enumerate(zip(*columns.values(), strict=True), start=1):
        named = {name.replace("_", "/", 1): value for name, value in zip(columns, values, strict=True)}
        lines.append(
            {"images_seen": 1000 * number, **{name: value for name, value in named.items() if value is not None}}
        )
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    metrics = Metrics(tmp_path / "metrics.jsonl")
    metrics.read_new()
    return metrics


def kinds(metrics, config=CONFIG):
    return [trouble.kind for trouble in find_troubles(metrics, config)]


@pytest.mark.parametrize(
    ("accuracies", "expected"),
    [
        ([0.9] * 20 + [0.99] * 10, []),  # for 9 % of the run
        ([0.9] * 20 + [0.999] * 20, [Kind.TOO_STRONG]),
        ([0.999] * 20 + [0.9] * 10, []),  # it has passed
        ([0.9] * 20 + [0.999] * 15 + [0.97] + [0.999] * 4, [Kind.TOO_STRONG]),  # one line decides nothing
        ([0.8] * 20 + [0.5] * 20, [Kind.TOO_WEAK]),
        ([0.8] * 20 + [0.53] * 20, []),
        ([None] * 20 + [0.999] * 20, [Kind.TOO_STRONG]),  # measured only from there on
    ],
)
def test_a_discriminator_is_judged_over_a_stretch(accuracies, expected, tmp_path):
    metrics = measured(tmp_path, discriminator_accuracy=accuracies)
    assert kinds(metrics) == expected
    if expected == [Kind.TOO_STRONG]:
        assert find_troubles(metrics, CONFIG)[0].since == 21_000


def test_an_adversary_may_guess_and_may_not_always_be_right(tmp_path):
    assert kinds(measured(tmp_path, adversary_accuracy=[0.5] * 40)) == []
    [found] = find_troubles(measured(tmp_path, adversary_accuracy=[0.999] * 40), CONFIG)
    assert found.sentence.startswith("The adversary is right in 99.9% of cases since 1,000 images")


def sheets(*diversities):
    """A sheet every fifth line."""
    return [diversities[line // 5] if line % 5 == 4 else None for line in range(5 * len(diversities))]


@pytest.mark.parametrize(
    ("diversities", "since"),
    [
        ((0.1, 0.1, 0.1), None),  # at 15 % of the run it has not begun to draw
        ((0.1, 0.1, 0.1, 0.1, 0.1, 0.1), 25_000),
        ((0.3, 0.6, 0.9, 0.9, 0.9), None),
        ((0.6, 0.9, 0.9, 0.9, 0.4), None),  # one sheet
        ((0.6, 0.9, 0.5, 0.5), 15_000),
        ((0.6, 0.9, 0.56, 0.56), None),
    ],
)
def test_diversity_is_judged_late_or_where_it_was_lost(diversities, since, tmp_path):
    values = sheets(*diversities)
    metrics = measured(tmp_path, samples_diversity=values, generator_loss=[1.0] * len(values))
    found = find_troubles(metrics, CONFIG)
    assert [trouble.since for trouble in found] == ([since] if since else [])
    autoencoder = measured(
        tmp_path, samples_diversity=values, autoencoder_loss=[100.0 - line for line in range(len(values))]
    )
    assert kinds(autoencoder) == []


@pytest.mark.parametrize(
    ("distances", "stuck"),
    [
        ([1.0] * 7, False),  # too few to say
        ([1.0] * 12, True),
        ([0.5, 0.7, 0.4, 0.6, 0.5, 0.7, 0.4, 0.6, 0.5, 0.6], True),
        ([1.0 - 0.01 * number for number in range(12)], False),  # slowly, but it falls
        ([1.0, 0.5, *[0.3] * 10], False),  # it has, and is as good as it gets
        ([0.02] * 12, False),  # near enough
        ([1.0, 0.5, 0.7, 0.9, *[1.0] * 8], True),  # lost again
    ],
)
def test_nothing_improves_only_where_nothing_is_better_than_at_the_start(distances, stuck, tmp_path):
    metrics = measured(tmp_path, samples_distance=sheets(*distances))
    assert kinds(metrics, {"total_images": 5000 * len(distances)}) == ([Kind.NOT_IMPROVING] if stuck else [])


def test_a_loss_that_falls_is_something(tmp_path):
    losses = [1000.0 - line for line in range(60)]
    metrics = measured(tmp_path, samples_distance=sheets(*[1.0] * 12), autoencoder_loss=losses)
    assert kinds(metrics) == []


def test_a_loss_that_was_never_measured_is_not_one_that_is_no_number(tmp_path):
    assert kinds(measured(tmp_path, adversary_loss=[None, 1.0, None])) == []
    [found] = find_troubles(measured(tmp_path, adversary_loss=[None, 1.0, math.nan]), CONFIG)
    assert (found.kind, found.since) == (Kind.NO_NUMBER, 3000)
    assert kinds(measured(tmp_path, adversary_loss=[1.0, math.inf])) == [Kind.NO_NUMBER]


def test_noise_seldom_falls_and_a_fall_in_noise_is_seen():
    noise = random.Random(0)
    assert sum(falls([noise.random() for _ in range(20)]) for _ in range(400)) < 30  # 20 of them are to be expected
    assert all(falls([noise.gauss(0, 1) - 0.3 * number for number in range(20)]) for _ in range(50))
    assert not falls([1.0] * 20)
    assert not falls([float(number) for number in range(20)])


@pytest.mark.parametrize("config", [{}, {"total_images": "many"}, {"objective": 3, "optimizer": [], "model": None}])
def test_a_damaged_config_leaves_evidence_and_a_way(config, tmp_path):
    metrics = measured(tmp_path, discriminator_accuracy=[0.999] * 40)
    [found] = find_troubles(metrics, config)
    assert remedy(found, config) == "optimizer.learning_rate=0.0005"
    assert find_troubles(measured(tmp_path), config) == []


def test_the_best_snapshot_is_that_of_the_least_distance_before_the_trouble(tmp_path):
    metrics = measured(tmp_path, samples_distance=sheets(0.9, 0.2, 0.4, 0.1))
    states = [5_000, 10_000, 15_000, 20_000]
    assert best_before(states, metrics, since=20_000) == 10_000
    assert best_before(states, metrics, since=25_000) == 20_000
    assert best_before(states, metrics, since=5_000) is None
    assert best_before(states, measured(tmp_path, generator_loss=[1.0]), since=20_000) == 15_000


@pytest.mark.parametrize(
    ("kind", "objective", "change"),
    [
        (Kind.TOO_STRONG, {"penalty": {"weight": 0.3}}, "objective.penalty.weight=0.6"),
        (Kind.MODE_COLLAPSE, {"penalty": {"weight": 0}}, "objective.penalty.weight=0.5"),
        (Kind.TOO_WEAK, {"penalty": {"weight": 2.0}}, "objective.penalty.weight=0.5"),
        (Kind.TOO_STRONG, {"kind": "classic"}, "optimizer.learning_rate=0.0001"),
        (Kind.POSTERIOR_COLLAPSE, {"beta": 0.8}, "objective.beta=0.4"),
        (Kind.NO_NUMBER, {"beta": 0.8}, "optimizer.learning_rate=0.0001"),
    ],
)
def test_each_trouble_has_a_remedy(kind, objective, change):
    assert remedy(Trouble(kind, "", 0), {"objective": objective, "optimizer": {"learning_rate": 2e-4}}) == change


def test_the_command_line_says_what_goes_wrong_and_how_to_go_back(idle, monkeypatch, capsys):
    monkeypatch.setattr("playground.jobs.__main__.Queue", lambda: idle)
    job = idle.submit("digits-gan", ["seed=3"], name="mine")
    job.run_dir.mkdir()
    (job.run_dir / "config.json").write_text(json.dumps({**CONFIG, "objective": {"penalty": {"weight": 1}}}))
    measured(job.run_dir, discriminator_accuracy=[0.9] * 10 + [0.999] * 40)
    assert main(["list"]) == 0
    *_, evidence, way = capsys.readouterr().out.splitlines()
    assert "The discriminator is right in 99.9% of cases since 11,000 images" in evidence
    assert way.endswith("jobs submit digits-gan --set seed=3 --set objective.penalty.weight=2")
    snapshot = job.run_dir / "snapshots" / "000010000"
    snapshot.mkdir(parents=True)
    for name in ("model.safetensors", "state.pt"):
        (snapshot / name).touch()
    run = Run(job.run_dir)
    assert run.way_back(run.troubles()) == WayBack(10_000, "objective.penalty.weight=2")
    assert main(["list"]) == 0
    assert capsys.readouterr().out.strip().endswith("branch mine --at 10000 --set objective.penalty.weight=2")
