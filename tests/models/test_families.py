"""The one contract that every registered family keeps."""

import pytest
import torch
from torch import nn

from playground.errors import PlaygroundError
from playground.models import Capability, families, family

CLASS_NAMES = ("0", "1", "2")
FAMILIES = sorted(name for name in families() if not name.endswith("-test"))


def build(name: str, **changes):
    torch.manual_seed(0)
    fields = family(name).config_class.model_fields
    needed = {"class_names": CLASS_NAMES} if fields["class_names"].is_required() else {}
    return family(name).build({**needed, **changes}).eval()


def inputs(model, count: int):
    z = torch.stack([model.prior.draw(seed) for seed in range(count)])
    y = torch.eye(len(model.class_names))[torch.arange(count) % 3] if model.class_names else None
    images = torch.rand(count, *model.image_shape) * 2 - 1
    return z, y, images


@pytest.fixture(params=FAMILIES)
def model(request):
    return build(request.param)


@torch.no_grad()
def test_decode_gives_pictures_in_range(model):
    z, y, _ = inputs(model, 5)
    images = model.decode(z, y)
    assert images.shape == (5, *model.image_shape)
    assert images.dtype == torch.float32
    assert images.abs().max() <= 1
    assert not torch.equal(images[0], images[3])


@torch.no_grad()
def test_a_picture_does_not_depend_on_its_batch(model):
    z, y, _ = inputs(model, 7)
    alone = model.decode(z[2:3], None if y is None else y[2:3])
    assert torch.allclose(model.decode(z, y)[2:3], alone, atol=1e-5)


@torch.no_grad()
def test_what_a_model_provides_works_and_is_deterministic(model):
    _, y, images = inputs(model, 4)
    if Capability.ENCODE in model.capabilities:
        codes = model.encode(images, y)
        assert codes.shape == (4, model.latent_dim)
        assert torch.equal(codes, model.encode(images, y))
    if Capability.DISCRIMINATE in model.capabilities:
        assert model.discriminate(images, y).shape == (4,)
    assert model.capabilities >= {Capability.ENCODE} or model.capabilities >= {Capability.DISCRIMINATE}


@torch.no_grad()
def test_classes_matter_blend_and_are_needed(model):
    if not model.class_names:
        assert Capability.CLASSES not in model.capabilities
        return
    z, y, images = inputs(model, 3)
    same_code = z[:1].repeat(3, 1)
    by_class = model.decode(same_code, y)
    assert not torch.allclose(by_class[0], by_class[1], atol=1e-3)
    blend = model.decode(same_code[:1], torch.tensor([[0.5, 0.5, 0.0]]))
    assert not torch.allclose(blend[0], by_class[0], atol=1e-4)
    assert not torch.allclose(blend[0], by_class[1], atol=1e-4)
    asked = [lambda: model.decode(z)]
    asked += [lambda: model.encode(images)] if Capability.ENCODE in model.capabilities else []
    asked += [lambda: model.discriminate(images)] if Capability.DISCRIMINATE in model.capabilities else []
    for ask in asked:
        with pytest.raises(PlaygroundError, match="say which class"):
            ask()


def test_every_weight_of_the_generator_learns(model):
    z, y, _ = inputs(model, 6)
    torch.manual_seed(1)
    for parameter in model.parameters():  # away from the zeros that some layers start with
        nn.init.normal_(parameter, std=0.05)
    model.decode(z, y).square().mean().backward()
    generator = model.decoder if hasattr(model, "decoder") else model.generator
    assert all(parameter.grad is not None and parameter.grad.abs().sum() > 0 for parameter in generator.parameters())


@pytest.mark.parametrize("name", [name for name in FAMILIES if name != "dense-gan"])
@torch.no_grad()
def test_sizes_follow_the_config(name):
    role = (
        "generator_channels" if "generator_channels" in family(name).config_class.model_fields else "decoder_channels"
    )
    model = build(name, latent_dim=5, image_size=16, image_channels=3, **{role: (12, 8, 6)})
    z, y, _ = inputs(model, 2)
    assert model.decode(z, y).shape == (2, 3, 16, 16)


@pytest.mark.parametrize("name", ["autoencoder", "vae", "cvae"])
def test_the_fitted_prior_is_a_capability(name):
    assert Capability.FITTED_PRIOR in build(name, mixture_components=3).capabilities
    assert Capability.FITTED_PRIOR not in build(name).capabilities


@pytest.mark.parametrize("name", ["vae", "cvae"])
@torch.no_grad()
def test_a_posterior_is_drawn_from_its_generator(name):
    model = build(name)
    _, y, images = inputs(model, 4)
    first = model.sample_code(images, y, torch.Generator().manual_seed(1))
    assert torch.equal(first, model.sample_code(images, y, torch.Generator().manual_seed(1)))
    assert not torch.equal(first, model.sample_code(images, y, torch.Generator().manual_seed(2)))
    draws = [model.sample_code(images, y, torch.Generator().manual_seed(seed)) for seed in range(400)]
    deviation = torch.stack(draws).std(0).mean()
    assert torch.allclose(torch.stack(draws).mean(0), model.encode(images, y), atol=float(deviation) * 0.25)


def test_the_dense_gan_is_the_textbook_one():
    model = build("dense-gan")
    shapes = [tuple(parameter.shape) for parameter in model.generator.parameters()]
    assert shapes == [(128, 100), (128,), (128,), (128,), (784, 128), (784,)]
    assert [type(layer).__name__ for layer in model.generator] == [
        "Linear",
        "LeakyReLU",
        "BatchNorm1d",
        "Linear",
        "Tanh",
    ]
    assert [tuple(parameter.shape) for parameter in model.discriminator.parameters()] == [
        (128, 784),
        (128,),
        (1, 128),
        (1,),
    ]


@pytest.mark.parametrize("name", ["gan", "cgan", "autoencoder", "vae", "cvae"])
def test_sizes_that_do_not_fit_get_one_sentence(name):
    found = family(name)
    classes = {"class_names": ("0", "1")} if found.config_class.model_fields["class_names"].is_required() else {}
    with pytest.raises(PlaygroundError, match="reaches 32 pixels, not image_size 64"):
        found.build({"image_size": 64, **classes})
    inwards = next(
        key for key in ("discriminator_channels", "encoder_channels") if key in found.config_class.model_fields
    )
    with pytest.raises(PlaygroundError, match="32 pixels cannot be halved 6 times"):
        found.build({inwards: (8,) * 6, **classes})
