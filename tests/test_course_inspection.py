"""What the mounted features make of a course file: what nothing runs, and what the message budget does to it."""

import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import features as declared
from bot.app.checking import problems
from bot.app.unstored import before_it_exists, nothing
from bot.core.people import Cohort
from bot.course.inspection import inspect
from bot.course.problems import Problem

WEEKS = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks:
  - {title: Leaves, goal: Tell green from black.}
  - {title: Water, goal: Brew a cup.}
prompts:
"""


def prompt(id: str, opens: str, closes: str, when: str = "weekly: yes") -> str:
    question = "{id: q, kind: text, text: What, audience: cohort}"
    return f"  - {{id: {id}, title: The {id}, {when}, opens: {opens}, closes: {closes}, questions: [{question}]}}\n"


WRAPUP = prompt("wrapup", "Fri 16:00", "Sun 23:59")
DISCUSSION = "discussions:\n  - {id: d, week: 1, title: Which leaf, question: Why, minutes: 5}\n"
HOMEWORK = "milestones:\n  - {id: cup, week: 2, title: A cup, due: Thu 12:00, essential: yes, minutes: 30}\n"
REVIEW = HOMEWORK.replace("week: 2", "week: 1") + (
    "reviews:\n  - {id: r, milestone: cup, week: 2, title: Read one, rubric: [Clear], minutes: 5}\n"
)


def about(text: str, zone: str = "Europe/Berlin") -> list[Problem]:
    cohort = Cohort(0, "tea", "Tea", text, zone, date(2026, 1, 5))
    return before_it_exists(cohort, lambda turn: inspect(turn, cohort, "tea.yaml"))


def said(problems: Sequence[Problem]) -> list[tuple[str, str]]:
    assert all(p.severity == "warning" for p in problems)
    return [(p.path, p.code) for p in problems]


def test_a_course_that_fits_the_week_has_no_findings() -> None:
    assert said(about(WEEKS + WRAPUP + HOMEWORK)) == []


def test_a_prompt_of_monday_morning_shares_the_week_card_and_collides_with_nothing() -> None:
    assert said(about(WEEKS + WRAPUP + prompt("start", "Mon 08:00", "Wed 23:59", "week: 1"))) == []


def test_a_prompt_of_monday_noon_comes_on_tuesday_and_is_named() -> None:
    found = about(WEEKS + WRAPUP + prompt("start", "Mon 12:00", "Wed 23:59", "week: 1"))
    assert said(found) == [("prompts[1]", "starved"), ("prompts[1]", "collides")]
    assert "In week 1 nobody is reminded of “The start”" in found[0].message
    assert "In week 1 “The start” comes Tue 09:00 instead of Mon 12:00" in found[1].message


def test_a_third_prompt_a_week_is_starved_and_named_with_its_weeks() -> None:
    third = prompt("pulse", "Wed 12:00", "Thu 20:00") + prompt("check", "Thu 12:00", "Fri 20:00")
    found = about(WEEKS + WRAPUP + third)
    assert ("prompts[0]", "starved") in said(found)
    assert any("In weeks 1 to 2 “The wrapup” reaches nobody" in p.message for p in found)


def test_a_reminder_that_has_no_room_is_named_at_what_it_is_for() -> None:
    found = about(WEEKS + WRAPUP + prompt("pulse", "Tue 12:00", "Wed 11:00", "week: 2") + HOMEWORK)
    assert said(found) == [("milestones[0]", "starved")]
    assert "In week 2 nobody is reminded of “A cup”" in found[0].message


@pytest.mark.parametrize("zone", ["Pacific/Apia", "America/Los_Angeles", "Asia/Kathmandu"])
def test_the_zone_of_the_cohort_changes_nothing_about_learners_own_clocks(zone: str) -> None:
    assert said(about(WEEKS + WRAPUP + HOMEWORK, zone)) == []


def test_errors_come_alone() -> None:
    found = about(WEEKS + WRAPUP.replace("Fri 16:00", "Fri 25:00") + DISCUSSION)
    assert [p.code for p in found] == ["moment"]


def test_what_holds_a_live_session_is_named_beside_the_errors_of_other_parts() -> None:
    call = "{id: call, week: 2, title: Call, minutes: 90, slots: [Wed 08:00, Wed 09:00], recorded: no}"
    wrong = (
        WEEKS.replace("goal: Brew a cup.", "gaol: Brew a cup.") + WRAPUP + f"live:\n  - {{title: No id}}\n  - {call}\n"
    )
    problems = about(wrong)
    held = [(p.path, p.code) for p in problems if p.path.startswith("live[1]")]
    assert held == [
        ("live[1]", "live-unasked"),
        ("live[1].minutes", "live-longest"),
        ("live[1].slots", "live-slots"),
        ("live[1].recorded", "gate-4"),
    ]
    assert {p.line for p in problems if p.path.startswith("live[1]")} == {wrong.count("\n")}
    # What holds for all sessions is not known, so nothing is said of them.
    for part in ("live_rules: {longest: soon}\n", "  broken\n"):
        assert not any(p.code.startswith(("gate-", "live-")) for p in about(wrong + part))
    assert not any(p.code.startswith("gate-") for p in about(wrong.replace("weekly_minutes: 60", "weekly_minutes: x")))


def test_what_nothing_runs_is_named_until_a_feature_declares_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(about(WEEKS + WRAPUP + DISCUSSION)) == []
    assert said(about(WEEKS + WRAPUP + REVIEW)) == []
    others = tuple(f for f in declared.FEATURES if f.name != "reviews")
    monkeypatch.setattr(declared, "FEATURES", others)
    assert said(about(WEEKS + WRAPUP + REVIEW)) == [("reviews[0]", "not-run")]


def test_our_long_courses_fit_their_weeks() -> None:
    for path in sorted(Path("courses").glob("*.yaml")):
        assert about(path.read_text(encoding="utf-8")) == [], path


@pytest.mark.parametrize(
    ("opens", "codes"),
    [
        ("Sun 02:30", ["night"]),
        ("Fri 23:30", ["night"]),
        ("Fri 16:00", []),
        ("Fri 22:00", ["night"]),
        ("Fri 21:59", []),
        # Three in the afternoon in Berlin, and two in the morning.
        ("Sun 02:30 aoe", []),
        ("Sat 13:00 aoe", ["night"]),
        ("Sat 02:30 cohort", ["night"]),
        ("Fri 16:00 cohort", []),
    ],
)
def test_a_prompt_that_opens_at_night_is_named(opens: str, codes: list[str]) -> None:
    assert [p.code for p in about(WEEKS + prompt("wrapup", opens, "Mon 12:00"))] == codes


def test_a_course_file_is_looked_at_without_a_database() -> None:
    """What takes seconds to import is for commands that store or search."""
    heavy = "{'numpy', 'snowballstemmer', 'sqlalchemy', 'sqlmodel', 'storage'}"
    look = "import sys; from bot.app.unstored import before_it_exists, nothing, of_course; import bot.app.cli"
    code = f"{look}; print(*{heavy}.intersection(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (Sequence[str], ()),
        (Mapping[int, str], {}),
        (frozenset[int], frozenset()),
        (datetime | None, None),
        (tuple[int, datetime | None], (0, None)),
        (bool, False),
    ],
)
def test_where_nothing_is_stored_each_question_has_an_answer(kind: Any, wanted: object) -> None:
    assert nothing(kind) == wanted


def test_where_nothing_is_stored_nothing_can_be_added() -> None:
    with pytest.raises(TypeError, match="nothing is stored"):
        nothing(Cohort)


ROUNDS = "rounds: [{opens: Mon 09:00, closes: Thu 12:00}, {opens: Wed 09:00, closes: Fri 18:00}]"


def test_a_discussion_and_a_check_in_that_open_at_night_are_named() -> None:
    night = DISCUSSION.replace("}", ", opens: Sun 03:00, closes: Sun 23:00}")
    page = "checkins:\n  - {id: page, title: The page, weekly: yes, days: [Tue 23:30]}\n"
    found = about(WEEKS + WRAPUP + night + page)
    assert said(found) == [("discussions[0].opens", "night"), ("checkins[0].days", "night")]
    assert "“Which leaf” opens Sun 03:00 by the cohort's clock" in found[0].message
    assert "its post waits until Sun 08:00" in found[0].message
    assert said(about(WEEKS + WRAPUP + DISCUSSION)) == []


def test_rounds_that_overlap_are_named() -> None:
    found = about(WEEKS + WRAPUP + DISCUSSION.replace("}", f", {ROUNDS}}}"))
    assert said(found) == [("discussions[0].rounds[1].opens", "collides")]
    assert "opens Wed 09:00, before round 1 closes (Fri 01:00)" in found[0].message


def test_an_error_elsewhere_hides_nothing_that_a_live_session_fails_by_itself() -> None:
    session = (
        "live:\n  - {id: talk, title: Talk, week: 1, kind: rehearsal, minutes: 90, optional: yes, recorded: yes,"
        " slots: [Wed 08:00, Wed 20:00]}\n"
    )
    wrong = WEEKS.replace("{title: Water, ", "{titel: Water, ").removesuffix("prompts:\n") + session
    found = {p.code for p in problems(wrong.encode(), "tea.yaml")}
    assert "live-longest" in found
    (unasked,) = [p for p in problems(wrong.encode(), "tea.yaml") if p.code == "live-unasked"]
    assert (unasked.severity, unasked.path) == ("warning", "live[0]")
    assert "questions 1, 2, 3, 5 and 6" in unasked.message
    assert "live-unasked" not in {p.code for p in about(WEEKS + WRAPUP + DISCUSSION)}
    assert any(p.severity == "error" and p.path.startswith("weeks") for p in problems(wrong.encode(), "tea.yaml"))
