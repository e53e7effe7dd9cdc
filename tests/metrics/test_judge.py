from __future__ import annotations

import os
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from playground.data import load_images
from playground.errors import PlaygroundError
from playground.metrics import digit_judge as module
from playground.metrics.digit_judge import DIGITS, JUDGE_FILE


def test_the_shipped_judge_is_small_and_says_what_it_is():
    assert JUDGE_FILE.stat().st_size <= 1_000_000
    with safe_open(JUDGE_FILE, framework="pt") as file:
        about = file.metadata()
    assert "MNIST" in about["data"]
    assert "CC BY-SA 3.0" in about["licence"]
    assert "playground.metrics.judge_training" in about["command"]
    assert float(about["test_accuracy"]) >= 0.993


def test_it_knows_digits_that_it_never_saw(digits):
    images, labels = digits
    assert DIGITS(images).classes.eq(labels).double().mean() > 0.9


@pytest.mark.skipif("PLAYGROUND_DATA" not in os.environ, reason="PLAYGROUND_DATA names no folder with MNIST")
def test_it_reaches_its_accuracy_on_mnist():
    held_out = load_images("mnist", "test", 32)
    assert DIGITS(held_out.images).classes.eq(held_out.labels).double().mean() >= 0.993


def test_the_verdict_does_not_depend_on_the_company(digits):
    together, alone = DIGITS(digits[0][:60]), DIGITS(digits[0][57:58])
    assert torch.allclose(together.features[57:58], alone.features, rtol=1e-4, atol=1e-4)
    assert together.features.shape == (60, module.FEATURE_DIM)
    assert together.features.dtype == torch.float64


def test_28_pixels_are_framed_with_black_and_32_stay():
    small = torch.full((1, 1, 28, 28), 9, dtype=torch.uint8)
    framed = DIGITS.at_own_size(small)
    assert torch.equal(framed[..., 2:-2, 2:-2], small)
    assert framed.sum() == small.sum()
    assert torch.equal(DIGITS.at_own_size(framed), framed)


@pytest.mark.parametrize("shape", [(1, 3, 32, 32), (1, 1, 64, 64), (1, 1, 28, 32)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(PlaygroundError, match="grey digits of 28x28 or 32x32"):
        DIGITS.at_own_size(torch.zeros(shape, dtype=torch.uint8))


@pytest.mark.parametrize("content", [None, b"", b"no weights at all"])
def test_a_missing_or_damaged_judge_is_one_clear_sentence(content, tmp_path: Path, monkeypatch):
    file = tmp_path / "digits.safetensors"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setattr(module, "JUDGE_FILE", file)
    with pytest.raises(PlaygroundError, match="missing or damaged: restore it"):
        module.load.__wrapped__()
