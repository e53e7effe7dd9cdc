import pytest

from playground.errors import PlaygroundError
from playground.models import ModelConfig, families, family, register
from playground.models.gan import GAN


def test_the_shipped_families_are_registered():
    assert {"dense-gan", "gan", "cgan", "autoencoder", "vae", "cvae"} <= set(families())


def test_a_duplicate_raises_and_changes_nothing():
    with pytest.raises(PlaygroundError, match="'gan' is registered already"):
        register("gan", ModelConfig)(type("Impostor", (GAN,), {}))
    assert family("gan").model_class is GAN


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(PlaygroundError, match=r"no family 'gam'.*cgan.*vae"):
        family("gam")


def test_a_wrong_config_says_what_is_wrong():
    with pytest.raises(PlaygroundError, match="'gan' is wrong: latent_dim"):
        family("gan").build({"latent_dim": 0})
    with pytest.raises(PlaygroundError, match="'cgan' is wrong: class_names"):
        family("cgan").build({})
