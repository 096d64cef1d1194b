"""The course file of the next run: the same course, with what was learnt above each item."""

from pathlib import Path

import pytest

from bot.course.evidence import annotated
from bot.course.loader import load
from tests.kit import COURSE

COURSES = sorted((Path(__file__).parents[1] / "courses").glob("*.yaml"))


def test_a_note_stands_above_its_item_and_as_far_in() -> None:
    found = annotated(COURSE, {"weeks[1]": ["20 active", "12 answered"], "prompts[0]": ["well liked"]})
    lines = found.split("\n")
    at = lines.index("  # 20 active")
    assert lines[at + 1 : at + 3] == ["  # 12 answered", "  - {title: Two, goal: Go on, minutes: 60}"]
    assert lines[lines.index("  # well liked") + 1] == "  - id: wrapup"
    assert load(found) == load(COURSE)
    assert [line for line in lines if not line.lstrip().startswith("#")] == COURSE.split("\n")


@pytest.mark.parametrize("file", COURSES, ids=lambda f: f.stem)
def test_a_real_course_stays_the_course_that_it_is(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    course = load(text)
    notes = {path: [f"about {path}"] for path in course.spots if path.endswith("]")}
    found = annotated(text, notes)
    assert load(found) == course
    assert all(f"# about {path}\n" in found for path in notes)


def test_what_stands_in_the_middle_of_a_line_is_told_at_the_top() -> None:
    text = (
        'course: {id: c, title: C, weekly_minutes: 60}\nweeks: [{title: "One\n  and more", goal: A}, '
        "{title: Two, goal: B}]\n"
    )
    found = annotated(text, {"weeks[0]": ["first"], "weeks[1]": ["second"]})
    assert load(found) == load(text)
    assert "# weeks[1]: second\n" in found
    assert "first" in found


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_the_ends_of_its_lines_stay(end: str) -> None:
    text = COURSE.replace("\n", end)
    found = annotated(text, {"weeks[2]": ["last"]})
    assert f"  # last{end}  - {{title: Three" in found
    assert found.replace(f"  # last{end}", "") == text


def test_a_note_cannot_break_out_of_its_comment() -> None:
    found = annotated(COURSE, {"weeks[0]": ["one\nweeks: []\u2028two\x07"]})
    assert "  # one weeks: [] two\n" in found
    assert load(found) == load(COURSE)


def test_a_path_that_is_not_there_is_passed_by() -> None:
    assert annotated(COURSE, {"milestones[4]": ["gone"], "weeks[0]": []}) == COURSE
