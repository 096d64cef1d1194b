"""Weeks of a course that are inserted, removed or renamed, and what belongs to them."""

import pytest

from bot.course.difference import changes
from bot.course.loader import check, load
from bot.course.weeks import Run, follow, pairs, runs
from tests.kit import COURSE

TWO = "  - {title: Two, goal: Go on, minutes: 60}\n"
THREE = "  - {title: Three, goal: End, minutes: 60}\n"
BRIDGE = "  - {title: Bridge, goal: Cross, minutes: 60}\n"
WORK = (
    COURSE
    + """\
milestones:
  - {id: plan, week: 2, title: Plan, due: Sun 23:59 aoe, minutes: 10}
  - {id: talk, week: 2, title: Talk, due: week 3 Fri 12:00, minutes: 10}  # ours
"""
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (COURSE.replace(TWO, BRIDGE + TWO), {1: 1, 2: 3, 3: 4}),
        (COURSE.replace(TWO, ""), {1: 1, 3: 2}),
        (COURSE.replace("title: Two", "title: Zwei"), {1: 1, 2: 2, 3: 3}),
        (COURSE.replace(TWO, TWO + BRIDGE).replace("title: Two", "title: Two!"), {1: 1, 2: 2, 3: 4}),
        (COURSE, {1: 1, 2: 2, 3: 3}),
    ],
)
def test_a_week_is_recognised_by_its_title_and_place(text: str, found: dict[int, int]) -> None:
    assert pairs(load(COURSE), load(text)) == found


def test_an_id_decides_whatever_the_title_says() -> None:
    named = COURSE.replace("{title: Two", "{id: middle, title: Two").replace("{title: Three", "{id: last, title: Three")
    moved = named.replace("id: middle, title: Two", "id: last, title: Two").replace(
        "id: last, title: Th", "id: x, title: Th"
    )
    assert pairs(load(named), load(moved))[3] == 2


def test_what_belongs_to_a_week_names_it_by_id_or_moves_with_its_number() -> None:
    longer = WORK.replace(TWO, BRIDGE + TWO)
    text = follow(load(WORK), longer)
    course = load(text)
    assert [(m.week, m.due.week) for m in course.milestones] == [(3, None), (3, 4)]
    assert "# ours" in text
    assert changes(load(WORK), course)[0].item == "Week 2: Bridge"
    assert [c.item for c in changes(load(WORK), course) if "Plan" in c.item] == []
    # Whoever has numbered it again already, or names the week by its id, is left alone.
    assert follow(load(WORK), text) == text
    named = WORK.replace("{title: Two", "{id: middle, title: Two").replace(
        "id: plan, week: 2", "id: plan, week: middle"
    )
    assert load(named).milestones[0].week == 2
    assert load(named.replace("  - {id: middle", BRIDGE + "  - {id: middle")).milestones[0].week == 3


def test_weeks_in_a_row_are_told_together() -> None:
    assert runs({1: 1, 2: 2, 3: 4, 4: 5, 5: 6}) == [Run((3, 5), (4, 6))]
    assert runs({1: 1, 2: 2}) == []


def test_an_id_that_no_week_has_or_that_is_a_number_is_told_at_its_place() -> None:
    wrong = WORK.replace("id: plan, week: 2", "id: plan, week: mid").replace("{title: Two", "{id: middle, title: Two")
    (problem,) = [p for p in check(wrong) if p.severity == "error"]
    assert (problem.path, problem.code) == ("milestones[0].week", "reference")
    assert "No week has the id `mid`" in problem.message
    (problem,) = [p for p in check(COURSE.replace("{title: Two", '{id: "2", title: Two')) if p.severity == "error"]
    assert problem.path == "weeks[1].id"
