"""Course files made to do harm: an answer in words, at their line, within bounded CPU time."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app.demo import COURSE_FILE
from bot.course.loader import check, course_of, load
from bot.course.source import LONGEST_LINE, MAX_BYTES, MAX_PROBLEMS
from tests.effort import tries
from tests.hostile.cost import seconds
from tests.kit import COURSE

LAUGHS = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) if n else 'x, x, x'}]\n" for n in range(12))
HARMFUL: Mapping[str, str] = {
    "a billion laughs": LAUGHS,
    "many errors": "weeks:\n" + "- a\n" * (MAX_BYTES // 5),
    "brackets": "[" * (LONGEST_LINE - 1),
    "nested keys": "".join(" " * n + "a:\n" for n in range(600)),
    "a long line": "title: " + "x" * LONGEST_LINE,
    "a number of 1,900 digits": COURSE.replace("300", "9" * 1900),
    "an infinity": COURSE.replace("300", ".inf"),
    "a large float": COURSE.replace("300", "1e999999"),
    "merged again and again": "a: &a {b: 1}\n<<: [" + "*a, " * 400 + "*a]\n",
    "NUL": COURSE + "\x00",
    "half a pair": COURSE.replace("Demo course", "Demo \ud800"),
    "too large": "# a\n" * MAX_BYTES,
}


Path = tuple[str | int, ...]


def paths(node: Any, above: Path = ()) -> Iterator[Path]:
    """The place of each value below a node."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in inside:
        yield (*above, key)
        yield from paths(value, (*above, key))


def put(node: Any, path: Path, value: Any) -> Any:
    """A copy of a node with another value at a place."""
    if not path:
        return value
    if isinstance(node, dict):
        return {key: put(one, path[1:], value) if key == path[0] else one for key, one in node.items()}
    return [put(one, path[1:], value) if n == path[0] else one for n, one in enumerate(node)]


@pytest.mark.parametrize("kind", HARMFUL)
def test_it_is_refused_in_words_and_in_time(kind: str) -> None:
    found = [p for p in check(HARMFUL[kind]) if p.severity == "error"]
    assert 0 < len(found) <= MAX_PROBLEMS
    assert all(p.message and p.fix for p in found)


@pytest.mark.parametrize("written", ["Demo \u202ecourse", '"Demo \\u202ecourse"', "Demo \u2066course"])
def test_what_turns_the_direction_of_writing_is_refused_at_its_line(written: str) -> None:
    text = COURSE.replace("title: Demo course", f"title: {written}")
    (problem,) = [p for p in check(text) if p.severity == "error"]
    assert (problem.line, problem.code) == (1, "character")
    assert "turns the text around" in problem.message


ODD = [None, "x", 3, True, [], {}, [None], [{}], {"a": 1}, ["x", "x"], {"start": {"text": "x"}}]
EVERYTHING = yaml.safe_load(COURSE_FILE.read_text(encoding="utf-8"))
EVERYTHING["discussions"][0]["rounds"] = [{"opens": "Mon 09:00", "closes": "Wed 09:00", "fields": ["Claim"]}]


@settings(max_examples=tries(60))
@given(path=st.sampled_from([*paths(EVERYTHING)]), odd=st.sampled_from(ODD))
def test_a_value_of_any_other_shape_gets_an_answer(path: Path, odd: Any) -> None:
    check(yaml.safe_dump(put(EVERYTHING, path, odd), allow_unicode=True))


def test_a_file_full_of_errors_costs_a_bounded_time() -> None:
    few = "weeks:\n" + "- a\n" * 500
    many = "weeks:\n" + "- a\n" * 8_000
    # Sixteen times the file, and as many problems: no more than reading it takes.
    assert seconds(lambda: check(many)) < 40 * seconds(lambda: check(few)) + 0.5


@pytest.mark.parametrize("escape", ["\\ud83d", "\\0", "\\x1b[31m", "\\u2067", "\\x7f", "\\r"])
@pytest.mark.parametrize("place", ["title: Demo course", "id: demo", "goal: Begin"])
def test_what_a_file_may_not_hold_is_not_written_by_an_escape_either(escape: str, place: str) -> None:
    key, _, value = place.partition(": ")
    text = COURSE.replace(place, f'{key}: "{value}{escape}"', 1)
    (problem,) = [p for p in check(text) if p.code == "character"]
    assert problem.line == 1 + COURSE[: COURSE.index(place)].count("\n")
    str(problem).encode()


def test_an_emoji_that_a_program_wrote_as_two_escapes_is_an_emoji() -> None:
    text = COURSE.replace("title: Demo course", r'title: "Demo \ud83d\ude00"')
    assert load(text).title == "Demo \U0001f600"


def test_a_cohort_whose_file_was_stored_with_such_an_escape_goes_on() -> None:
    assert course_of(COURSE.replace("title: Demo course", r'title: "Demo \ud83d"')).title == "Demo \ufffd"


def test_a_course_of_more_than_two_years_is_refused_at_once() -> None:
    many = COURSE[: COURSE.index("weeks:")] + "weeks:\n" + "- {title: A week, goal: Learn}\n" * 3000
    (problem,) = [p for p in check(many) if p.severity == "error" and p.code == "range"]
    assert "3,000 items; 104 fit" in problem.message
