"""Which pictures are kept back from training, to measure with."""

import pytest
from drawn_pictures import noise, zip_of

from playground.data import load_images, prepare

pytestmark = pytest.mark.usefixtures("own_cache")


def test_of_many_pictures_a_tenth_is_held_out_and_copies_never_lie_in_both_parts(tmp_path):
    files = {f"many/{seed}.png": noise(seed, 4) for seed in range(1000)}
    files |= {f"many/copy of {seed}.png": noise(seed, 4) for seed in range(100)}
    files |= {f"few/{seed}.png": noise(2000 + seed, 4) for seed in range(100)}
    path = str(zip_of(tmp_path / "pets.zip", files))
    parts = {split: load_images(path, split, 4) for split in ("train", "test")}
    rows = {split: {bytes(picture.numpy().data) for picture in part.images} for split, part in parts.items()}
    assert not rows["train"] & rows["test"]
    assert len(rows["train"] | rows["test"]) == 1100
    assert 80 < len(rows["test"]) < 120
    assert parts["test"].labels.unique().tolist() == [1]  # of the class with few none is spared
    report = prepare(tmp_path / "pets.zip", 4).report
    assert report.num_held_out == len(parts["test"]) == 1200 - len(parts["train"])
    assert f"{report.num_held_out} of them are kept back from training, to measure with." in report.to_text()

    more = zip_of(tmp_path / "more.zip", files | {f"many/{seed}.png": noise(seed, 4) for seed in range(3000, 3100)})
    moved = {bytes(picture.numpy().data) for picture in load_images(str(more), "test", 4).images}
    assert rows["test"] <= moved
