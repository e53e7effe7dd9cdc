from __future__ import annotations

from playground import load
from playground.ui.catalogue import catalogue, playable


def entry(name):
    [found] = [entry for entry in catalogue() if entry.name == name]
    return found


def test_capabilities_are_those_of_the_loaded_model(tiny_checkpoint, plain_checkpoint):
    for name in ("tiny", "plain"):
        assert entry(name).capabilities == load(name).capabilities


def test_a_damaged_checkpoint_is_listed_last_with_its_problem(tiny_checkpoint, checkpoint_folder):
    (checkpoint_folder / "a-broken-one").mkdir()
    (checkpoint_folder / "a-broken-one" / "model.safetensors").write_bytes(b"nothing")
    assert catalogue()[-1].name == "a-broken-one"
    assert "damaged" in catalogue()[-1].problem
    assert "a-broken-one" not in [entry.name for entry in playable()]
