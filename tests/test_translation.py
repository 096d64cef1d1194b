"""Words for people go through gettext, so that a catalogue can say them in another language."""

import ast
import re
from collections.abc import Iterator
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir

from bot.core import translation
from bot.core.message import Bold
from bot.core.translation import _, _n, phrase

ROOT = Path(__file__).parents[1]
FEATURES = ROOT / "bot" / "features"
ADAPTERS = ROOT / "adapters"
DRAWING = ("render", "controls", "forms", "modals", "filling", "answers", "reply", "direct", "threads", "shell")
"""What adapters say themselves: around messages, at fields, in answers."""

VIEWS = sorted(
    [*FEATURES.glob("*/*views.py"), *(path for path in ADAPTERS.rglob("*.py") if path.stem in DRAWING)], key=str
)
MODULES = sorted([*FEATURES.rglob("*.py"), *ADAPTERS.rglob("*.py")], key=str)
WRAPPERS = {"_": None, "N_": None, "_n": (1, 2), "phrase": None}
"""What Babel looks for, and which arguments hold words."""

PASSED_ON = {"Action", "startswith", "endswith", "split", "partition", "rpartition", "join", "replace", "removeprefix"}
PASSED_ON |= {"TargetGone"}
"""Calls whose texts nobody reads, or the operator alone."""


def is_for_people(text: str) -> bool:
    """Whether a literal reads like words: a capitalised word, or two words. A command and the bot's name are the same
    in each language, and nobody reads tags."""
    if text.startswith("/cohort") or text == "Pacekeeper":
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
                words = 2 if name == "_n" else 1
                for given in (*node.args[words:], *node.keywords):
                    yield from visit(given)
                return
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "__all__":
            return
        if isinstance(node, ast.Expr | ast.Compare | ast.Slice | ast.arguments):
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


@pytest.mark.parametrize("module", VIEWS, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_a_view_says_nothing_past_gettext(module: Path) -> None:
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


def test_babel_collects_every_text_with_its_places() -> None:
    found = list(extract_from_dir(str(FEATURES), [("**.py", "python")], keywords=WRAPPERS, comment_tags=()))
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
