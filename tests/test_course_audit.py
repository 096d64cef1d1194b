"""The audit: what it finds, and with which figures."""

from datetime import date

import pytest

from bot.core.timetable import Timetable
from bot.course.audit import about, audit
from bot.course.loader import check, load

BASE = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks:
  - title: Leaves
    goal: Tell green from black.
    materials:
      - {title: Read it, minutes: 20}
    self_check: What colour is it?
  - title: Water
    goal: Brew a cup.
    materials:
      - {title: Read more, minutes: 10}
prompts:
  - id: wrapup
    weekly: yes
    questions: [{id: q, kind: text, text: What, audience: cohort}]
milestones:
  - {id: cup, week: 2, title: Cup, minutes: 30}
"""


def found(text: str) -> list[tuple[int, str]]:
    problems = check(text)
    assert all(p.severity == "warning" for p in problems), problems
    return [(p.line, p.code) for p in problems]


def test_a_sound_course_has_no_findings() -> None:
    assert found(BASE) == []


def test_a_course_in_another_language_hears_what_that_means() -> None:
    assert found(BASE.replace("id: tea,", "id: tea, language: en-GB,")) == []
    (problem,) = check(BASE.replace("id: tea,", "id: tea, language: ar,"))
    assert (problem.code, problem.severity) == ("language", "warning")
    assert "nothing is suggested, grouped or read out of threads by meaning" in problem.message
    (wrong,) = check(BASE.replace("id: tea,", "id: tea, language: Arabic,"))
    assert (wrong.code, wrong.severity) == ("language", "error")
    assert "language: ar" in wrong.fix


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("    goal: Tell green from black.\n", "", 3, "no-goal"),
        ("    weekly: yes\n", "    week: 2\n", 3, "nothing-to-answer"),
        ("{title: Read it, minutes: 20}", "{title: Read it}", 6, "no-minutes"),
        ("title: Cup, minutes: 30", "title: Cup", 17, "no-minutes"),
        ("{title: Read it, minutes: 20}", "{title: Watch it, minutes: 20}", 6, "no-transcript"),
        ("{title: Read it, minutes: 20}", "{title: It, kind: audio, minutes: 20, captions: yes}", 6, "no-transcript"),
        ("title: Cup, minutes: 30", "title: Cup, minutes: 51", 8, "over-budget"),
        ("    goal: Brew a cup.\n", "    goal: Brew a cup.\n    minutes: 90\n", 8, "over-budget"),
    ],
)
def test_one_thing_amiss_is_one_finding_at_its_line(old: str, new: str, line: int, code: str) -> None:
    assert BASE.count(old) == 1
    assert found(BASE.replace(old, new)) == [(line, code)]


@pytest.mark.parametrize("given", ["captions: yes", "transcript: https://e.org/t", "transcript: yes"])
def test_a_video_with_captions_or_a_transcript_is_sound(given: str) -> None:
    assert found(BASE.replace("{title: Read it, minutes: 20}", f"{{title: Watch it, minutes: 20, {given}}}")) == []


def test_a_week_over_its_budget_is_told_with_the_figures_and_where_there_is_room() -> None:
    [problem] = check(BASE.replace("minutes: 30", "minutes: 75"))
    assert problem.message == "Week 2 (Water) takes 1 h 25 of a budget of 1 h: Read more 10 min, Cup 1 h 15."
    assert problem.fix == "Take 25 min out of the week, or move it to a week with room (week 1)."


def test_deadlines_within_a_day_of_each_other_overlap() -> None:
    assert found(BASE + "  - {id: pot, week: 2, title: Pot, due: Sun 12:00, minutes: 5}\n") == [
        (17, "overlapping-deadlines")
    ]
    assert found(BASE + "  - {id: pot, week: 2, title: Pot, minutes: 5}\n") == [(18, "overlapping-deadlines")]
    assert found(BASE + "  - {id: pot, week: 2, title: Pot, due: Sat 12:00, minutes: 5}\n") == []


def test_what_falls_outside_of_the_day_is_told_with_the_share_of_learners() -> None:
    tasting = "{id: tasting, week: 1, title: Tasting, minutes: 30, slots: [Wed 08:00, Wed 20:00]}"
    course = load(f"{BASE}live: [{tasting}]\n")
    zones = ["Europe/Berlin"] * 6 + ["America/New_York"] * 3 + ["Asia/Tokyo"]
    berlin = Timetable(date(2026, 1, 5), "Europe/Berlin")
    problems = audit(course, zones, berlin)
    assert [(p.path, p.code) for p in problems] == [
        ("live[0].slots[0]", "outside-hours"),
        ("live[0].slots[1]", "outside-hours"),
    ]
    assert "for 30 % of the learners (America/New_York 02:00)" in problems[0].message
    assert "for 10 % of the learners (Asia/Tokyo 04:00)" in problems[1].message
    assert audit(course, ["Europe/Berlin"], berlin) == []
    # A slot is by the cohort's clock, wherever most of its learners are.
    (late,) = audit(course, ["America/New_York"] * 2 + ["Europe/Berlin"], berlin)
    assert late.path == "live[0].slots[0]"
    assert "for 67 % of the learners (America/New_York 02:00)" in late.message


def test_hours_that_the_course_allows_are_by_day() -> None:
    zones = ["Europe/Berlin"] * 3 + ["America/New_York"]
    early = BASE.replace("weeks:", 'messages: {hours: "06:00-23:30"}\nweeks:')
    for opens in ("Fri 22:30 learner", "Fri 06:30 cohort"):
        wide = early.replace("weekly: yes", f"weekly: yes\n    opens: {opens}")
        assert wide != early
        assert audit(load(wide), zones[:3]) == []
    talk = "discussions:\n  - {id: d, week: 1, title: Talk, question: Why, minutes: 5, opens: Mon 06:30 cohort}\n"
    berlin = Timetable(date(2026, 1, 5), "Europe/Berlin")
    assert "outside-hours" not in [p.code for p in audit(load(early + talk), zones[:3], berlin)]
    (usual,) = [p for p in audit(load(BASE + talk), zones[:3], berlin) if p.code == "outside-hours"]
    assert "outside 08:00-22:00 for 100 %" in usual.message
    assert usual.fix == "Write a time between 08:00 and 22:00, on each learner's own clock."
    (narrow,) = [
        p for p in audit(load(BASE + talk.replace("06:30", "12:00")), zones, berlin) if p.code == "outside-hours"
    ]
    assert "for 25 % of the learners (America/New_York 06:00)" in narrow.message
    assert narrow.fix == "Write `Mon 12:00 learner`, or another time."


WEEKS = """\
  - title: Pots
    goal: Choose one.
    materials:
      - {title: Watch it, minutes: 10, captions: yes}
      - {title: Listen to it, minutes: 10, transcript: yes}
"""


def test_a_week_in_which_people_only_watch_and_listen_is_named() -> None:
    text = BASE.replace("prompts:\n", f"{WEEKS}prompts:\n", 1)
    assert found(text) == [(12, "passive")]
    assert found(text.replace("minutes: 10, captions: yes", "minutes: 10, captions: yes, guide: Pause at 4:00")) == []
    assert found(text.replace("    goal: Choose one.", "    goal: Choose one.\n    self_check: Which?")) == []
    assert found(text.replace("{id: cup, week: 2", "{id: cup, week: 3")) == []
    # Work that begins in that week and is due later is work in that week, too.
    assert found(text.replace("{id: cup, week: 2", "{id: cup, week: 2, due: week 3 Sun 23:59")) == []


@pytest.mark.parametrize(
    "title",
    [
        "Attend the Zoom call",
        "Attendance at two sessions",
        "Join the live workshop",
        "Anwesenheit",
        "Show up on Monday",
        "Participation in the live call",
        "Show up on Friday with a plan",
        "Hand in proof of attendance",
        "Attend with notes",
        "Joining the class",
    ],
)
def test_a_milestone_for_being_there_is_named(title: str) -> None:
    assert found(BASE.replace("title: Cup", f"title: {title}")) == [(17, "attendance")]


@pytest.mark.parametrize(
    "title",
    [
        "Notes on the call",
        "Join two tables",
        "The script of your webinar",
        "Attention",
        "Attendance policy draft",
        "Show up plan",
        "A show-up plan",
        "Write a policy for attendance",
        "A survey about attending a webinar",
        "Attend to two complaints",
        "Social presence map",
    ],
)
def test_a_milestone_for_work_is_none_for_being_there(title: str) -> None:
    assert found(BASE.replace("title: Cup", f"title: {title}")) == []


def test_two_weeks_without_a_word_from_anybody_are_named_once() -> None:
    alone = BASE.replace("audience: cohort", "audience: instructors")
    assert found(alone) == [(3, "alone")]
    assert found(alone.replace("prompts:\n", f"{WEEKS}    self_check: Which?\nprompts:\n", 1)) == [(3, "alone")]
    assert found(alone + "discussions:\n  - {id: d, week: 2, title: D, question: Why, minutes: 5}\n") == []


@pytest.mark.parametrize(("promise", "codes"), [("24 h", []), ("3 days", []), ("14 days", ["slow-answers"])])
def test_an_answer_that_comes_when_the_week_is_over_is_no_promise(promise: str, codes: list[str]) -> None:
    assert [code for _, code in found(BASE + f"faq:\n  answer_within: {promise}\n")] == codes


def test_an_estimate_is_as_fine_as_it_can_be_meant() -> None:
    estimates = [about(minutes) for minutes in (7, 59, 95, 368, 597, 6210)]
    assert estimates == ["7 min", "59 min", "1 h 30", "6 h 15", "10 h", "104 h"]


def test_rules_that_let_more_live_sessions_pass_are_named() -> None:
    loose = "live_rules: {longest: 180, per_week: 1, slots_apart: 0, waking: 00:00-23:00, replace_under: 60}\n"
    problems = [p for p in check(BASE + loose) if p.code == "loose-rules"]
    assert sorted(p.path for p in problems) == ["live_rules.longest", "live_rules.slots_apart", "live_rules.waking"]
    assert "`live_rules.longest` is 180, where 60 is usual" in " ".join(p.message for p in problems)
    assert "only its manager loosens it" in problems[0].fix
