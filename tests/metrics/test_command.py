from __future__ import annotations

import json

import pytest

from playground import checkpoints
from playground.card import Card
from playground.metrics import __main__ as command
from playground.metrics import table
from playground.models import ModelConfig, families

MNIST = "mnist, training part, at 28 pixels"


@pytest.fixture
def digit_checkpoint(checkpoint_folder):
    """An untrained checkpoint of digits at 28 pixels, of the tests' tiny family."""
    config = ModelConfig(latent_dim=4, image_size=28, class_names=tuple("0123456789"))
    model = families()["tiny-test"].build(config).eval()
    return checkpoints.save(
        checkpoint_folder / "small-digits", model, Card(title="Small", data=MNIST, quality={"old": 1.0})
    )


def test_measuring_prints_the_floor_beside_and_writes_the_card(digit_checkpoint, small_mnist, capsys):
    before = checkpoints.describe("small-digits").fingerprint
    assert command.main(["small-digits", "--data-dir", str(small_mnist), "--num-samples", "120"]) == 0
    printed = capsys.readouterr().out
    found = checkpoints.describe("small-digits")
    quality = found.card.quality
    assert found.fingerprint == before
    assert found.card.title == "Small"
    assert "old" not in quality
    assert quality["num_samples"] == 120
    assert quality["frechet_distance"] > 3 * quality["frechet_distance_floor"] > 0
    assert quality["class_accuracy"] < 0.5 < quality["class_accuracy_floor"]
    assert quality.keys() >= {"recall_floor", "classifier_score_floor", "reconstruction_distance"}
    row = next(line for line in printed.splitlines() if line.startswith("frechet distance"))
    assert f"{quality['frechet_distance']:.6g}" in row
    assert f"{quality['frechet_distance_floor']:.6g}" in row


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["no-such-model"], "There is no checkpoint named 'no-such-model'"),
        (["small-digits", "--num-samples", "99"], "99 samples are too few"),
        (["small-digits", "--num-samples", "151"], "has 150 images, 151 were asked for"),
        (["tiny"], "it was trained on data that no judge knows"),
        (["wrong-size"], "Only models of grey digits"),
    ],
)
def test_what_cannot_be_measured_is_one_clear_sentence(
    arguments, sentence, digit_checkpoint, tiny, tiny_checkpoint, small_mnist, capsys
):
    checkpoints.save(tiny_checkpoint.with_name("wrong-size"), tiny, Card(title="Eight pixels", data=MNIST))
    assert command.main([*arguments, "--data-dir", str(small_mnist)]) == 2
    printed = capsys.readouterr()
    assert sentence in printed.err
    assert len(printed.err.splitlines()) == 1
    assert printed.out == ""
    assert checkpoints.describe("small-digits").card.quality == {"old": 1.0}


@pytest.mark.parametrize("arguments", [[], ["--table", "small-digits"]])
def test_either_names_or_the_table(arguments):
    with pytest.raises(SystemExit) as stopped:
        command.main(arguments)
    assert stopped.value.code == 2


def test_the_table_has_floor_checkpoints_and_tutorials(checkpoint_folder, tiny, tmp_path, monkeypatch, capsys):
    quality = {
        "frechet_distance": 0.5,
        "frechet_distance_normal": 2.0,
        "recall": 0.81,
        "recall_normal": 0.5,
        "class_accuracy": 0.991,
        "reconstruction_distance": 0.3,
        "reconstruction_error": 12.34,
        "evidence_bound_nats": -600.4,
    }
    checkpoints.save(checkpoint_folder / "a-digits", tiny, Card(title="A", data=MNIST, quality=quality))
    checkpoints.save(checkpoint_folder / "unmeasured", tiny, Card(title="B"))
    results = tmp_path / "quality.json"
    tutorial = {
        "title": "A tutorial",
        "quality": {"frechet_distance": 20.0},
        "quality_mixture": {"frechet_distance": 5.0},
    }
    results.write_text(json.dumps({"floor": {"frechet_distance": 0.1}, "tutorials": {"x": tutorial}}))
    monkeypatch.setattr(table, "RESULTS", results)
    monkeypatch.setattr(checkpoints, "folders", lambda: [checkpoint_folder])

    assert command.main(["--table"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len({line.count("|") for line in lines if "Real training" in line or "tutorial" in line}) == 1
    cells = {line.split(" | ")[0].removeprefix("| "): line.split(" | ")[1:] for line in lines[:8]}
    assert cells["*Real training digits: the floor*"][:2] == ["0.1", "1.0"]
    assert cells["`a-digits`"][:5] == ["0.5", "5.0", "–", "0.81", "99.1 %"]
    assert cells["`a-digits`, from N(0, I)"][:4] == ["2", "20.0", "–", "0.50"]
    assert cells["A tutorial"][:2] == ["20", "200.0"]
    assert cells["A tutorial, from a mixture"][:2] == ["5", "50.0"]
    assert "| `a-digits` | 0.3 | 3.0 | 12.3 | -600 |" in lines
    assert not any("unmeasured" in line for line in lines)
