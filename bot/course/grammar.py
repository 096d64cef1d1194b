"""How a course file is declared: mappings of keys, lists, and single values.

The loader, the JSON Schema, the reference page and the forms all come from one such declaration (`bot.course.keys`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, Union

from bot.course.value_types.scalar import Scalar


@dataclass(frozen=True)
class Key:
    """One key of a mapping.

    `default` applies where the key is not written; `example` is what a fix writes where the key is missing. Both are
    YAML; without `example`, the default or the value type's own example is used.

    `looser`: whether a higher or a lower figure, either of them, or a longer span of the day loosens a promise to
    learners; `label` then says what it is, for the manager who reads of it.
    """

    name: str
    value: "Value"
    doc: str
    required: bool = False
    default: str | None = None
    example: str = ""
    looser: Literal["higher", "lower", "either", "wider"] | None = None
    label: str = ""


@dataclass(frozen=True)
class MapOf:
    """A mapping. `short`: a single value that may stand for the whole mapping.

    In one that is not `strict`, an unknown key that resembles no other is only a warning.
    """

    name: str
    doc: str
    keys: tuple[Key, ...]
    strict: bool = True
    short: Scalar | None = None

    def key(self, name: str) -> Key | None:
        return next((k for k in self.keys if k.name == name), None)

    def at(self, path: str) -> "MapOf | None":
        """The mapping that is declared at a path such as 'weeks[2].materials[0]'."""
        value: Value | None = self
        for part in path.split(".") if path else ():
            name, item, _ = part.partition("[")
            key = value.key(name) if isinstance(value, MapOf) else None
            value = key.value if key else None
            if item and isinstance(value, ListOf):
                value = value.item
        return value if isinstance(value, MapOf) else None

    @cached_property
    def homes(self) -> Mapping[str, tuple[str, ...]]:
        """Where each key of the file belongs: key -> paths of mappings, such as ('weeks[]', 'live[]')."""
        found: dict[str, tuple[str, ...]] = {}

        def visit(value: Value, path: str) -> None:
            if isinstance(value, ListOf):
                visit(value.item, f"{path}[]")
            elif isinstance(value, MapOf):
                for key in value.keys:
                    found[key.name] = (*found.get(key.name, ()), path)
                    visit(key.value, f"{path}.{key.name}" if path else key.name)

        visit(self, "")
        return found


@dataclass(frozen=True)
class ListOf:
    """A list of `least` to `most` items. Where `lone` is set, one item may stand without a list."""

    item: "Value"
    least: int = 0
    lone: bool = False
    most: int = 100


Value = Union[Scalar, MapOf, ListOf]  # noqa: UP007 - the names are declared above as strings


def example_of(value: Key | Value) -> str:
    """A valid value, as YAML in one line: of a mapping its short form or its required keys."""
    if isinstance(value, Key):
        return value.example or value.default or example_of(value.value)
    if isinstance(value, ListOf):
        return f"[{example_of(value.item)}]"
    if isinstance(value, Scalar):
        return value.example
    return value.short.example if value.short else mapping_example(value)


def mapping_example(declared: MapOf) -> str:
    """The required keys of a mapping in one line."""
    return "{" + ", ".join(f"{k.name}: {example_of(k)}" for k in declared.keys if k.required) + "}"


def scalar_of(value: Value) -> Scalar | None:
    """The single value that may stand here, alone or as an item; None where only mappings may."""
    inner = value.item if isinstance(value, ListOf) else value
    return inner.short if isinstance(inner, MapOf) else inner if isinstance(inner, Scalar) else None
