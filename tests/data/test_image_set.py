import pytest
import torch

from playground.data import ImageSet, load_images
from playground.errors import PlaygroundError


def test_small_pictures_are_framed_with_black_and_not_smeared():
    image = torch.full((1, 1, 28, 28), 200, dtype=torch.uint8)
    framed = ImageSet(image, torch.zeros(1, dtype=torch.int64), ("0",)).at_size(32).images
    assert framed.shape == (1, 1, 32, 32)
    assert torch.equal(framed[:, :, 2:30, 2:30], image)
    assert int(framed.sum()) == int(image.sum())


def test_the_largest_whole_factor_enlarges():
    image = torch.full((1, 1, 8, 8), 200, dtype=torch.uint8)
    enlarged = ImageSet(image, torch.zeros(1, dtype=torch.int64), ("0",)).at_size(28).images
    assert enlarged.shape == (1, 1, 28, 28)
    assert (enlarged[:, :, 2:26, 2:26] == 200).all()
    assert int(enlarged[:, :, :2].sum()) == 0


def test_large_pictures_shrink_to_fit():
    image = torch.full((1, 1, 64, 32), 200, dtype=torch.uint8)
    shrunk = ImageSet(image, torch.zeros(1, dtype=torch.int64), ("0",)).at_size(16).images
    assert shrunk.shape == (1, 1, 16, 16)
    assert (shrunk[:, :, :, 4:12] == 200).all()
    assert int(shrunk[:, :, :, :4].sum()) == 0


def test_digits8_needs_no_download(tmp_path):
    train = load_images("digits8", "train", 32, tmp_path)
    test = load_images("digits8", "test", 32, tmp_path)
    assert (len(train), len(test)) == (1500, 297)
    assert train.images.dtype == torch.uint8
    assert train.images.shape == (1500, 1, 32, 32)
    assert train.images.max() == 255
    assert train.class_names == tuple("0123456789")
    assert train.labels[:5].tolist() == [0, 1, 2, 3, 4]
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(PlaygroundError, match=r"no data set 'mnits'.*mnist, digits8"):
        load_images("mnits", "train", 32)
