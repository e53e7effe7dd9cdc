import torch

from playground.training.order import Order


def test_every_picture_once_in_every_epoch():
    order = Order(num_images=10, seed=3)
    seen = torch.cat([order.at(position, 4) for position in range(0, 40, 4)])
    for epoch in range(4):
        assert sorted(seen[epoch * 10 : epoch * 10 + 10].tolist()) == list(range(10))
    assert seen[:10].tolist() != seen[10:20].tolist()


def test_the_order_follows_from_seed_and_position():
    assert torch.equal(Order(100, 3).at(70, 50), Order(100, 3).at(0, 120)[70:])
    assert not torch.equal(Order(100, 3).at(0, 100), Order(100, 4).at(0, 100))
