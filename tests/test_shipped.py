"""What is said of the shipped checkpoints is so."""

from pathlib import Path

import pytest

import playground
from playground import checkpoints

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = sorted(folder.name for folder in (ROOT / "checkpoints").iterdir() if folder.is_dir())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_checkpoint_is_whole_and_tells_where_it_comes_from(name):
    card = checkpoints.load(ROOT / "checkpoints" / name).card
    assert card.preset == name
    assert f"--preset {name}" in card.command
    assert card.images_seen > 0
    assert card.training_seconds > 0
    assert card.machine
    assert card.data
    assert card.licence
    assert card.weaknesses
    if "faces" in card.data:
        assert "non-commercial" in card.licence
    assert card.quality["frechet_distance"] > card.quality["frechet_distance_floor"] > 0
    assert (ROOT / "checkpoints" / name / checkpoints.CARD).read_text(encoding="utf-8") == card.to_markdown()
    assert (ROOT / "checkpoints" / name / checkpoints.PREVIEW).stat().st_size > 0


@pytest.mark.parametrize(("what", "most"), [("digits", 12_000_000), ("faces", 20_000_000)])
def test_the_shipped_checkpoints_together_stay_small(what, most):
    files = [file for file in (ROOT / "checkpoints").glob(f"{what}-*/*") if not file.name.startswith("generator-")]
    assert 0 < sum(file.stat().st_size for file in files) <= most


@pytest.mark.parametrize("name", SHIPPED)
def test_a_seed_gives_the_same_picture_alone_and_in_a_batch(name):
    model = playground.load(ROOT / "checkpoints" / name)
    together = model.sample(range(64))
    for seed in range(0, 64, 7):
        assert abs(model.sample([seed])[0].astype(int) - together[seed]).max() <= 1
