"""Fitting a model's prior to its own codes once training is over."""

from __future__ import annotations

from playground.data import ImageSet
from playground.models import GenerativeModel


def fit_prior(model: GenerativeModel, data: ImageSet, seed: int) -> None:
    return
