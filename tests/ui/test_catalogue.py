from __future__ import annotations

from playground import checkpoints, load
from playground.ui.catalogue import Origin, catalogue, playable


def entry(name):
    [found] = [entry for entry in catalogue() if entry.name == name]
    return found


def test_capabilities_are_those_of_the_loaded_model(tiny_checkpoint, plain_checkpoint):
    for name in ("tiny", "plain"):
        assert entry(name).capabilities == load(name).capabilities


def test_a_checkpoint_says_where_it_comes_from_and_opened_ones_come_last(tiny_checkpoint, checkpoint_folder):
    checkpoints.copy(tiny_checkpoint, checkpoints.opened_folder() / "a@2000")
    assert entry("tiny").origin is Origin.KEPT
    assert entry("digits-cgan").origin is Origin.SHIPPED
    assert catalogue()[-1].name == "a@2000"
    assert catalogue()[-1].origin is Origin.OPENED


def test_a_checkpoint_that_is_deleted_while_it_is_listed_is_left_out(tiny_checkpoint, monkeypatch):
    monkeypatch.setattr(checkpoints, "names", lambda: ["tiny", "gone"])
    assert [entry.name for entry in catalogue()] == ["tiny"]


def test_a_damaged_checkpoint_is_listed_last_with_its_problem(tiny_checkpoint, checkpoint_folder):
    (checkpoint_folder / "a-broken-one").mkdir()
    (checkpoint_folder / "a-broken-one" / "model.safetensors").write_bytes(b"nothing")
    assert catalogue()[-1].name == "a-broken-one"
    assert "damaged" in catalogue()[-1].problem
    assert "a-broken-one" not in [entry.name for entry in playable()]
