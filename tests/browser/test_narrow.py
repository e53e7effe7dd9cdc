"""Pages in a narrow window: nothing is cut off at its edge."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import torch

from playground import checkpoints
from playground.card import Card
from playground.models import family
from playground.training.fit import settle

pytestmark = pytest.mark.browser
LARGE = {"image_size": 64, "generator_channels": (16, 8, 8, 8, 8), "discriminator_channels": (8,)}


@pytest.fixture
def large_pictures(own_checkpoints: Path):
    """The name of a model whose pictures cannot stand six in a row on a telephone, however small they are shown."""
    torch.manual_seed(0)
    model = family("style-gan").build(LARGE).eval()
    settle(model)
    folder = checkpoints.save(own_checkpoints / "test-large", model, Card(title="Untrained, 64 pixels"))
    yield folder.name
    shutil.rmtree(folder)


def test_a_sheet_takes_fewer_columns_where_six_do_not_fit(visitor, large_pictures):
    visitor.tab.set_viewport_size({"width": 390, "height": 900})
    visitor.open("sample", f"?model={large_pictures}")
    sheet = visitor.sheet(f"pictures of {large_pictures}")
    sheet.locator("img").nth(35).scroll_into_view_if_needed()
    columns = sheet.evaluate("sheet => getComputedStyle(sheet).gridTemplateColumns.split(' ').length")
    hidden = sheet.evaluate("sheet => sheet.parentElement.scrollWidth - sheet.parentElement.clientWidth")
    assert (columns, hidden) == (5, 0)
