"""Small mappings as a line of a form: 'Watch it: 30' for `{item: Watch it, minutes: 30}`, '50, 70' for a metric."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.core.translation import _
from bot.course.grammar import Key, ListOf, MapOf, Value
from bot.course.patch import entries, written
from bot.course.source import MappingNode, Node, ScalarNode, SequenceNode
from bot.course.value_types.numbers import Whole
from bot.course.value_types.scalar import Scalar, Wrong
from bot.course.value_types.texts import Id

_SIGN, _SPACE = re.compile(r"\s*[:,;=]\s*"), re.compile(r"\s+")


def compound_of(value: Value) -> MapOf | None:
    """The mapping that a form holds as a line, alone or as an item of a list: one of which every key is required and
    takes a single value."""
    inner = value.item if isinstance(value, ListOf) else value
    if not isinstance(inner, MapOf):
        return None
    return inner if all(key.required and isinstance(key.value, Scalar) for key in inner.keys) else None


def example(declared: MapOf) -> str:
    return _joined(declared, [_example(key) for key in declared.keys])


def _example(key: Key) -> str:
    assert isinstance(key.value, Scalar)
    return _("Watch it") if key.name == "item" and len(key.example) == 0 else key.example or key.value.example


def lines_in(value: Node | None, declared: MapOf) -> list[str] | None:
    """What is written as lines; None if no form can hold it."""
    nodes = value.value if isinstance(value, SequenceNode) else [] if value is None else [value]
    found: list[str] = []
    for node in nodes:
        if isinstance(node, MappingNode):
            said = {name: part for name, (_key, part) in entries(node).items()}
            parts = [said.get(key.name) for key in declared.keys]
            if set(said) != {key.name for key in declared.keys} or not all(isinstance(p, ScalarNode) for p in parts):
                return None
            found.append(_joined(declared, [str(p.value) for p in parts if p is not None]))
        elif isinstance(node, ScalarNode) and (declared.short is not None or not node.value):
            found += [str(node.value)] if node.value else []
        else:
            return None
    return found


def read(line: str, declared: MapOf) -> Mapping[str, str]:
    """Key -> text. Raises ValueError with words for the person who fills in the form."""
    parts = _split(line, declared)
    for n, (key, part) in enumerate(zip(declared.keys, parts, strict=False)):
        assert isinstance(key.value, Scalar)
        try:
            key.value.parse(part)
        except Wrong as wrong:
            if wrong.instead and len(parts) == len(declared.keys):
                # It can only mean that: '1 h' is 60 minutes.
                parts[n] = wrong.instead
                continue
            raise ValueError(f"{wrong.message} {such_as(declared)}".replace("`", "")) from None
    if len(parts) != len(declared.keys) or not all(parts):
        raise ValueError(such_as(declared))
    return dict(zip((key.name for key in declared.keys), parts, strict=True))


def such_as(declared: MapOf) -> str:
    return _("Such as: {example}", example=example(declared))


def _split(line: str, declared: MapOf) -> list[str]:
    """From its end: a title may have a colon. A unit after the number, as in '30 min', is taken along. Of numbers alone
    the words around them are left out: '60 % come, 80 % worth it'."""
    if all(isinstance(key.value, Whole) for key in declared.keys):
        numbers = re.findall(r"[0-9]+", line)
        if len(numbers) != len(declared.keys):
            raise ValueError(f"{_('Write it in numbers.')} {such_as(declared)}")
        return numbers
    rest, parts = re.sub(r"(?<=[0-9])\s*(?:min|%)", "", line.strip()), list[str]()
    for _more in declared.keys[1:]:
        ends = list(_SIGN.finditer(rest)) or list(_SPACE.finditer(rest))
        if not ends:
            break
        parts.insert(0, rest[ends[-1].end() :])
        rest = rest[: ends[-1].start()]
    return [rest, *parts]


def written_as(line: str, declared: MapOf, ids: Sequence[str]) -> tuple[str, str]:
    """A line as a form shows it afterwards, and as YAML. A word that is none of the `ids` stands for the whole, where
    that is possible. Raises ValueError."""
    if declared.short is not None and isinstance(declared.keys[0].value, Id) and line not in ids:
        return line, written(declared.short, line)
    pairs = list(_pairs(read(line, declared), declared))
    shown, inner = [value for _name, value, _yaml in pairs], [pair for _name, _value, pair in pairs]
    return _joined(declared, shown), f"{{{', '.join(inner)}}}"


def _pairs(said: Mapping[str, str], declared: MapOf) -> Iterator[tuple[str, str, str]]:
    for key in declared.keys:
        assert isinstance(key.value, Scalar)
        value = str(key.value.parse(said[key.name])) if isinstance(key.value, Whole) else said[key.name]
        yield key.name, value, f"{key.name}: {written(key.value, value)}"


def _joined(declared: MapOf, parts: Sequence[str]) -> str:
    return (", " if isinstance(declared.keys[0].value, Whole) else ": ").join(parts)
