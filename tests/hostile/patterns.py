"""Finds every regular expression of the packages, and generates inputs that could make it slow.

A pattern is found in two ways: compiled, as a value in a module (in a constant, a mapping, a class), or as the first
argument of a call to `re`. Its use determines where it may begin: `match` at one position, `search`, `sub` and `split`
at each.
"""

import ast
import builtins
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "adapters", "storage")
ANCHORED = frozenset({"match", "fullmatch"})
CALLS = frozenset({"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer", "compile"})

STAND_INS = ("x", '"', "]")
"""Placeholders for parts of a pattern that are known only at run time: parameters and loop variables."""

SAMPLES = " \n\t\r.,:;-_=+*#@<>[](){}|/\\'\"`~!?&%$^0a9AéZß\u200b\u202e\ufe0f\U0001f600"


@dataclass(frozen=True)
class Found:
    """A regular expression and its location; `anchored`: it begins only at the start of the text."""

    where: str
    pattern: re.Pattern[str]
    anchored: bool


@cache
def modules() -> Mapping[str, ModuleType]:
    """All modules of the packages except migrations, which read no input."""
    found = {}
    for package in PACKAGES:
        top = importlib.import_module(package)
        for info in pkgutil.walk_packages(top.__path__, f"{package}."):
            if "migrations" not in info.name and not info.name.endswith("__main__"):
                found[info.name] = importlib.import_module(info.name)
    return found


@cache
def everything() -> Sequence[Found]:
    sources = {name: Path(str(module.__file__)).read_text(encoding="utf-8") for name, module in modules().items()}
    return collect(modules(), sources)


def collect(modules: Mapping[str, ModuleType], sources: Mapping[str, str]) -> Sequence[Found]:
    """The patterns of these modules, once for each way of use."""
    found: dict[tuple[str, int, bool], Found] = {}
    whole = "\n".join(sources.values())
    barren: set[int] = set()
    for name, module in modules.items():
        for label, pattern in _held(module, barren):
            readers = sources[name] if label.startswith("_") else whole
            uses = set(re.findall(rf"\b{re.escape(label)}\.(\w+)", readers)) & CALLS
            # For a pattern in a mapping or under another name the use is unknown, so the costliest is assumed.
            each = Found(f"{name}.{label}", pattern, bool(uses) and uses <= ANCHORED)
            found[pattern.pattern, pattern.flags, each.anchored] = each
    held = set(found)
    for name, source in sources.items():
        for where, pattern, use in written(name, source, vars(modules[name])):
            anchored = use in ANCHORED
            # A pattern measured unanchored need not be measured anchored.
            if (pattern.pattern, pattern.flags, False) in found:
                continue
            # A compiled pattern was found as a module's value.
            if use == "compile" and (pattern.pattern, pattern.flags, True) in held:
                continue
            found.setdefault((pattern.pattern, pattern.flags, anchored), Found(where, pattern, anchored))
    return tuple(found.values())


def _held(module: ModuleType, barren: set[int]) -> Iterator[tuple[str, re.Pattern[str]]]:
    """The compiled patterns among a module's values and their contents. `barren` collects the values without any, since
    most modules import the same ones."""
    for label, value in vars(module).items():
        if id(value) not in barren and (not isinstance(value, type) or value.__module__ == module.__name__):
            inside = list(_inside(value, 4))
            if not inside:
                barren.add(id(value))
            yield from ((inner or label, pattern) for inner, pattern in inside)


def _inside(value: Any, levels: int) -> Iterator[tuple[str, re.Pattern[str]]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield "", value
    elif levels and isinstance(value, Mapping):
        for each in value.values():
            yield from _inside(each, levels - 1)
    elif levels and isinstance(value, tuple | list | set | frozenset):
        for each in value:
            yield from _inside(each, levels - 1)
    elif levels and isinstance(value, type):
        for label, each in vars(value).items():
            yield from ((inner or label, pattern) for inner, pattern in _inside(each, levels - 1))


def unreadable(module: str, source: str, space: Mapping[str, Any]) -> Iterator[str]:
    """Uses of `re` whose pattern cannot be found, and how to write them instead."""
    tree = ast.parse(source)
    calls = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    returned = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Return)}
    for node in ast.walk(tree):
        where = f"{module}:{getattr(node, 'lineno', 0)}"
        if (isinstance(node, ast.ImportFrom) and node.module == "re") or (
            isinstance(node, ast.Import) and any(a.name == "regex" or (a.name == "re" and a.asname) for a in node.names)
        ):
            yield f"{where}: write 'import re'"
        elif isinstance(node, ast.Attribute) and _is_function(node) and id(node) not in calls:
            yield f"{where}: call re.{node.attr} itself, without an alias or a partial"
        elif isinstance(node, ast.Call) and _is_function(node.func):
            pattern = _pattern(node)
            # A compiled pattern that a function returns is found as a module's value.
            made_for_a_module = id(node) in returned and ast.unparse(node.func) == "re.compile"
            if pattern is None or not (made_for_a_module or _is_readable(pattern, space)):
                yield f"{where}: write the pattern into the call, or compile it into a constant of the module"


def _is_function(node: ast.expr) -> bool:
    """Whether an expression is a function of `re` that takes a pattern."""
    return isinstance(node, ast.Attribute) and ast.unparse(node.value) == "re" and node.attr in CALLS


def _pattern(call: ast.Call) -> ast.expr | None:
    named = (keyword.value for keyword in call.keywords if keyword.arg == "pattern")
    first = call.args[0] if call.args else next(named, None)
    return None if isinstance(first, ast.Starred) else first


def _is_readable(pattern: ast.expr, space: Mapping[str, Any]) -> bool:
    if isinstance(pattern, ast.Name):
        return isinstance(space.get(pattern.id), str | re.Pattern)
    return any(True for _ in _texts(pattern, space))


def written(module: str, source: str, space: Mapping[str, Any]) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """(location, pattern, function) of the patterns that are arguments of calls to `re`."""
    # Most modules use no `re`, and need not be parsed.
    for node in ast.walk(ast.parse(source)) if re.search(r"\bre\.", source) else ():
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or not _is_function(node.func):
            continue
        pattern = _pattern(node)
        if pattern is not None:
            flags = _flags(node)
            for text in _texts(pattern, space):
                yield f"{module}:{node.lineno}", re.compile(text, flags), node.func.attr


def _flags(call: ast.Call) -> int:
    """The flags of a call."""
    flags = 0
    for part in ast.walk(call):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "re":
            value = getattr(re, part.attr)
            flags |= value if isinstance(value, re.RegexFlag) else 0
    return flags


def _texts(node: ast.expr, space: Mapping[str, Any]) -> Iterator[str]:
    """The possible texts of a pattern's expression, with placeholders for unknown parts."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
        return
    for stand_in in STAND_INS:
        names = {n.id: stand_in for n in ast.walk(node) if isinstance(n, ast.Name) and n.id not in space}
        names = {name: text for name, text in names.items() if not hasattr(builtins, name)}
        made = _evaluated(node, {**space, **names})
        if made is not None:
            yield made
        if not names:
            return


def _evaluated(node: ast.expr, space: Mapping[str, Any]) -> str | None:
    """None if the whole pattern is a value from elsewhere, which is found there."""
    try:
        made = eval(compile(ast.Expression(node), "<pattern>", "eval"), dict(space))
        re.compile(made)
    except (AttributeError, TypeError, re.error):
        return None
    return made if isinstance(made, str) else None


# Inputs


def inputs(pattern: re.Pattern[str], size: int) -> Iterator[tuple[str, str]]:
    """(name, text) of texts of about `size` characters derived from the pattern: long runs of its repeated parts, and
    repeated near matches."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    whole, parts = _sample(tree), list(dict.fromkeys(_parts(tree)))
    seeds = [*parts, whole, whole[:-1], whole[1:], *(a + b for a, b in pairwise(parts))]
    pumps = [p for p in dict.fromkeys(seeds) if p][:60]
    for pump in pumps:
        run = (pump * (size // len(pump) + 1))[:size]
        for name, text in (("", run), ("ended", f"{run}\x00"), ("begun", f"{whole[:-1]}{run}\n!")):
            yield f"{pump!r} {name}", text
    for before, pump in _repeats(tree):
        run = (pump * (size // max(1, len(pump)) + 1))[:size]
        yield f"{before!r} then {pump!r}", f"{before}{run}\x00"
        yield f"{before!r} again", ((before + pump) * (size // max(1, len(before + pump)) + 1))[:size] + "\x00"
    for sign in SAMPLES:
        yield f"{sign!r}", sign * size + "\x01"
        yield f"a{sign!r}", ("a" + sign) * (size // 2)


def _parts(tree: Any) -> Iterator[str]:
    """A sample of each part: single characters, runs of letters, and groups."""
    letters = ""
    for code, what in tree:
        if code is codes.LITERAL:
            letters += chr(what)
            yield chr(what)
            continue
        if len(letters) > 1:
            yield letters
        letters = ""
        for inner in _inner(code, what):
            yield from _parts(inner)
            yield _sample(inner)
        if code in (codes.IN, codes.ANY, codes.NOT_LITERAL, codes.CATEGORY):
            yield from _members(code, what)
    if len(letters) > 1:
        yield letters


def _inner(code: Any, what: Any) -> list[Any]:
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        return [what[2]]
    if code is codes.SUBPATTERN:
        return [what[3]]
    if code is codes.ATOMIC_GROUP:
        return [what]
    if code is codes.BRANCH:
        return list(what[1])
    if code in (codes.ASSERT, codes.ASSERT_NOT):
        return [what[1]]
    return []


def _members(code: Any, what: Any) -> list[str]:
    """Some characters of a character class."""
    piece = re.compile(_class(code, what), re.DOTALL)
    found = [c for c in SAMPLES if piece.fullmatch(c)]
    if code is codes.IN:
        for kind, value in what:
            found += [chr(value)] if kind is codes.LITERAL else [chr(value[0])] if kind is codes.RANGE else []
    usable = [c for c in dict.fromkeys(found) if piece.fullmatch(c)]
    return [*usable[:3], *usable[-2:]]


_CATEGORIES = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def _class(code: Any, what: Any) -> str:
    if code is codes.ANY:
        return "."
    if code is codes.NOT_LITERAL:
        return f"[^{re.escape(chr(what))}]"
    text = ""
    for kind, value in what:
        if kind is codes.LITERAL:
            text += re.escape(chr(value))
        elif kind is codes.RANGE:
            text += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif kind is codes.CATEGORY:
            text += _CATEGORIES[str(value)]
        elif kind is codes.NEGATE:
            text = "^" + text
    return f"[{text}]"


def _sample(tree: Any) -> str:
    """A short text that the tree matches or nearly matches."""
    text = ""
    for code, what in tree:
        if code is codes.LITERAL:
            text += chr(what)
        elif code in (codes.IN, codes.ANY, codes.NOT_LITERAL):
            text += (_members(code, what) or ["a"])[0]
        elif code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            text += _sample(what[2]) * max(1, min(what[0], 20))
        elif code is codes.BRANCH:
            text += _sample(what[1][0])
        elif code in (codes.SUBPATTERN, codes.ATOMIC_GROUP):
            text += _sample(_inner(code, what)[0])
    return text


def _repeats(tree: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """(prefix, one repetition) of every repeated part."""
    for at, (code, what) in enumerate(tree):
        lead = before + _sample(tree[:at])
        if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
            inner = what[2]
            if len(inner) == 1 and inner[0][0] in (codes.IN, codes.ANY, codes.NOT_LITERAL):
                yield from ((lead, sign) for sign in _members(*inner[0]))
            else:
                yield lead, _sample(inner)
        for each in _inner(code, what):
            yield from _repeats(each, lead)
