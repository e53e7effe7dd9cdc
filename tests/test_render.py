import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import playground
from playground import PlaygroundError, Recipe, checkpoints
from playground.card import Card
from playground.models import Capability

ROOT = Path(__file__).resolve().parent.parent
SEEDS = list(range(64))


def test_a_seed_gives_the_same_picture_alone_and_in_a_batch(tiny_checkpoint):
    model = playground.load("tiny")
    together = model.sample(SEEDS)
    for seed in SEEDS:
        alone = model.sample([seed])[0]
        assert abs(alone.astype(int) - together[seed]).max() <= 1


def test_a_seed_gives_the_same_picture_after_a_restart(tiny_checkpoint):
    script = (
        "import playground, tests.conftest, sys; sys.stdout.buffer.write(playground.load('tiny').sample(range(64)))"
    )
    again = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT).stdout
    here = playground.load("tiny").sample(SEEDS)
    assert abs(np.frombuffer(again, dtype=np.uint8).reshape(here.shape).astype(int) - here).max() <= 1


def test_different_seeds_and_classes_give_different_pictures(tiny_checkpoint):
    model = playground.load("tiny")
    pictures = model.sample([1, 2, 2], classes=["0", "0", {"0": 0.5, "1": 0.5}])
    assert not np.array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[1], pictures[2])


def test_classes_take_turns_where_none_is_asked_for(tiny_checkpoint):
    model = playground.load("tiny")
    assert np.array_equal(model.sample([4]), model.sample([4], classes="1"))
    assert [recipe.classes for recipe in model.recipes([0, 5])] == [{"0": 1.0}, {"2": 1.0}]


def test_render_is_the_same_path_as_sample(tiny_checkpoint):
    recipe = Recipe(model="tiny", seeds=[(7, 1)], classes={"1": 0.5, "2": 0.5}, psi=0.7)
    sampled = playground.load("tiny").sample([7], classes={"1": 1.0, "2": 1.0}, psi=0.7)[0]
    assert np.array_equal(playground.render(recipe), sampled)
    assert np.array_equal(playground.render_all([recipe, recipe])[1], sampled)


def test_decode_takes_a_recipe_s_code(tiny_checkpoint):
    codes = np.array([[1.0, -1.0, 0.5, 2.0]])
    recipe = Recipe(model="tiny", code=codes[0].tolist(), classes={"0": 1})
    assert np.array_equal(playground.load("tiny").decode(codes, "0")[0], playground.render(recipe))


def test_encode_gives_the_encoder_s_codes(tiny_checkpoint, tiny):
    model = playground.load("tiny")
    pictures = model.sample([1, 2])
    codes = model.encode(pictures)
    assert codes.shape == (2, 4)
    assert codes.dtype == np.float32
    assert np.array_equal(codes, model.encode(pictures))


def test_a_model_opens_by_path_and_its_recipes_render(plain_checkpoint, monkeypatch):
    monkeypatch.delenv("PLAYGROUND_CHECKPOINTS")
    model = playground.load(plain_checkpoint)
    recipe = model.recipes([3])[0]
    assert np.array_equal(playground.render(recipe), model.sample([3])[0])


def test_a_replaced_checkpoint_is_loaded_anew(tiny_checkpoint, plain_checkpoint):
    first = playground.load("tiny")
    assert playground.load("tiny") is first
    file = tiny_checkpoint / "model.safetensors"
    file.write_bytes((plain_checkpoint / "model.safetensors").read_bytes())
    os.utime(file, ns=(1, 1))
    assert playground.load("tiny").class_names == ()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: playground.load("nobody"), "no checkpoint named 'nobody'"),
        (lambda: playground.load("tiny").sample([2**63]), "out of range"),
        (lambda: playground.load("tiny").sample([-1]), "out of range"),
        (lambda: playground.load("tiny").sample([0], classes="9"), "no class '9'"),
        (lambda: playground.load("tiny").sample([0, 1], classes=["0"]), "1 class choices for 2 pictures"),
        (lambda: playground.load("tiny").sample([0], psi=float("nan")), "finite"),
        (lambda: playground.load("plain").sample([0], classes="0"), "unconditional"),
        (lambda: playground.load("tiny").decode(np.full((1, 4), np.nan)), "NaN"),
        (lambda: playground.load("tiny").decode(np.zeros((1, 5))), r"\[batch, 4\]"),
        (lambda: playground.load("tiny").encode(np.zeros((1, 9, 8, 1), dtype=np.uint8)), r"\[batch, 8, 8, 1\]"),
        (lambda: playground.load("tiny").encode(np.zeros((1, 8, 8, 1))), "float64"),
        (lambda: playground.load("tiny").discriminate(np.zeros((1, 8, 8, 1), dtype=np.uint8)), "no discriminator"),
        (lambda: playground.render_all([]), "of one model"),
    ],
)
def test_bad_input_gets_one_sentence(tiny_checkpoint, plain_checkpoint, call, words):
    with pytest.raises(PlaygroundError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_the_largest_seed_works(tiny_checkpoint):
    assert playground.load("tiny").sample([2**63 - 1]).shape == (1, 8, 8, 1)


def test_no_seeds_give_no_pictures(tiny_checkpoint):
    assert playground.load("tiny").sample([]).shape == (0, 8, 8, 1)


def test_many_threads_get_the_same_pictures(tiny_checkpoint):
    expected = playground.load("tiny").sample(SEEDS)
    answers: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: answers.append(playground.load("tiny").sample(SEEDS))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert all(np.array_equal(answer, expected) for answer in answers)


def test_capabilities_say_what_a_model_can_do(tiny_checkpoint, plain_checkpoint):
    assert playground.load("tiny").capabilities == {Capability.CLASSES, Capability.ENCODE}
    assert playground.load("plain").capabilities == {Capability.ENCODE}


def test_the_cache_forgets_what_was_not_used_for_long(checkpoint_folder, tiny, monkeypatch):
    monkeypatch.setattr(sys.modules["playground.render"], "MAX_LOADED_MODELS", 8)
    for index in range(9):
        checkpoints.save(checkpoint_folder / f"m{index}", tiny, Card(title="m"))
    first = playground.load("m0")
    for index in range(1, 9):
        playground.load(f"m{index}")
    assert playground.load("m8") is playground.load("m8")
    assert playground.load("m0") is not first
