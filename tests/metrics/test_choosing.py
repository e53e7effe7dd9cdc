from __future__ import annotations

import pytest

from playground import checkpoints
from playground.card import Card
from playground.errors import PlaygroundError
from playground.metrics.choosing import judge_of, judge_of_data
from playground.metrics.digit_judge import DIGITS
from playground.metrics.face_judge import FACES


@pytest.mark.parametrize(
    ("line", "judge"),
    [
        ("mnist, training part, at 32 pixels", DIGITS),
        ("digits8, training part, at 32 pixels", DIGITS),
        ("faces, training part, at 64 pixels", FACES),
        ("faces, all of it, at 64 pixels", None),  # a person's own folder of that name
        ("my-cats.zip, all of it, at 64 pixels", None),
        ("", None),
    ],
)
def test_the_judge_follows_from_what_the_card_says_of_the_data(line, judge):
    assert judge_of_data(line) is judge


def test_other_data_is_one_clear_sentence(checkpoint_folder, tiny):
    path = checkpoints.save(checkpoint_folder / "cats", tiny, Card(title="Cats", data="cats.zip, all of it"))
    with pytest.raises(
        PlaygroundError, match=r"cats cannot be measured.*cats\.zip.*digits \(mnist, digits8\) and faces"
    ):
        judge_of(checkpoints.load(path))


def test_a_model_of_faces_must_draw_what_the_judge_sees(checkpoint_folder, tiny):
    card = Card(title="Small faces", data="faces, training part, at 8 pixels")
    path = checkpoints.save(checkpoint_folder / "small-faces", tiny, card)
    with pytest.raises(PlaygroundError, match="Only models of faces at 64x64 in colour"):
        judge_of(checkpoints.load(path))
