"""Every loop of the throughput benchmark takes its steps; no figure of time is asserted."""

from __future__ import annotations

from argparse import Namespace

import pytest

from benchmarks import training
from playground.models import family

LOOPS = [
    *((loop, preset) for preset in ("digits-gan", "digits-cgan") for loop in ("textbook", "dcgan", "ours")),
    *((loop, "digits-vae") for loop in ("textbook", "ceiling", "ours")),
]


@pytest.mark.parametrize(("loop", "preset"), LOOPS)
def test_a_loop_trains(loop, preset, monkeypatch):
    monkeypatch.setattr(training, "NUM_WARM_UP_STEPS", 0)
    options = Namespace(data="digits8", data_dir=None, threads=1, seconds=0.001)
    assert training.measure(loop, preset, options) > 0


def test_the_ceiling_counts_both_ways_through_a_vae(monkeypatch):
    from benchmarks import ceiling

    model = family("vae").build(
        {"image_size": 8, "encoder_channels": (4,), "decoder_channels": (4, 4), "latent_dim": 2}
    )
    monkeypatch.setattr(ceiling, "peak", lambda dtype: 3.0)
    encoder = 4 * 4 * 4 * 16 + 4 * 4 * 9 * 16 + 64 * 4
    decoder = 2 * 64 + 4 * 4 * 9 * 16 + 16 * 4 * 4 * 16 + 64 * 4 * 9
    assert ceiling.ceiling(model) == pytest.approx(1 / (encoder + decoder))
