"""Actions are read back as they were written, and nothing else is taken for one."""

import pytest

from bot.core.actions import LIMIT, Action, read_number


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
