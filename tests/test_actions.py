"""Actions are read back as they were written, and nothing else is taken for one."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app.features import make_registry
from bot.core.actions import LIMIT, Action, read_number

FEATURES = Path(__file__).parents[1] / "bot" / "features"


def test_an_action_comes_back_as_it_was_written() -> None:
    action = Action("questions", "mark", 7, "12.34: with a colon / and a slash", 2)
    assert Action.decode(action.encode()) == action


@pytest.mark.parametrize(
    "text", ["", "nonsense", "a.b/1/", "a/1/2:", "a.b/1/2", "a.b/²/1:", "a.b/1/²:", "a.b/1/٣:", f"a.b/1/{'9' * 20}:"]
)
def test_what_we_never_wrote_is_no_action(text: str) -> None:
    assert Action.decode(text) is None


def test_one_that_no_platform_would_carry_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than"):
        Action("a", "b", 1, "x" * LIMIT).encode()


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("17", 17), ("", None), ("-1", None), ("²", None), ("٣", None)])
def test_a_number_of_a_subject(text: str, number: int | None) -> None:
    assert read_number(text) == number


def test_a_number_that_no_database_holds_is_none() -> None:
    assert read_number("9" * 10) is None


def named() -> Iterator[tuple[str, str, str]]:
    """Every action that a feature names in words, often another feature's: where, whose, which."""
    for file in sorted(FEATURES.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Action", "_at"):
                words = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                if len(words) == 2:
                    yield f"{file.relative_to(FEATURES)}:{node.lineno}", words[0], words[1]


def test_every_button_of_another_feature_does_something() -> None:
    registry, found = make_registry(), list(named())
    assert any(feature not in ("command", Path(where).parts[0]) for where, feature, _ in found)
    for where, feature, name in found:
        behind = (
            registry.command(name)
            if feature == "command"
            else registry.handler(feature, name, False) or registry.handler(feature, name, True)
        )
        assert behind, f"{where}: nothing is behind {feature}.{name}"
