import pytest

from playground.errors import PlaygroundError
from playground.models import families
from playground.training.config import preset_names, resolve


@pytest.mark.parametrize("preset", preset_names())
def test_every_preset_is_valid_and_says_what_a_card_needs(preset):
    config = resolve(preset, [])
    assert config.preset == preset
    assert config.family in families()
    families()[config.family].config_class.model_validate({"class_names": ("0",), **config.model})
    assert config.card.title
    assert config.card.summary
    assert config.card.weaknesses


def test_settings_can_be_changed_by_name():
    config = resolve("digits-gan", ["batch_size=7", "optimizer.betas=[0.1, 0.2]", "data=digits8", "model.latent_dim=3"])
    assert (config.batch_size, config.optimizer.betas, config.data) == (7, (0.1, 0.2), "digits8")
    assert config.model["latent_dim"] == 3
    assert config.objective == resolve("digits-gan", []).objective


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("batch_size", "takes key=value"),
        ("batch_size=0", "batch_size: Input should be greater"),
        ("batch_sise=8", "batch_sise: Extra inputs"),
        ("objective.kind=magic", "objective"),
        ("seed.part=1", "'seed' has no parts"),
    ],
)
def test_a_wrong_setting_says_what_is_wrong(change, sentence):
    changes = ["seed=1", change] if change.startswith("seed.") else [change]
    with pytest.raises(PlaygroundError, match=sentence):
        resolve("digits-gan", changes)


def test_an_unknown_preset_lists_the_known_ones():
    with pytest.raises(PlaygroundError, match=r"no preset 'digits'.*digits-cgan"):
        resolve("digits", [])


def test_the_learning_rate_rises_and_falls():
    config = resolve(
        "digits-gan",
        [
            "total_images=1000",
            "optimizer.learning_rate=1.0",
            "optimizer.warmup_images=100",
            "optimizer.final_ratio=0.1",
        ],
    )
    rates = [config.learning_rate_at(position) for position in (0, 49, 100, 500, 1000, 2000)]
    assert rates[0] == pytest.approx(0.01)
    assert rates[1] == pytest.approx(0.5, abs=0.01)
    assert rates[2] == pytest.approx(0.978, abs=0.001)
    assert rates[3] == pytest.approx(0.55)
    assert rates[4] == rates[5] == pytest.approx(0.1)
