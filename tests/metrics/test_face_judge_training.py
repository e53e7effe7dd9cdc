from __future__ import annotations

import pytest
import torch
from safetensors import safe_open

from playground.errors import PlaygroundError
from playground.metrics import face_judge_training as module
from playground.metrics.face_judge_training import Faces
from playground.metrics.face_networks import AGE_DEVIATION, MEAN_AGE, AgeClassifier, FaceFeatures, guess_ages
from playground.metrics.network_file import read_network
from tests.metrics.drawn_faces import drawn_faces


def faces(count: int, seed: int) -> Faces:
    """Drawn faces that darken with age."""
    images = drawn_faces(count, seed)
    groups = torch.arange(count) % 4
    darker = (images * (1 - 0.2 * groups)[:, None, None, None]).to(torch.uint8)
    age = (groups - 1.5) / 1.1
    return Faces(darker, groups, torch.stack([age, torch.zeros(count), -age], 1).float())


def test_moving_shifts_and_mirrors_and_keeps_every_colour():
    images = drawn_faces(40, 0)
    moved = module.moved(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    assert not torch.equal(moved, images)
    assert moved.float().mean((1, 2, 3)).sub(images.float().mean((1, 2, 3))).abs().max() < 12
    same = [torch.equal(a[:, 3:-3, 3:-3], b[:, 3:-3, 3:-3]) for a, b in zip(moved, images, strict=True)]
    assert sum(same) < 10


def test_half_of_the_pictures_are_damaged_and_told_so():
    images = drawn_faces(200, 0)
    found, told = module.damaged(images, torch.Generator().manual_seed(0))
    is_damaged = told.any(1)
    assert 70 < is_damaged.sum() < 130
    assert torch.equal(found[~is_damaged], images[~is_damaged])
    assert (told > 0).sum(1).max() == 1
    assert (told > 0).any(0).all()
    changed = (found != images).flatten(1).any(1)
    assert changed[is_damaged].double().mean() > 0.9


def test_training_learns_ages_and_what_is_saved_can_be_loaded(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "BATCH_SIZE", 32)
    seen, held_out = faces(480, 0), faces(80, 1)
    network = module.train_ages(seen, 0, num_epochs=4)
    groups, years = guess_ages(network, held_out.images)
    assert (groups == held_out.groups).double().mean() > 0.5
    known = MEAN_AGE + AGE_DEVIATION * held_out.targets[:, 0]
    assert torch.corrcoef(torch.stack([years, known]))[0, 1] > 0.5
    assert "epoch 4/4" in capsys.readouterr().out

    file = tmp_path / "ages.safetensors"
    module.write_network(network, file, {"data": "drawn"})
    with safe_open(file, framework="pt") as opened:
        assert opened.metadata() == {"data": "drawn"}
    again = read_network(AgeClassifier(), file, "no command")
    assert torch.allclose(guess_ages(again, held_out.images)[1], years, atol=1)
    assert [*tmp_path.iterdir()] == [file]


def test_features_are_of_one_scale_and_see_damage(monkeypatch):
    monkeypatch.setattr(module, "BATCH_SIZE", 32)
    seen = faces(320, 0)
    network = module.train_features(seen, 0, num_epochs=1)
    assert isinstance(network, FaceFeatures)
    with torch.inference_mode():
        features = network(module.face_levels(seen.images))
    assert features.shape == (320, 64)
    assert features.isfinite().all()


def test_without_the_faces_it_is_one_clear_sentence(tmp_path, capsys):
    assert module.main(["--data-dir", str(tmp_path), "--out", str(tmp_path)]) == 2
    assert "The faces are not in" in capsys.readouterr().err


def test_a_judge_that_is_not_good_enough_is_not_saved(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "load_faces", lambda data_dir: (faces(8, 0), faces(8, 1)))
    monkeypatch.setattr(module, "train_features", lambda seen, seed: FaceFeatures().eval())
    monkeypatch.setattr(module, "train_ages", lambda seen, seed: AgeClassifier().eval())
    monkeypatch.setattr(module, "MIN_BALANCED_ACCURACY", 1.01)
    assert module.main(["--out", str(tmp_path)]) == 2
    assert "try another seed" in capsys.readouterr().err
    assert [*tmp_path.iterdir()] == []


def test_where_it_cannot_be_written_is_one_clear_sentence(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PlaygroundError, match="cannot be written"):
        module.write_network(AgeClassifier(), tmp_path / "file" / "ages.safetensors", {})
