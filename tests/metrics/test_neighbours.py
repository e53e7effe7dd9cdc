from __future__ import annotations

import io

import numpy as np
import pytest
import torch
from PIL import Image

from playground import checkpoints
from playground.card import Card
from playground.errors import PlaygroundError
from playground.metrics import __main__ as command
from playground.metrics.digit_judge import DIGITS
from playground.metrics.neighbours import NUM_NEIGHBOURS, NUM_ROWS, neighbour_sheet, write_neighbours
from playground.metrics.reference import training_pictures
from playground.models import GenerativeModel, ModelConfig, families


class Copier(GenerativeModel):
    """Draws training digits and nothing else."""

    family = "copier-test"
    title = "Copier"

    def __init__(self, images: torch.Tensor) -> None:
        super().__init__(ModelConfig(latent_dim=2, image_size=32))
        self.images = images.float() / 127.5 - 1

    def decode(self, z, y=None):
        return self.images[: len(z)]


def test_a_copy_has_its_original_beside_it(small_mnist):
    training = training_pictures(DIGITS, small_mnist)
    sheet = neighbour_sheet(Copier(training.images), DIGITS, small_mnist)
    assert sheet.shape == (NUM_ROWS * 34 - 2, (NUM_NEIGHBOURS + 1) * 34 - 2, 1)
    for row in range(NUM_ROWS):
        cells = [sheet[34 * row : 34 * row + 32, 34 * column : 34 * column + 32] for column in range(3)]
        assert np.array_equal(cells[0], cells[1])
        assert not np.array_equal(cells[0], cells[2])


def test_the_command_writes_the_sheet_and_leaves_the_card(checkpoint_folder, small_mnist, tmp_path, capsys):
    model = families()["tiny-test"].build(ModelConfig(latent_dim=4, image_size=28)).eval()
    checkpoints.save(checkpoint_folder / "small", model, Card(title="Small", data="mnist, training part"))
    file = tmp_path / "sheet.png"
    assert command.main(["small", "--data-dir", str(small_mnist), "--neighbours", str(file)]) == 0
    assert Image.open(io.BytesIO(file.read_bytes())).size == (6 * 34 - 2, 12 * 34 - 2)
    assert checkpoints.describe("small").card.quality == {}
    assert command.main(["small", "--data-dir", str(small_mnist), "--neighbours", str(tmp_path / "sheet.jpg")]) == 2
    assert "call it sheet.png" in capsys.readouterr().err


def test_where_it_cannot_be_written_is_one_clear_sentence(small_mnist, tmp_path):
    model = Copier(training_pictures(DIGITS, small_mnist).images)
    with pytest.raises(PlaygroundError, match="cannot be written"):
        write_neighbours(model, DIGITS, tmp_path / "no such folder" / "sheet.png", small_mnist)
