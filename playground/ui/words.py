"""Recipes in words: alternative texts, captions, and the Python call that makes the same picture."""

from __future__ import annotations

from playground.recipe import Layers, Recipe

PARTS = {"styles": "Style", "moves": "Move"}  # of a recipe that are built by a call of their own


def in_words(recipe: Recipe) -> str:
    """One line that says what a recipe's picture is, such as `digits-cgan, seed 7, class 3`."""
    parts = [recipe.model]
    if recipe.code is not None:
        parts.append("an encoded picture")
    elif len(recipe.seeds) == 1 and recipe.seeds[0][1] == 1:
        parts.append(f"seed {recipe.seeds[0][0]}")
    else:
        parts.append("seeds " + ", ".join(f"{weight:+.2f} x {seed}" for seed, weight in recipe.seeds))
    if recipe.classes:
        parts.append(classes_in_words(recipe.classes))
    if recipe.psi != 1:
        parts.append(f"psi {recipe.psi:g}")
    parts.extend(f"{_layers(style)} in the style of seed {style.seed}" for style in recipe.styles)
    for move in recipe.moves:
        where = f" in {_layers(move.layers)}" if move.layers else ""
        parts.append(f"{move.amount:+.2f} along {move.direction}{where}")
    if recipe.prior == "normal":
        parts.append("codes from N(0, I)")
    return ", ".join(parts)


def _layers(layers: Layers) -> str:
    return f"layer {layers.first}" if layers.first == layers.last else f"layers {layers.first} to {layers.last}"


def classes_in_words(classes: dict[str, float]) -> str:
    """`class 3`, or `classes 50 % 3, 50 % 8`."""
    if len(classes) == 1:
        return f"class {next(iter(classes))}"
    total = sum(classes.values())
    return "classes " + ", ".join(f"{100 * weight / total:.0f} % {name}" for name, weight in classes.items())


def in_python(recipe: Recipe) -> str:
    """The call that makes the same picture."""
    fields = recipe.model_dump(exclude_defaults=True)
    for name, part in PARTS.items():
        if name in fields:
            fields[name] = [_call(f"playground.{part}", one) for one in fields[name]]
    if len(fields.get("code", ())) > 8:
        return f"import playground\n\nplayground.render(playground.Recipe.from_json({recipe.to_json()!r}))"
    return f"import playground\n\nplayground.render({_call('playground.Recipe', fields)})"


def _call(name: str, fields: dict) -> str:
    arguments = []
    for field, value in fields.items():
        text = "[" + ", ".join(value) + "]" if field in PARTS else repr(value)
        arguments.append(f"{field}={text}")
    return f"{name}({', '.join(arguments)})"
