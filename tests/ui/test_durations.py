from __future__ import annotations

import pytest

from playground.ui.durations import in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0 s"),
        (-3, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (200, "3 min 20 s"),
        (3599.7, "1 h"),
        (7500, "2 h 5 min"),
        (86_400, "1 day"),
        (3 * 86_400 + 4 * 3600, "3 days 4 h"),
    ],
)
def test_times_as_one_says_them(seconds, words):
    assert in_words(seconds) == words
