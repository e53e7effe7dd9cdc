"""The model families. Importing this package registers them all."""

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.registry import Family, families, family, register

from playground.models import autoencoder, cgan, cvae, dense_gan, gan, vae  # isort: skip  (each registers its family)

__all__ = ["Capability", "Family", "GenerativeModel", "ModelConfig", "families", "family", "register"]
