"""Words for people go through gettext, so that a catalogue can say them in another language."""

import ast
import re
from collections.abc import Iterator
from gettext import NullTranslations
from inspect import cleandoc
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from bot.app.features import make_registry
from bot.core import translation
from bot.core.errors import Refused
from bot.core.message import Bold
from bot.core.time import zones
from bot.core.translation import _, _n, phrase
from tests.extraction import choices, docstrings, keys

ROOT = Path(__file__).parents[1]
HOUSE = [ROOT / "bot" / name for name in ("core", "features", "runtime")] + [ROOT / "adapters"]
COURSE = [ROOT / "bot" / "course" / f"{name}.py" for name in ("calendar", "edit", "difference", "structure")]
GATE = [ROOT / "bot" / "course" / "inspection.py"]
GATE += [
    path
    for path in (ROOT / "bot" / "course" / "gate").glob("*.py")
    if path.stem not in ("loosening", "replacing", "values")
]
"""What of the course file's own code people read in the chat: the forms that edit it, what a change would do, why a
live session is held."""

OPERATOR = {
    "bot/core": "actions advice contacts day_words documents errors incoming keeping names_in_text time typed",
    "bot/runtime": "budget delivery keeping outlook registry ticks",
    "bot/features": "detecting kinds naming personal resolving scoring wording",
    "bot/features/reviews/files": "colours office opendocument pdf sheets word",
    "adapters/discord": "adapter budget check client connection export failures history lookup",
    "adapters/sandbox": "acts adapter api database deliveries driver faults guard members performer platform",
    "adapters/slack": "adapter api check errors export files http inbox listeners lookup manifest send sources teams "
    "tokens workspace",
}
"""Modules whose words only the operator, a developer or a pattern reads: logs, checks, the sandbox's JSON interface,
declarations that are wrong, and what people's own texts are searched for."""

KEYS = ROOT / "bot" / "course" / "keys.py"
MODULES = sorted([path for folder in HOUSE for path in folder.rglob("*.py")] + COURSE + GATE, key=str)


def is_read(module: Path) -> bool:
    """Whether people read the module's words."""
    place = module.relative_to(ROOT)
    names = [names.split() for folder, names in OPERATOR.items() if place.is_relative_to(folder)]
    return module.stem not in {name for some in names for name in some}


READ = [module for module in MODULES if is_read(module)]
WRAPPERS = {"_": None, "N_": None, "_n": (1, 2), "phrase": None, "phrase_n": (1, 2)}
"""What Babel looks for, and which arguments hold words."""

PASSED_ON = {
    *(
        "Action",
        "Blocked",
        "Contribution",
        "DeliveryError",
        "Finding",
        "KeptTable",
        "LookupError",
        "NewType",
        "PersonShut",
        "TargetGone",
    ),
    *(
        "RateLimited",
        "TypeError",
        "TypeVar",
        "Unavailable",
        "compile",
        "endswith",
        "error",
        "fullmatch",
        "get_args",
        "info",
        "join",
    ),
    *("log", "log_failure", "match", "partition", "register", "removeprefix", "replace", "row", "rows", "rpartition"),
    *("run", "search", "split", "startswith", "sub", "warning", "words_of", "listed"),
}
"""Calls whose texts nobody reads, or the operator alone."""


UNSHOWN = {"Pacekeeper", "late work", "not started", " by instructor"} | {zone.split("/")[0] for zone in zones()}
"""A name, and values that are compared or stand in a course file."""

NO_PROSE = re.compile(
    r"\\[bdswW]|\(\?|\||charset=|filename|<!doctype|<article|\b(SELECT|INSERT|UPDATE|CREATE|PRAGMA|Etc/)\b"
)
"""Patterns, statements, headers and templates."""

WORD_LISTS = {
    "__all__",
    "message",
    "fix",
    "_ASKED_FOR",
    "_OPENERS",
    "_HELP",
    "_STOP",
    "_SKIP",
    "_SHORT",
    "_ENDS",
    "_ENDS_OF_BE",
    "_COMMON",
    "_STOP_WORDS",
    "NEAR",
}
"""What holds words that people's own texts are compared with, or diagnostics of a course file."""


def _marked() -> set[str]:
    """The constants that are marked for translation: where they are stored, they stay as they are."""
    nodes = (node for module in MODULES for node in ast.walk(ast.parse(module.read_text())))
    calls = (node for node in nodes if isinstance(node, ast.Call))
    found = (call.args[0] for call in calls if getattr(call.func, "id", "") == "N_" and call.args)
    return {word.value for word in found if isinstance(word, ast.Constant) and isinstance(word.value, str)}


MARKED = _marked()


def is_for_people(text: str) -> bool:
    """Whether a literal reads like words: a capitalised word, or two words. A command and the bot's name are the same
    in each language, and nobody reads tags."""
    if text.startswith(("/cohort", "`/cohort")) or text in UNSHOWN or text in MARKED or NO_PROSE.search(text):
        return False
    text = re.sub(r"<[^<>]*>", "", text).strip()
    return re.search(r"[A-Za-z]{2}[,.:;]? [A-Za-z(]", text) is not None or re.match(r"[A-Z][a-z]", text) is not None


def bare(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, words) of literals for people that no wrapper holds."""

    def visit(node: ast.AST) -> Iterator[tuple[int, str]]:
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in PASSED_ON:
                return
            if name in WRAPPERS:
                words = 2 if name in ("_n", "phrase_n") else 1
                for given in (*node.args[words:], *node.keywords):
                    yield from visit(given)
                return
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in WORD_LISTS:
            return
        if isinstance(node, ast.Assert | ast.Expr | ast.Compare | ast.MatchValue | ast.Slice | ast.arguments):
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and is_for_people(node.value):
            yield node.lineno, node.value
        for field, child in ast.iter_fields(node):
            if field in ("annotation", "returns", "keys", "slice", "decorator_list"):
                continue
            for each in child if isinstance(child, list) else [child]:
                if isinstance(each, ast.AST):
                    yield from visit(each)

    yield from visit(tree)


@pytest.mark.parametrize("module", READ, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_module_says_nothing_past_gettext(module: Path) -> None:
    assert list(bare(ast.parse(module.read_text()))) == []


def test_bare_words_are_found() -> None:
    found = bare(
        ast.parse("def view():\n    '''Says it.'''\n    return paragraph('Two words', _('Not these'), f'Nor {x}')")
    )
    assert list(found) == [(3, "Two words"), (3, "Nor ")]
    nested = bare(ast.parse("text = _('It is {what}.', what='Not translated')"))
    assert list(nested) == [(1, "Not translated")]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_what_is_translated_is_a_literal(module: Path) -> None:
    """A catalogue knows no text that is put together before it is looked up."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRAPPERS:
            assert not isinstance(node.args[0], ast.JoinedStr | ast.BinOp), f"line {node.lineno}"


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_what_is_translated_is_whole(module: Path) -> None:
    """A fragment such as ', due ' cannot be translated: its words depend on what stands around it."""
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRAPPERS:
            words = [argument.value for argument in node.args[:2] if isinstance(argument, ast.Constant)]
            for text in (word for word in words if isinstance(word, str)):
                assert text == text.strip(" ,;").lstrip(".:)"), f"line {node.lineno}"


def test_the_template_has_what_babel_cannot_see() -> None:
    """Docstrings of commands, shortcuts and errors, choices of parameters, and the words of the course file's keys."""
    trees = [ast.parse(module.read_text()) for module in (*MODULES, KEYS)]
    found = {said for tree in trees for _, said in (*docstrings(tree), *choices(tree), *keys(tree))}
    registry = make_registry()
    said = {cleandoc(c.shape.__doc__ or "").split("\n")[0] for c in registry.commands}
    said |= {p.label_of(choice) for c in registry.commands for p in c.parameters for choice in p.choices}
    said |= {s.summary for s in registry.shortcuts}
    said |= {cleandoc(error.__doc__ or "") for error in _below(Refused)}
    assert said - found == set()
    assert "How many wrap-ups must be answered." in found


def _below(error: type[Exception]) -> Iterator[type[Exception]]:
    yield error
    for inner in error.__subclasses__():
        yield from _below(inner)


def test_babel_collects_every_text_with_its_places() -> None:
    features = str(ROOT / "bot" / "features")
    found = list(extract_from_dir(features, [("**.py", "python")], keywords=WRAPPERS, comment_tags=()))
    assert len(found) > 500
    plural = [words for _path, _line, words, *_rest in found if isinstance(words, tuple)]
    assert ("{n} reply", "{n} replies") in plural


def test_a_catalogue_moves_names_and_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    class Backwards(NullTranslations):
        def gettext(self, message: str) -> str:
            return {"{name} is away.": "Away is {name}."}.get(message, message)

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return "{n} of them"

    monkeypatch.setattr(translation, "catalogue", Backwards())
    assert _("{name} is away.", name="{Mia}") == "Away is {Mia}."
    assert phrase("{name} is away.", name=Bold("Mia")) == ("Away is ", Bold("Mia"), ".")
    assert _n("{n} reply", "{n} replies", 2) == "2 of them"


def test_what_a_person_typed_is_never_read_as_words() -> None:
    typed = "{name} {0} {{}} %s"
    assert _("You wrote {text}.", text=typed) == f"You wrote {typed}."
    assert phrase("You wrote {text}.", text=typed) == (f"You wrote {typed}.",)
