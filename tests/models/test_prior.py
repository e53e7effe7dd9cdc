"""Distributions of codes: what is drawn together, and a mixture that is one Gaussian."""

import torch

from playground.models.prior import GaussianMixture, StandardNormal

FACTOR = torch.tensor([[2.0, 0.0], [1.0, 0.5]])


def generator() -> torch.Generator:
    return torch.Generator().manual_seed(0)


def test_a_gaussian_is_a_mixture_of_components_that_are_alike():
    mixture = GaussianMixture(3, 2)
    mixture.become(torch.tensor([1.0, -1.0]), FACTOR)
    assert torch.equal(mixture.means, torch.tensor([[1.0, -1.0]] * 3))
    assert torch.equal(mixture.factors, FACTOR.expand(3, 2, 2))


def test_codes_drawn_together_have_the_mixture_s_weights_means_and_covariances():
    mixture = GaussianMixture(2, 2)
    mixture.weights.copy_(torch.tensor([0.25, 0.75]))
    mixture.means.copy_(torch.tensor([[-50.0, 0.0], [50.0, 10.0]]))
    mixture.pack(torch.stack([FACTOR, torch.eye(2)]))
    codes = mixture.sample(20_000, generator())
    for is_here, mean, covariance, share in (
        (codes[:, 0] < 0, mixture.means[0], FACTOR @ FACTOR.T, 0.25),
        (codes[:, 0] > 0, mixture.means[1], torch.eye(2), 0.75),
    ):
        assert abs(is_here.float().mean() - share) < 0.02
        assert torch.allclose(codes[is_here].mean(0), mean, atol=0.1)
        assert torch.allclose(codes[is_here].T.cov(), covariance, atol=0.2)


def test_standard_normal_codes_drawn_together_are_standard_normal():
    codes = StandardNormal(2).sample(20_000, generator())
    assert torch.allclose(codes.mean(0), torch.zeros(2), atol=0.05)
    assert torch.allclose(codes.T.cov(), torch.eye(2), atol=0.05)


def test_no_codes_are_no_codes():
    for prior in (StandardNormal(3), GaussianMixture(1, 3), GaussianMixture(2, 3)):
        assert prior.sample(0, generator()).shape == (0, 3)
