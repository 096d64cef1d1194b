"""Pods, quiet rooms and reviews in a course file: what is wrong is named at its line, with a fix that loads."""

import pytest
import yaml

from bot.course.grammar import ListOf, MapOf, Value, example_of
from bot.course.keys import COURSE_FILE
from bot.course.loader import check, load
from bot.course.source import quoted
from bot.course.weeks import follow
from tests.kit import COURSE

WEEK = "  - {title: Zero, goal: Come, minutes: 60}\n"


def found(text: str) -> list[tuple[str, int, str]]:
    return [(p.code, p.line, p.fix) for p in check(f"{COURSE}{text}") if p.severity == "error"]


def test_the_week_of_pods_is_one_of_the_course() -> None:
    assert found("pods: {week: 3}\n") == []
    line = COURSE.count("\n") + 1
    ((code, at, fix),) = found("pods: {week: 9}\n")
    assert (code, at) == ("reference", line)
    assert "write a week from 1 to 3" in fix
    ((code, at, fix),) = found("pods:\n  opens: week 7 Wed 12:00\n")
    assert (code, at) == ("reference", line + 1)
    assert [code for code, _line, _fix in found("pods: {week: nowhere}\n")] == ["reference"]
    named = COURSE.replace("weeks:\n", "weeks:\n  - {id: begin, title: Zero, goal: Come, minutes: 60}\n")
    pods = load(f"{named}pods: {{week: begin}}\n").pods
    assert pods is not None
    assert pods.week == 1


def test_pods_move_with_their_week() -> None:
    text = f"{COURSE}pods: {{week: 2}}\n"
    longer = follow(load(text), text.replace("weeks:\n", f"weeks:\n{WEEK}"))
    pods = load(longer).pods
    assert pods is not None
    assert pods.week == 3


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("pods: {size: 3}", "range"),
        ("pods: {size: 7}", "range"),
        ("pods: {questions: []}", "empty"),
        ("pods: {questions: [a, b, c, d, e, f]}", "range"),
        ("rooms: [{id: r, weekly: yes, minutes: 481}]", "range"),
        ("rooms: [{id: r, weekly: yes, slots: [Mon, Tue, Wed, Thu, Fri, Sat, Sun, Mon]}]", "range"),
        ("reviews: [{id: r, milestone: m, rubric: [a], reviews: 0}]", "range"),
        ("reviews: [{id: r, milestone: m, rubric: [a], reviews: 11}]", "range"),
        ("reviews: [{id: r, milestone: m, rubric: [a], points: 101}]", "range"),
    ],
)
def test_every_number_has_its_bounds(text: str, code: str) -> None:
    problems = [p for p in check(f"{COURSE}{text}\n") if p.severity == "error"]
    assert code in {p.code for p in problems}, [(p.code, p.message) for p in problems]
    assert all(p.fix and p.line for p in problems)


def test_every_example_and_default_is_yaml() -> None:
    """They stand in fixes, where they are to be copied as they are."""

    def visit(value: Value, path: str) -> None:
        inner = value.item if isinstance(value, ListOf) else value
        for key in inner.keys if isinstance(inner, MapOf) and path.count(".") < 8 else ():
            for text in {key.default, key.example, example_of(key)} - {""}:
                assert list(yaml.safe_load(f"{{{key.name}: {text}}}")) == [key.name], (path, key.name, text)
            visit(key.value, f"{path}.{key.name}")

    visit(COURSE_FILE, "")


def test_a_text_that_needs_quotes_gets_them() -> None:
    for text in ("What works best?", "a, b", "- no", "x: y", "no", "#3"):
        assert yaml.safe_load(f"[{quoted(text)}, {quoted(text)}]")[1] in (text, False)
    assert quoted("What works best?") == '"What works best?"'
    assert quoted("plain words") == "plain words"


@pytest.mark.parametrize(
    "text",
    [
        "pods:\n  week: 1\n  questions:\n    - Who?\n    - Who?\n",
        "milestones:\n  - {id: draft, week: 1, title: Draft, due: Sun 18:00}\n"
        "reviews:\n  - id: look\n    milestone: draft\n    rubric:\n      - Your view\n      - Your view\n",
        "live:\n  - id: call\n    week: 1\n    title: The call\n    minutes: 20\n    slots: [Thu 09:00, Thu 21:00]\n"
        "    reflection:\n      - What did you see?\n      - What did you see?\n",
    ],
)
def test_what_is_asked_twice_in_one_form_is_named_at_its_line(text: str) -> None:
    ((_code, line, fix),) = (one for one in found(text) if one[0] == "duplicate-option")
    assert line == (COURSE + text).count("\n")
    assert "write another one, or leave it out" in fix
