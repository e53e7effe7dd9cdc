"""The judge of faces orders known damage: on drawn faces always, on real ones where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from benchmarks.face_judge import DAMAGES, copying_rows
from playground.data.faces import FILE
from playground.errors import PlaygroundError
from playground.metrics import face_judge as module
from playground.metrics.class_accuracy import balanced_accuracy
from playground.metrics.damage import bent, blurred, compressed, noisy
from playground.metrics.face_judge import AGES_FILE, FACES, FEATURES_FILE, copying_figures
from playground.metrics.frechet import frechet_distance
from playground.metrics.judge import Reference
from playground.metrics.kernel import kernel_distance
from playground.metrics.measure import measure
from playground.metrics.nearest import nearest_either_way
from playground.metrics.reference import distance_to, real_pictures, training_pictures
from playground.metrics.samples import measure_samples
from playground.models import GenerativeModel, ModelConfig
from tests.metrics.drawn_faces import drawn_faces

HAS_FACES = (Path(os.environ.get("PLAYGROUND_DATA") or "nowhere") / FILE).is_file()
needs_faces = pytest.mark.skipif(not HAS_FACES, reason=f"PLAYGROUND_DATA names no folder with {FILE}")


def reference(images: torch.Tensor, labels: torch.Tensor | None = None) -> Reference:
    labels = torch.arange(len(images)) % 4 if labels is None else labels
    return Reference(FACES, images, labels, FACES(images))


@pytest.fixture(scope="module")
def drawn() -> tuple[torch.Tensor, Reference]:
    """120 drawn faces to damage, and 120 others to compare them with."""
    return drawn_faces(120, 0), reference(drawn_faces(120, 1))


@pytest.mark.parametrize(("file", "limit"), [(FEATURES_FILE, 1_000_000), (AGES_FILE, 500_000)])
def test_the_shipped_networks_are_small_and_say_what_they_are(file, limit):
    assert file.stat().st_size <= limit
    with safe_open(file, framework="pt") as opened:
        about = opened.metadata()
    assert "UTKFace" in about["data"]
    assert "training part" in about["data"]
    assert "non-commercial" in about["licence"]
    assert "playground.metrics.face_judge_training" in about["command"]


@pytest.mark.parametrize(
    ("damage", "strengths"),
    [
        (blurred, (0, 0.7, 1.2, 2)),
        (lambda images, strength: noisy(images, strength, torch.Generator().manual_seed(0)), (0, 6, 12, 25)),
        (compressed, (0, 80, 92, 96)),
        (lambda images, strength: bent(images, strength, torch.Generator().manual_seed(0)), (0, 1.5, 3, 5)),
    ],
    ids=["blur", "noise", "JPEG", "bent"],
)
def test_the_distances_grow_with_damage_to_drawn_faces(damage, strengths, drawn):
    images, held_out = drawn
    features = [FACES(damage(images, torch.full((120,), float(strength)))).features for strength in strengths]
    frechet, kernel = (
        [distance(each, held_out.verdict.features) for each in features]
        for distance in (frechet_distance, kernel_distance)
    )
    assert frechet == sorted(frechet)
    assert frechet[-1] > 1.5 * frechet[0]
    assert kernel == sorted(kernel)
    assert kernel[-1] > 0


def test_every_figure_of_faces_is_measured(drawn):
    images, held_out = drawn
    plain = measure_samples(images, None, held_out)
    expected = {"frechet_distance", "kernel_distance", "precision", "recall", "high_frequency_ratio"}
    assert plain.keys() == expected
    told = measure_samples(images, held_out.labels, held_out)
    assert told.keys() == expected | {"class_accuracy", "class_accuracy_above_chance_ratio"}
    assert plain["high_frequency_ratio"] == pytest.approx(1, abs=0.2)


def test_copies_are_found_mirrored_ones_too(drawn):
    images, held_out = drawn
    training = drawn_faces(240, 3)
    seen = FACES(training).features
    honest = copying_figures(images, held_out, seen)
    copied = copying_figures(training[:120].flip(3), held_out, seen)
    assert copied["near_copies"] > 0.95
    assert honest["near_copies"] < 0.1
    assert copied["copying_score"] < -5 < honest["copying_score"]
    distances = nearest_either_way(FACES, training[:5].flip(3), FACES(training[:5].flip(3)).features, seen)
    assert distances.max() < 1e-2


class Ageless(GenerativeModel):
    """Draws the same faces whatever the class."""

    family = "ageless-test"
    title = "Ageless"

    def __init__(self, images: torch.Tensor) -> None:
        config = ModelConfig(latent_dim=2, image_size=64, image_channels=3, class_names=FACES.class_names)
        super().__init__(config)
        self.images = images.float() / 127.5 - 1

    def decode(self, z, y=None):
        return self.images[z[:, 0].mul(1e4).long().abs() % len(self.images)]


def test_a_model_that_heeds_no_age_does_not_rise(drawn, monkeypatch):
    images, held_out = drawn
    monkeypatch.setattr(module, "training_pictures", lambda judge, data_dir: reference(drawn_faces(100, 3)))
    monkeypatch.setattr(module.blended_ages, "__defaults__", (8,))
    figures = measure(Ageless(images), held_out.labels, held_out)
    ages = [value for name, value in figures.items() if name.startswith("mean_age_at_blend")]
    assert len(ages) == 7
    assert max(ages) == pytest.approx(min(ages))
    assert figures["mean_age_rises"] == 0
    assert figures["class_accuracy"] < 0.5
    assert {"near_copies", "copying_score"} <= figures.keys()


def test_chance_is_one_in_the_number_of_classes_however_many_pictures_each_has():
    asked = torch.tensor([0] * 90 + [1] * 10)
    assert balanced_accuracy(torch.zeros(100).long(), asked) == 0.5
    assert balanced_accuracy(asked, asked) == 1
    assert balanced_accuracy(torch.tensor([0] * 90 + [0] * 5 + [1] * 5), asked) == 0.75
    with pytest.raises(PlaygroundError, match="at least one picture"):
        balanced_accuracy(asked[:0], asked[:0])


@pytest.mark.parametrize("shape", [(1, 3, 32, 32), (1, 1, 64, 64)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(PlaygroundError, match="faces of 64x64 pixels in colour"):
        FACES(torch.zeros(shape, dtype=torch.uint8))


@pytest.mark.parametrize("name", ["FEATURES_FILE", "AGES_FILE"])
def test_a_missing_network_is_one_clear_sentence(name, tmp_path, monkeypatch):
    monkeypatch.setattr(module, name, tmp_path / "missing.safetensors")
    load = module.load_features if name == "FEATURES_FILE" else module.load_ages
    with pytest.raises(PlaygroundError, match="missing or damaged: restore it"):
        load.__wrapped__()


@pytest.fixture(scope="module")
def real_faces() -> tuple[Reference, Reference]:
    """400 training faces and 400 held-out ones."""
    training = training_pictures(FACES)
    return training.part(0, 1600), real_pictures(FACES, "test", 400)


@needs_faces
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)
def test_the_distance_grows_with_damage_to_real_faces(damage, real_faces):
    training, held_out = real_faces
    floor = distance_to(held_out, training.images[:400])
    found = [distance_to(held_out, damage.do(training, 400, strength)) for strength in damage.strengths]
    assert floor < found[0] < found[1] < found[2]


@needs_faces
def test_ages_are_seen_in_held_out_faces():
    held_out = real_pictures(FACES, "test")
    assert balanced_accuracy(held_out.verdict.classes, held_out.labels) > 0.5


@needs_faces
def test_copies_of_real_faces_are_found():
    rows = [figures for _, _, figures in copying_rows(None)]
    assert [row["near_copies"] for row in rows] == sorted(row["near_copies"] for row in rows)
    scores = [row["copying_score"] for row in rows]
    assert scores == sorted(scores, reverse=True)
    assert rows[0]["near_copies"] < 0.03
    assert rows[-1]["near_copies"] > 0.8
