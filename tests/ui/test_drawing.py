from __future__ import annotations

import base64

import pytest

from playground import PlaygroundError
from playground.ui.drawing import MAX_DRAWING_LENGTH, decode_drawing

PREFIX = "data:image/png;base64,"


def test_takes_the_file_out_of_its_address():
    assert decode_drawing(PREFIX + base64.b64encode(b"a file").decode()) == b"a file"


@pytest.mark.parametrize(
    "sent", ["", "data:image/jpeg;base64,AAAA", PREFIX + "%%%", PREFIX + "A" * MAX_DRAWING_LENGTH, 7, None, ["x"]]
)
def test_anything_else_is_said(sent):
    with pytest.raises(PlaygroundError, match="draw again"):
        decode_drawing(sent)
