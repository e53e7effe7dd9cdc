"""Clusters of equal size, and the modes that a generator is trained on."""

import torch

from playground.data import load_images
from playground.models import family
from playground.training.clusters import by_cluster, equal_clusters


def test_clusters_are_equal_and_find_what_lies_apart():
    generator = torch.Generator().manual_seed(1)
    centres = torch.tensor([[0.0, 0.0], [20.0, 0.0], [0.0, 20.0], [20.0, 20.0]])
    truth = torch.arange(4).repeat(250)
    points = centres[truth] + torch.randn(1000, 2, generator=generator)
    found = equal_clusters(points, 4, seed=3)
    for index in range(4):
        assert len(set(truth[found == index].tolist())) == 1


def test_a_crowd_is_shared_out():
    generator = torch.Generator().manual_seed(1)
    crowd, lonely = torch.randn(900, 3, generator=generator), 30 + torch.randn(100, 3, generator=generator)
    sizes = torch.bincount(equal_clusters(torch.cat([crowd, lonely]), 10, seed=0), minlength=10)
    assert sizes.min() >= 85 and sizes.max() <= 115


def test_clusters_stand_in_place_of_labels_and_follow_from_the_seed():
    data = load_images("digits8", "train", 8)
    first, again = by_cluster(data, 8, seed=0), by_cluster(data, 8, seed=0)
    assert torch.equal(first.images, data.images)
    assert torch.equal(first.labels, again.labels)
    assert len(first.class_names) == 8


def test_codes_of_a_mode_choose_it_and_stay_standard_normal():
    model = family("gan").build({"latent_dim": 12, "num_modes": 5})
    z = torch.randn(20_000, 12, generator=torch.Generator().manual_seed(0))
    modes = torch.arange(5).repeat(4_000)
    moved = model.of_mode(z, modes)
    assert torch.equal(moved[:, :5].argmax(dim=1), modes)
    assert torch.equal(moved[:, 5:], z[:, 5:])
    assert torch.equal(moved.sort(dim=1).values, z.sort(dim=1).values)
    assert moved.mean(0).abs().max() < 0.03  # of 20,000: three standard errors are 0.021
    assert (moved.var(0) - 1).abs().max() < 0.06
