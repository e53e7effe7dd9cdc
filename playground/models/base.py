"""What every generative model of the playground has and can do."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import ClassVar

import torch
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor, nn

from playground.models.directions import Directions
from playground.models.mapping import Mapping
from playground.models.prior import GaussianMixture, StandardNormal


class Capability(StrEnum):
    """What a page may ask of a model. Pages read these and never a class."""

    CLASSES = "classes"
    ENCODE = "encode"
    DISCRIMINATE = "discriminate"
    FITTED_PRIOR = "fitted prior"
    LAYERS = "layers"


class ModelConfig(BaseModel):
    """What rebuilds a model's networks; each family adds its own fields.

    Attributes:
        latent_dim: length of a latent code.
        image_size: height and width in pixels.
        image_channels: 1 for grey, 3 for colour.
        class_names: one name a class; empty for an unconditional model.
        mixture_components: Gaussians in the fitted prior; 0 is N(0, I).
        num_principal: principal directions; 0 until the end of a training computes them.
        label_names: one name a labelled direction; none until the end of a training on
            data with attributes finds them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    latent_dim: int = Field(ge=1, le=4096)
    image_size: int = Field(ge=4, le=1024)
    image_channels: int = Field(default=1, ge=1, le=3)
    class_names: tuple[str, ...] = Field(default=(), max_length=1000)
    mixture_components: int = Field(default=0, ge=0, le=10_000)
    num_principal: int = Field(default=0, ge=0, le=64)
    label_names: tuple[str, ...] = Field(default=(), max_length=64)


class GenerativeModel(nn.Module):
    """The contract. Images are float [batch, channels, height, width] in [-1, 1].

    A family sets `provides` to the methods it implements beyond `decode`, and
    takes `y`, class weights [batch, num_classes] whose rows sum to 1, exactly
    when its config has class names.
    """

    family: ClassVar[str]
    title: ClassVar[str]  # as people read it: "Conditional GAN"
    provides: ClassVar[frozenset[Capability]] = frozenset()

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.prior: StandardNormal | GaussianMixture | Mapping
        if config.mixture_components:
            self.prior = GaussianMixture(config.mixture_components, config.latent_dim)
        else:
            self.prior = StandardNormal(config.latent_dim)
        self.principal = Directions(config.num_principal, config.latent_dim)
        self.labelled = Directions(len(config.label_names), config.latent_dim)

    @property
    def latent_dim(self) -> int:
        return self.config.latent_dim

    @property
    def noise(self) -> StandardNormal | GaussianMixture:
        """What codes are made from: their prior itself, unless a network maps noise to codes."""
        return self.prior

    @property
    def num_layers(self) -> int:
        """How many layers of the generator take a code of their own: more than 1 with `Capability.LAYERS`."""
        return 1

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height, width."""
        return (self.config.image_channels, self.config.image_size, self.config.image_size)

    @property
    def class_names(self) -> tuple[str, ...]:
        return self.config.class_names

    @property
    def capabilities(self) -> frozenset[Capability]:
        found = set(self.provides)
        if self.class_names:
            found.add(Capability.CLASSES)
        if self.config.mixture_components:
            found.add(Capability.FITTED_PRIOR)
        return frozenset(found)

    def take_principal(
        self, directions: Float[Tensor, "num_principal latent_dim"], scales: Float[Tensor, " num_principal"]
    ) -> None:
        """Puts these principal directions in place of those it had, however many."""
        self.config = self.config.model_copy(update={"num_principal": len(directions)})
        self.principal = self._taken(directions, scales)

    def take_labelled(
        self,
        names: tuple[str, ...],
        directions: Float[Tensor, "num_labels latent_dim"],
        scales: Float[Tensor, " num_labels"],
    ) -> None:
        """Puts these labelled directions (see `playground.training.labelled`) in place of those it had."""
        self.config = self.config.model_copy(update={"label_names": names})
        self.labelled = self._taken(directions, scales)

    def _taken(self, directions: Tensor, scales: Tensor) -> Directions:
        taken = Directions(len(directions), self.latent_dim).to(directions.device)
        taken.directions.copy_(directions)
        taken.scales.copy_(scales)
        return taken

    def decode(
        self, z: Float[Tensor, "batch *layers latent_dim"], y: Float[Tensor, "batch num_classes"] | None = None
    ) -> Float[Tensor, "batch channels height width"]:
        """Images of latent codes; with `Capability.LAYERS` also of codes [batch, num_layers, latent_dim]."""
        raise AssertionError(f"{type(self).__name__} lacks decode")

    def codes_from(self, noise: Float[Tensor, "batch latent_dim"]) -> Float[Tensor, "batch *layers latent_dim"]:
        """The codes that noise becomes, as the `levels` of the model take them."""
        return noise

    def training_codes(
        self, count: int, draw: Callable[[int], Float[Tensor, "_ latent_dim"]], generator: torch.Generator
    ) -> Float[Tensor, "batch *layers latent_dim"]:
        """Codes for the generator to learn on, as its `levels` takes them.

        Args:
            count: how many.
            draw: gives as much noise as it is asked for.
            generator: of all other chance, on the model's device.
        """
        return self.codes_from(draw(count))

    def trained_generator(self) -> nn.Module:
        """What a generator's phase of a training moves."""
        return self.generator

    def encode(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, "batch latent_dim"]:
        """Latent codes of images, deterministic. Only with `Capability.ENCODE`."""
        raise AssertionError(f"{type(self).__name__} lacks encode")

    def discriminate(
        self,
        images: Float[Tensor, "batch channels height width"],
        y: Float[Tensor, "batch num_classes"] | None = None,
    ) -> Float[Tensor, " batch"]:
        """Logits: higher is more real. Only with `Capability.DISCRIMINATE`."""
        raise AssertionError(f"{type(self).__name__} lacks discriminate")
