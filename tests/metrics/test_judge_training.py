from __future__ import annotations

import pytest
import torch
from safetensors import safe_open

from playground.metrics import digit_judge as judge_module
from playground.metrics import judge_training as module


def test_augmentation_moves_pictures_a_little_and_never_lights_the_frame(digits):
    images = digits[0][:50].float() / 127.5 - 1
    moved = module.augment(images, torch.Generator().manual_seed(0))
    assert moved.shape == images.shape
    assert not torch.allclose(moved, images)
    assert moved.min() >= -1 and moved.max() <= 1
    assert torch.allclose(moved.mean(), images.mean(), atol=0.05)


def test_training_learns_and_what_is_saved_can_be_loaded(digits, tmp_path, monkeypatch, capsys):
    images, labels = digits[0][:400], digits[1][:400]
    monkeypatch.setattr(module, "BATCH_SIZE", 40)
    untrained = module.accuracy(module.DigitNetwork().eval(), images, labels)
    trained = module.train(images, labels, num_epochs=2)
    reached = module.accuracy(trained, images, labels)
    assert reached > untrained + 0.2
    assert "epoch 2/2" in capsys.readouterr().out

    file = tmp_path / "judge.safetensors"
    module.write_network(trained, file, {"data": "digits"})
    with safe_open(file, framework="pt") as opened:
        assert opened.metadata() == {"data": "digits"}
    monkeypatch.setattr(judge_module, "JUDGE_FILE", file)
    again = judge_module.load.__wrapped__()
    assert module.accuracy(again, images, labels) == pytest.approx(reached, abs=0.01)
    assert [*tmp_path.iterdir()] == [file]


def test_a_judge_that_is_not_good_enough_is_not_saved(small_mnist, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(module, "train", lambda images, labels, seed: module.DigitNetwork().eval())
    file = tmp_path / "judge.safetensors"
    assert module.main(["--data-dir", str(small_mnist), "--out", str(file)]) == 2
    assert "99.3% are needed" in capsys.readouterr().err
    assert not file.exists()
