"""Babel's extraction for this house: what gettext is called with, the docstrings that people read, the choices of
commands' parameters, and the words of the course file's keys."""

import ast
from collections.abc import Iterator
from inspect import cleandoc
from typing import IO, Any

from babel.messages.extract import extract_python

ERRORS = {"PacekeeperError", "Refused", "Malformed", "NotAllowed", "NotFound", "Spent", "NeedsOperator"}


def extract(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[tuple[int, str, Any, list[str]]]:
    """The extraction method that `babel.cfg` names."""
    yield from extract_python(file, keywords, tags, options)
    file.seek(0)
    for line, said in (*docstrings(tree := ast.parse(file.read())), *choices(tree), *keys(tree), *kept(tree)):
        yield line, "_", said, []


def docstrings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of the docstrings that people read: of commands' parameters, shortcuts and errors."""
    shapes = {
        argument.annotation.id
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef) and _declared(function, "command")
        for argument in function.args.args
        if isinstance(argument.annotation, ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            read = node.name in shapes or node.name in ERRORS or bool(bases & ERRORS)
        else:
            read = isinstance(node, ast.FunctionDef) and _declared(node, "shortcut")
        if read and isinstance(node, ast.ClassDef | ast.FunctionDef) and (said := ast.get_docstring(node, clean=False)):
            text = cleandoc(said)
            yield node.lineno, text.split("\n")[0] if isinstance(node, ast.ClassDef) and node.name in shapes else text


def choices(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of the labels that `Parameter.label_of` makes: `Annotated[Literal["week"], Param(…)]`."""
    for node in ast.walk(tree):
        parts = node.slice.elts if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple) else []
        if any(isinstance(part, ast.Call) and getattr(part.func, "id", "") == "Param" for part in parts):
            for value in ast.walk(parts[0]):
                if isinstance(value, ast.Constant) and isinstance(value.value, str):
                    yield value.lineno, value.value.replace("_", " ").capitalize()


def keys(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of the names and descriptions in bot/course/keys.py, which forms show."""
    for node in ast.walk(tree):
        place = {"MapOf": 0, "Key": 2}.get(getattr(node.func, "id", "")) if isinstance(node, ast.Call) else None
        if isinstance(node, ast.Call) and place is not None and len(node.args) > place:
            said = node.args[place]
            if isinstance(said, ast.Constant) and isinstance(said.value, str):
                yield said.lineno, said.value


def _declared(function: ast.FunctionDef, kind: str) -> bool:
    """Whether `@feature.KIND(…)` stands above it."""
    calls = [d.func for d in function.decorator_list if isinstance(d, ast.Call)]
    return any(isinstance(call, ast.Attribute) and call.attr == kind for call in calls)


def kept(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, text) of what declared tables say to the people whom they are about."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "KeptTable":
            said = [*node.args[1:2], *(k.value for k in node.keywords if k.arg in ("what", "why", "until"))]
            yield from ((s.lineno, s.value) for s in said if isinstance(s, ast.Constant) and isinstance(s.value, str))
