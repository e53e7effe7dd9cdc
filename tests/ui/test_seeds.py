from __future__ import annotations

import pytest

from playground import PlaygroundError
from playground.recipe import MAX_SEED
from playground.ui.seeds import following, parse_seeds


@pytest.mark.parametrize(
    ("text", "seeds"),
    [
        ("7", [7]),
        (" 7 ", [7]),
        ("0-3", [0, 1, 2, 3]),
        ("0 - 3", [0, 1, 2, 3]),
        ("5..6", [5, 6]),
        ("3, 5, 9\N{EN DASH}10", [3, 5, 9, 10]),
        ("3 5;9", [3, 5, 9]),
        ("9, 3", [9, 3]),
        (str(MAX_SEED), [MAX_SEED]),
    ],
)
def test_reads_what_people_type(text, seeds):
    assert parse_seeds(text) == seeds


@pytest.mark.parametrize(
    "text", ["", ",", "x", "1.5", "-1", "3-1", str(MAX_SEED + 1), "0-9999999999", "1-", "1e3", "0x10"]
)
def test_says_what_is_wrong(text):
    with pytest.raises(PlaygroundError):
        parse_seeds(text)


def test_the_last_seed_has_none_after_it():
    assert following(5, 3) == [5, 6, 7]
    assert following(MAX_SEED - 1, 9) == [MAX_SEED - 1, MAX_SEED]
