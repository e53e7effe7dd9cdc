"""The layers of the style-based families: demodulation, the mapping network, codes one a layer."""

from functools import partial

import pytest
import torch
from torch import nn

from playground.models import family
from playground.models.mapping import Mapping
from playground.models.styles import StyledConvolution, doubling

SIZES = {"latent_dim": 12, "image_size": 16, "generator_channels": [12, 8, 8], "discriminator_channels": [8, 8]}


def model():
    torch.manual_seed(0)
    return family("style-gan").build(SIZES).eval()


@pytest.mark.parametrize(
    "layer",
    [
        lambda: StyledConvolution(12, nn.Conv2d(16, 24, 3, padding=1, bias=False), taps=9),
        lambda: doubling(12, 16, 24),
    ],
)
@torch.no_grad()
def test_scaled_activations_are_scaled_and_demodulated_weights(layer):
    """Karras et al., 2020, equations 1 and 3, written as they stand there: with the weights of each picture."""
    torch.manual_seed(0)
    layer = layer()
    plain = layer.convolution
    x, w = torch.randn(3, 16, 5, 5), torch.randn(3, 12)
    found = layer(x, w)
    for picture, style in enumerate(layer.style(w)):
        transposed = isinstance(plain, nn.ConvTranspose2d)
        modulated = plain.weight * (style[:, None, None, None] if transposed else style[None, :, None, None])
        over = (0, 2, 3) if transposed else (1, 2, 3)
        energy = modulated.square().sum(over, keepdim=True) * (0.25 if transposed else 1)
        weight = modulated * (energy + 1e-8).rsqrt()
        if transposed:
            out = nn.functional.conv_transpose2d(x[picture][None], weight, stride=2, padding=1)
        else:
            out = nn.functional.conv2d(x[picture][None], weight, padding=1)
        expected = nn.functional.leaky_relu(out + layer.bias[:, None, None], 0.2) * 2**0.5
        assert torch.allclose(found[picture], expected[0], atol=1e-5)


@torch.no_grad()
def test_measured_codes_have_mean_0_and_unit_covariance_and_draw_the_same_pictures():
    one = model()
    before = one.decode(torch.stack([one.prior.draw(seed) for seed in range(6)]))
    one.prior.measure()
    codes = torch.stack([one.prior.draw(seed) for seed in range(4000)])
    assert torch.allclose(codes.mean(0), torch.zeros(12), atol=0.1)
    assert torch.allclose(codes.T.cov(), torch.eye(12), atol=0.1)
    assert torch.allclose(one.decode(codes[:6]), before, atol=1e-5)


@torch.no_grad()
def test_truncation_leads_to_the_picture_of_the_mean_code():
    one = model()
    one.prior.measure()
    drawn = torch.stack([one.prior.draw(seed, psi=0.0) for seed in range(3)])
    assert not drawn.any()
    w = one.generator(one.prior.centre.expand(1, one.num_layers, -1))
    assert torch.allclose(one.decode(drawn[:1]), w.tanh(), atol=1e-6)


@torch.no_grad()
def test_a_layer_s_code_reaches_that_layer_and_those_after_it():
    one = model()
    first, second = one.prior.draw(0), one.prior.draw(1)
    seen = []
    one.generator.body[2].register_forward_pre_hook(lambda layer, inputs: seen.append(inputs[0]))
    for border in (2, 1):  # from that layer on the second code
        codes = torch.stack([first if layer < border else second for layer in range(one.num_layers)])
        one.decode(codes[None])
    one.decode(first[None])
    assert torch.equal(seen[0], seen[2])
    assert not torch.equal(seen[1], seen[2])


@torch.no_grad()
def test_half_of_the_pictures_in_training_mix_two_codes():
    one, generator = model(), torch.Generator().manual_seed(0)
    codes = one.training_codes(2000, partial(one.noise.sample, generator=generator), generator)
    differ = (codes != codes[:, :1]).any(2)
    assert not differ[:, 0].any()
    assert differ[:, -1].float().mean() == pytest.approx(0.5, abs=0.05)
    assert (differ[:, 1:].int().diff(dim=1) >= 0).all()  # once changed, it stays


def test_the_mapping_learns_at_a_tenth_of_the_rate():
    torch.manual_seed(0)
    mapping = Mapping(8, has_fitted_noise=False)
    optimizer = torch.optim.SGD(mapping.parameters(), lr=1.0)
    used = [layer.scale * layer.weight.detach().clone() for layer in mapping.layers]
    loss = mapping(torch.randn(16, 8)).square().mean()
    gradients = torch.autograd.grad(loss, [layer.weight for layer in mapping.layers])
    for layer, gradient in zip(mapping.layers, gradients, strict=True):
        layer.weight.grad = gradient
    optimizer.step()
    for layer, before, gradient in zip(mapping.layers, used, gradients, strict=True):
        step = before - layer.scale * layer.weight
        of_used = gradient / layer.scale  # the gradient of what is used
        assert torch.allclose(step, layer.scale**2 * of_used, atol=1e-6)
        assert layer.scale == pytest.approx(0.1 * (2 / 1.04) ** 0.5 / 8**0.5)
