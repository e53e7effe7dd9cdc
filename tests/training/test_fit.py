import torch

from playground.data import load_images
from playground.models import family
from playground.models.prior import GaussianMixture
from playground.training.fit import codes_of, fit_codes, fit_mixture


def test_a_mixture_finds_the_clusters_of_its_codes():
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn(600, 2, generator=generator)
    codes = torch.cat([noise[:200] * torch.tensor([0.1, 1.0]) + 5, noise[200:] * 0.5 - 5])
    prior = GaussianMixture(2, 2)
    fit_mixture(prior, codes, seed=0)
    order = prior.means[:, 0].argsort()
    assert torch.allclose(prior.weights[order], torch.tensor([2 / 3, 1 / 3]), atol=0.01)
    assert torch.allclose(prior.means[order], torch.tensor([[-5.0, -5.0], [5.0, 5.0]]), atol=0.25)
    covariance = prior.factors[order[1]] @ prior.factors[order[1]].T
    assert torch.allclose(covariance, torch.tensor([[0.01, 0.0], [0.0, 1.0]]), atol=0.2)
    drawn = torch.stack([prior.draw(seed) for seed in range(300)])
    assert 0.55 < (drawn[:, 0] < 0).float().mean() < 0.78


def test_an_autoencoders_codes_are_standardised_under_its_final_weights():
    torch.manual_seed(0)
    model = family("autoencoder").build(
        {"latent_dim": 3, "image_size": 8, "encoder_channels": (8, 8), "decoder_channels": (8, 8)}
    )
    data = load_images("digits8", "train", 8)
    model.eval()
    before = codes_of(model, data)
    fit_codes(model, data, seed=0)
    codes = codes_of(model, data)
    assert not torch.allclose(before.std(0), torch.ones(3), atol=0.05)
    assert torch.allclose(codes.mean(0), torch.zeros(3), atol=0.02)
    assert torch.allclose(codes.std(0), torch.ones(3), atol=0.03)
    assert not model.training


def test_the_weights_of_a_model_of_normal_codes_are_left_as_they_are():
    model = family("gan").build({"generator_channels": (8, 8, 8, 8), "discriminator_channels": (8,)}).eval()
    before = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    fit_codes(model, load_images("digits8", "test", 32), seed=0)
    after = model.state_dict()
    assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    assert after.keys() - before.keys() == {"principal.directions", "principal.scales"}
    assert model.config.num_principal == 16
