import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from playground import checkpoints
from playground.card import Card
from playground.errors import PlaygroundError
from playground.images import to_uint8


def test_a_checkpoint_comes_back_as_it_was(tiny_checkpoint, tiny):
    found = checkpoints.load("tiny")
    assert found.card == Card(title="A tiny model")
    assert found.model.class_names == ("0", "1", "2")
    z, y = torch.randn(8, 4), torch.eye(3)[torch.arange(8) % 3]
    difference = to_uint8(found.model.decode(z, y)).astype(int) - to_uint8(tiny.decode(z, y))
    assert abs(difference).max() <= 1
    assert not any(parameter.requires_grad for parameter in found.model.parameters())


def test_weights_are_halved_only_where_it_does_not_show(checkpoint_folder, tiny, monkeypatch):
    monkeypatch.setattr(checkpoints, "MIN_HALVED", 1)  # the tiny model has no large tensors
    file = checkpoints.save(checkpoint_folder / "soft", tiny, Card(title="soft")) / checkpoints.WEIGHTS
    assert load_file(file)["linear.weight"].dtype == torch.float16
    with torch.no_grad():
        tiny.linear.bias.fill_(1000.3)  # half precision knows only halves there
        tiny.linear.weight[:, 4:] = -1000.1  # the class part: the sum is 0.2, or 0.5 once rounded
    file = checkpoints.save(checkpoint_folder / "steep", tiny, Card(title="steep")) / checkpoints.WEIGHTS
    assert load_file(file)["linear.weight"].dtype == torch.float32


def test_a_name_never_leaves_the_folder(tiny_checkpoint, checkpoint_folder):
    (checkpoint_folder.parent / checkpoints.WEIGHTS).write_bytes(b"")
    for name in ["..", ".", "../tiny", "a\x00b", "", "%2e%2e", "x" * 500]:
        with pytest.raises((PlaygroundError, ValueError), match=r"There is no checkpoint|null byte|damaged"):
            checkpoints.load(name)


def test_an_unknown_name_lists_the_known_ones(tiny_checkpoint):
    with pytest.raises(PlaygroundError, match=r"no checkpoint named 'none'.*tiny"):
        checkpoints.load("none")


def test_every_cut_is_noticed(tiny_checkpoint):
    file = tiny_checkpoint / checkpoints.WEIGHTS
    whole = file.read_bytes()
    for length in [0, 4, 8, 100, len(whole) // 2, len(whole) - 1]:
        file.write_bytes(whole[:length])
        with pytest.raises(PlaygroundError, match="damaged or cut off"):
            checkpoints.load("tiny")


def test_a_foreign_file_is_named(tiny_checkpoint):
    save_file({"weight": torch.zeros(2)}, tiny_checkpoint / checkpoints.WEIGHTS)
    with pytest.raises(PlaygroundError, match="not written by the playground"):
        checkpoints.load("tiny")


def _rewrite(path, tensors=None, **changes):
    file = path / checkpoints.WEIGHTS
    with checkpoints.safe_open(file, framework="pt") as opened:
        header = json.loads(opened.metadata()["playground"])
    save_file(tensors or load_file(file), file, {"playground": json.dumps(header | changes)})


def test_a_tensor_of_the_wrong_shape_is_named(tiny_checkpoint):
    tensors = load_file(tiny_checkpoint / checkpoints.WEIGHTS)
    _rewrite(tiny_checkpoint, tensors | {"linear.bias": torch.zeros(3)})
    with pytest.raises(PlaygroundError, match=r"'linear.bias' has shape \[3\] where the config asks for \[64\]"):
        checkpoints.load("tiny")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"family": "nobody"}, "no family 'nobody'"),
        ({"format": 99}, "update the playground"),
        ({"config": {"latent_dim": -1, "image_size": 8}}, "latent_dim"),
        ({"config": {"latent_dim": 4, "image_size": 8, "extra": 1}}, "extra"),
        ({"card": {"nothing": 1}}, "header"),
    ],
)
def test_a_bad_header_gets_one_sentence(tiny_checkpoint, changes, words):
    _rewrite(tiny_checkpoint, **changes)
    with pytest.raises(PlaygroundError, match=words):
        checkpoints.load("tiny")


def test_missing_unknown_and_not_finite_tensors_are_named(tiny_checkpoint):
    tensors = load_file(tiny_checkpoint / checkpoints.WEIGHTS)
    for change, words in [
        ({k: v for k, v in tensors.items() if k != "linear.bias"}, "lacks the tensor 'linear.bias'"),
        (tensors | {"spare": torch.zeros(1)}, "'spare' that its family does not have"),
        (tensors | {"linear.bias": torch.full((64,), torch.nan)}, "'linear.bias' holds values that are not finite"),
    ]:
        _rewrite(tiny_checkpoint, change)
        with pytest.raises(PlaygroundError, match=words):
            checkpoints.load("tiny")


def test_another_card_leaves_weights_and_fingerprint(tiny_checkpoint):
    before = checkpoints.load("tiny")
    checkpoints.write_card(tiny_checkpoint, Card(title="Better", quality={"frechet_distance": 1.5}))
    after = checkpoints.load("tiny")
    assert after.fingerprint == before.fingerprint
    assert after.card.quality == {"frechet_distance": 1.5}
    assert "| frechet distance | 1.5 |" in (tiny_checkpoint / checkpoints.CARD).read_text()
    for name, tensor in before.model.state_dict().items():
        assert torch.equal(tensor, after.model.state_dict()[name])


def test_a_folder_that_cannot_be_written_gets_one_sentence_and_leaves_nothing(tmp_path, tiny):
    (tmp_path / "taken").write_text("a file, not a folder")
    with pytest.raises(PlaygroundError, match="cannot be written"):
        checkpoints.save(tmp_path / "taken" / "model", tiny, Card(title="x"))
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]


def test_a_full_disk_leaves_the_old_checkpoint_whole(tiny_checkpoint, tiny, monkeypatch):
    before = (tiny_checkpoint / checkpoints.WEIGHTS).read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(PlaygroundError, match="No space left on device"):
        checkpoints.save(tiny_checkpoint, tiny, Card(title="new"))
    assert (tiny_checkpoint / checkpoints.WEIGHTS).read_bytes() == before
    assert sorted(file.name for file in tiny_checkpoint.iterdir()) == ["card.md", "model.safetensors"]


@pytest.mark.parametrize("name", ["with space", ".hidden", ""])
def test_a_bad_name_is_refused(tmp_path, tiny, name):
    with pytest.raises(PlaygroundError):
        checkpoints.save(tmp_path / "x" / (name or "\u00e9"), tiny, Card(title="x"))


def test_opening_runs_no_code(tiny_checkpoint):
    """A pickle in place of the weights is refused by its first bytes."""
    import pickle

    (tiny_checkpoint / checkpoints.WEIGHTS).write_bytes(pickle.dumps({"linear.weight": np.zeros(3)}))
    with pytest.raises(PlaygroundError, match="damaged or cut off"):
        checkpoints.load("tiny")


@pytest.mark.parametrize("wrong", ["../mine", "a/b", "/tmp/x", "a b", "mine@5", "tiny", "x" * 101, ".", ""])
def test_a_name_of_ones_own_is_no_path_and_free(wrong, tiny_checkpoint):
    with pytest.raises(PlaygroundError):
        checkpoints.check_free(wrong)
    checkpoints.check_free("mine")


def test_what_is_kept_and_opened_lies_beside_the_runs_and_never_among_the_shipped(tmp_path, tiny, monkeypatch):
    monkeypatch.delenv("PLAYGROUND_CHECKPOINTS", raising=False)
    monkeypatch.setenv("PLAYGROUND_RUNS", str(tmp_path))
    checkpoints.save(checkpoints.kept_folder() / "kept-by-me", tiny, Card(title="Kept"))
    checkpoints.copy(checkpoints.folder("kept-by-me"), checkpoints.opened_folder() / "mine@2000")
    assert {"kept-by-me", "mine@2000"} <= set(checkpoints.names())
    assert checkpoints.folder("mine@2000").is_relative_to(tmp_path)
    assert checkpoints.folder("kept-by-me") == tmp_path / "checkpoints" / "kept-by-me"


def test_a_damaged_checkpoint_is_not_copied(tmp_path):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / checkpoints.WEIGHTS).write_bytes(b"nothing")
    with pytest.raises(PlaygroundError, match="damaged"):
        checkpoints.copy(tmp_path / "broken", tmp_path / "out")
    assert not (tmp_path / "out").exists()
