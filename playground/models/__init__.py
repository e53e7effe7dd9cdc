"""The model families. Importing this package registers them all."""

from playground.models.base import Capability, GenerativeModel, ModelConfig
from playground.models.registry import Family, families, family, register

# Each of these registers its family: adding one is a file, and its name here.
from playground.models import autoencoder, cgan, cvae, dense_gan, gan, style_cgan, style_gan, vae  # noqa: F401  isort: skip

__all__ = ["Capability", "Family", "GenerativeModel", "ModelConfig", "families", "family", "register"]
