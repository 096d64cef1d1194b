"""How a course file is declared: mappings of keys, lists, and single values.

The loader, the JSON Schema and the reference page all come from one such declaration (`bot.course.keys`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Union

from bot.course.value_types import Scalar


@dataclass(frozen=True)
class Key:
    """One key of a mapping.

    `default` is what is meant where the key is not written, `example` what a fix puts in where it is missing
    (both as YAML; the kind's own example where empty); `also` gives words that people write for it.
    """

    name: str
    value: "Value"
    doc: str
    required: bool = False
    default: str | None = None
    example: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class MapOf:
    """A mapping. In one that is not `strict`, an unknown key that resembles nothing is only warned about."""

    name: str
    doc: str
    keys: tuple[Key, ...]
    strict: bool = True

    def key(self, name: str) -> Key | None:
        return next((k for k in self.keys if k.name == name), None)

    def example(self) -> str:
        """The required keys in one line."""
        return "{" + ", ".join(f"{k.name}: {example_of(k)}" for k in self.keys if k.required) + "}"


@dataclass(frozen=True)
class ListOf:
    """A list of at least `least` items; where `lone` is set, a single one may stand without a list."""

    item: "Value"
    least: int = 0
    lone: bool = False


@dataclass(frozen=True)
class Either:
    """A short form, or a mapping with the details."""

    short: Scalar
    full: MapOf


Value = Union[Scalar, MapOf, ListOf, Either]  # noqa: UP007 - the names are declared above as strings


def example_of(key: Key) -> str:
    """A right value for a key, as YAML in one line."""
    return key.example or key.default or _example(key.value)


def _example(value: Value) -> str:
    if isinstance(value, ListOf):
        return f"[{_example(value.item)}]"
    if isinstance(value, Either):
        return value.short.example
    return value.example() if isinstance(value, MapOf) else value.example


def homes(root: MapOf) -> Mapping[str, tuple[str, ...]]:
    """Where each key of the file belongs: key -> paths of mappings, such as ('weeks[]', 'live[]')."""
    found: dict[str, tuple[str, ...]] = {}

    def visit(value: Value, path: str) -> None:
        if isinstance(value, ListOf):
            visit(value.item, f"{path}[]")
        elif isinstance(value, Either):
            visit(value.full, path)
        elif isinstance(value, MapOf):
            for key in value.keys:
                found[key.name] = (*found.get(key.name, ()), path)
                visit(key.value, f"{path}.{key.name}" if path else key.name)

    visit(root, "")
    return found
