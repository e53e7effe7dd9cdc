"""With a stand-in for the library: neither it nor its weights are here."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest
import torch
from torch import nn

from playground.errors import PlaygroundError
from playground.metrics.frechet import frechet_distance
from playground.metrics.inception import inception_distance


class StandIn(nn.Module):
    """Means and deviations of the channels instead of the 2,048 features."""

    def __init__(self, name, features_list, feature_extractor_weights_path=None):
        super().__init__()
        assert features_list == ["2048"]
        if "scale" not in torch.load(feature_extractor_weights_path, weights_only=True):
            raise RuntimeError("Missing keys")

    def forward(self, images):
        assert images.shape[1] == 3 and images.dtype == torch.uint8
        few = torch.cat([images.float().mean((2, 3)), images.float().std((2, 3))], 1)
        return (few,)


@pytest.fixture
def library(monkeypatch):
    module = ModuleType("torch_fidelity.feature_extractor_inceptionv3")
    module.FeatureExtractorInceptionV3 = StandIn
    monkeypatch.setitem(sys.modules, "torch_fidelity", ModuleType("torch_fidelity"))
    monkeypatch.setitem(sys.modules, "torch_fidelity.feature_extractor_inceptionv3", module)


def grey(seed: int, count: int) -> torch.Tensor:
    return torch.randint(0, 256, (count, 1, 8, 8), generator=torch.Generator().manual_seed(seed), dtype=torch.uint8)


def test_it_is_the_frechet_distance_in_the_librarys_features(library, tmp_path):
    torch.save({"scale": torch.ones(1)}, tmp_path / "weights.pth")
    first, second = grey(0, 70), grey(1, 50) // 2
    few = [torch.stack([x.float().mean((1, 2, 3)), x.float().std((1, 2, 3))], 1).double() for x in (first, second)]
    # The three equal channels count thrice.
    expected = 3 * frechet_distance(*few)
    assert inception_distance(first, second, tmp_path / "weights.pth") == pytest.approx(expected, rel=1e-4)


def test_without_the_library_it_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "torch_fidelity", None)
    with pytest.raises(PlaygroundError, match="needs torch-fidelity"):
        inception_distance(grey(0, 5), grey(1, 5), tmp_path / "weights.pth")


@pytest.mark.parametrize("content", [b"", b"no weights", "other"])
def test_a_missing_or_foreign_file_is_one_clear_sentence(library, tmp_path, content):
    file = tmp_path / "weights.pth"
    with pytest.raises(PlaygroundError, match="There are no Inception weights at"):
        inception_distance(grey(0, 5), grey(1, 5), file)
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        torch.save({"other": torch.ones(1)}, file)
    with pytest.raises(PlaygroundError, match="holds no Inception weights"):
        inception_distance(grey(0, 5), grey(1, 5), file)
