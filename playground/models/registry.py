"""The families by name: a model class with the config class that builds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from playground.errors import PlaygroundError
from playground.models.base import GenerativeModel, ModelConfig


@dataclass(frozen=True)
class Family:
    """A registered family: its model class and the config class that builds it."""

    name: str
    model_class: type[GenerativeModel]
    config_class: type[ModelConfig]

    def build(self, config: ModelConfig | dict[str, Any]) -> GenerativeModel:
        """A new model with fresh weights. A bad config raises `PlaygroundError`."""
        try:
            return self.model_class(self.config_class.model_validate(config))
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise PlaygroundError(f"The config of family {self.name!r} is wrong: {where}: {first['msg']}.") from None


_families: dict[str, Family] = {}


def register(name: str, config_class: type[ModelConfig]) -> Callable[[type[GenerativeModel]], type[GenerativeModel]]:
    """Class decorator that makes a family known under `name`. A duplicate raises."""

    def enter(model_class: type[GenerativeModel]) -> type[GenerativeModel]:
        if name in _families:
            raise PlaygroundError(f"A family named {name!r} is registered already: choose another name.")
        model_class.family = name
        _families[name] = Family(name, model_class, config_class)
        return model_class

    return enter


def family(name: str) -> Family:
    """The family of that name. An unknown name raises and lists the known ones."""
    if name not in _families:
        raise PlaygroundError(f"There is no family {name!r}: known are {', '.join(sorted(_families))}.")
    return _families[name]


def families() -> dict[str, Family]:
    """All families by name, in the order of registration."""
    return dict(_families)
