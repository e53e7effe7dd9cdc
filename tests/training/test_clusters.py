"""Clusters of equal size, and the modes that a generator is trained on."""

import torch

from playground.data import load_images
from playground.models.modes import Modes
from playground.training.clusters import by_cluster, equal_clusters, landmark_embedding


def test_clusters_are_equal_and_find_what_lies_apart():
    generator = torch.Generator().manual_seed(1)
    centres = torch.tensor([[0.0, 0.0], [20.0, 0.0], [0.0, 20.0], [20.0, 20.0]])
    truth = torch.arange(4).repeat(250)
    points = centres[truth] + torch.randn(1000, 2, generator=generator)
    found = equal_clusters(points, 4, torch.Generator().manual_seed(3))
    for index in range(4):
        assert len(set(truth[found == index].tolist())) == 1


def test_a_crowd_is_shared_out():
    generator = torch.Generator().manual_seed(1)
    crowd, lonely = torch.randn(900, 3, generator=generator), 30 + torch.randn(100, 3, generator=generator)
    sizes = torch.bincount(equal_clusters(torch.cat([crowd, lonely]), 10, generator), minlength=10)
    assert sizes.min() >= 85 and sizes.max() <= 115


def test_the_embedding_joins_what_a_chain_of_neighbours_joins():
    generator = torch.Generator().manual_seed(0)
    along = 20 * torch.rand(1000, generator=generator)
    across = torch.tensor([0.0, 3.0]).repeat(500)
    lines = torch.stack([along, across + 0.2 * torch.randn(1000, generator=generator)], dim=1)
    coordinates = landmark_embedding(lines, generator)
    likeness = coordinates @ coordinates.T
    apart = likeness[::2, 1::2].abs()
    near = (along[::2, None] - along[None, ::2]).abs() < 0.2
    assert apart.max() < 0.01  # though three apart is near beside a length of twenty
    assert likeness[::2, ::2][near].mean() > 0.8


def test_clusters_stand_in_place_of_labels_and_follow_from_the_seed():
    data = load_images("digits8", "train", 8)
    first, again = by_cluster(data, 8, seed=0), by_cluster(data, 8, seed=0)
    assert torch.equal(first.images, data.images)
    assert torch.equal(first.labels, again.labels)
    assert sorted(set(first.labels.tolist())) == list(range(8))
    assert first.class_names == tuple("01234567")


def test_codes_of_a_mode_choose_it_and_stay_standard_normal():
    choose = Modes(num_modes=5, latent_dim=12)
    z = torch.randn(20_000, 12, generator=torch.Generator().manual_seed(0))
    wanted = torch.arange(5).repeat(4_000)
    moved = choose.place(z, wanted)
    assert torch.equal(choose(moved).argmax(dim=1), wanted)
    assert torch.equal(moved[:, 5:], z[:, 5:])
    assert torch.equal(moved.sort(dim=1).values, z.sort(dim=1).values)
    assert moved.mean(0).abs().max() < 0.03  # of 20,000: three standard errors are 0.021
    assert (moved.var(0) - 1).abs().max() < 0.06
