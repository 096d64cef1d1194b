"""What a course file means once it is read, and what must not be misread."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.core.timetable import Timetable
from bot.course.__main__ import documents
from bot.course.loader import check, course_of, load
from bot.course.model import Completion, Extension, Late, Quantity
from bot.course.moment import Moment
from bot.course.problems import CourseInvalid
from bot.course.starter import starter

HERE = Path(__file__).parent.parent
MINIMAL = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks: [{title: Leaves, goal: Tell green from black.}, {title: Water, goal: Brew a cup.}]
"""


def problems(text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(CourseInvalid) as caught:
        load(text)
    return [(p.line, p.code) for p in caught.value.problems]


@pytest.mark.parametrize("path", sorted((HERE / "courses").glob("*.yaml")), ids=lambda p: p.name)
def test_our_own_courses_have_nothing_against_them(path: Path) -> None:
    assert check(path.read_text(encoding="utf-8"), path.name) == []


def test_the_two_courses_are_as_long_as_they_say() -> None:
    marketing = load((HERE / "courses/digital-marketing.yaml").read_text(encoding="utf-8"))
    engineering = load((HERE / "courses/data-engineering.yaml").read_text(encoding="utf-8"))
    assert (len(marketing.weeks), marketing.weekly_minutes) == (6, 300)
    assert (len(engineering.weeks), engineering.weekly_minutes) == (10, 360)


@pytest.mark.parametrize("title", ["My course", "Tea: a course", 'The "best" course', "no", "Ünïcode", "# hash"])
def test_the_starter_loads_without_a_problem(title: str) -> None:
    text = starter(title)
    assert check(text) == []
    assert load(text).title == title


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_generated_documents_are_current(name: str) -> None:
    written = (HERE / "docs" / name).read_text(encoding="utf-8")
    assert written == documents()[name], "Run `python -m bot.course` to write it again."


def test_defaults_are_those_of_the_reference() -> None:
    course = load(
        MINIMAL + "prompts: [{id: w, weekly: yes, questions: [{id: q, kind: text, text: What, audience: cohort}]}]\n"
    )
    assert course.prompts[0].weeks == (1, 2)
    assert course.prompts[0].opens == Moment(4, time(16), "learner")
    assert course.prompts[0].closes == Moment(6, time(23, 59), "learner")
    assert course.completion == Completion("essential")


def test_a_milestone_is_due_on_sunday_anywhere_on_earth() -> None:
    course = load(MINIMAL + "milestones: [{id: m, week: 2, title: Cup}]\n")
    milestone = course.milestones[0]
    opens, due = milestone.window(Timetable(date(2026, 1, 7), "Europe/Berlin"), "Asia/Tokyo")
    assert due == datetime.fromisoformat("2026-01-19T11:59:00Z")
    assert opens == datetime.fromisoformat("2026-01-11T15:00:00Z")
    assert milestone.extension == Extension(ask=timedelta(days=7))
    assert milestone.late == Late()


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("no", "no"),
        ("on", "on"),
        ("2024", "2024"),
        ("16:00", "16:00"),
        ("1e3", "1e3"),
        ("0x1F", "0x1F"),
        ("'yes'", "yes"),
    ],
)
def test_a_text_stays_the_text_that_was_typed(written: str, title: str) -> None:
    assert load(MINIMAL.replace("title: Tea", f"title: {written}")).title == title


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("all essential milestones", Completion("essential")),
        ("essential", Completion("essential")),
        ("all milestones and 1 wrap-up", Completion(Quantity(all=True), Quantity(count=1))),
        ("essential_milestones", Completion("essential")),
        ("0.8", Completion(Quantity(share=0.8))),
        ("80% of milestones", Completion(Quantity(share=0.8))),
        ("2 of 2 wrap-ups", Completion(Quantity(), Quantity(count=2))),
        ("{milestones: 1, wrapups: 50%}", Completion(Quantity(count=1), Quantity(share=0.5))),
    ],
)
def test_the_completion_rule_is_said_in_words_or_in_parts(written: str, rule: Completion) -> None:
    text = MINIMAL.replace("minutes: 60", f"minutes: 60, completion: {written if '{' in written else repr(written)}")
    text += "prompts: [{id: w, weekly: yes, questions: [{id: q, kind: text, text: What, audience: cohort}]}]\n"
    assert load(text + "milestones: [{id: m, week: 1, title: Cup}]\n").completion == rule


@pytest.mark.parametrize(
    ("amount", "needed"), [(Quantity(share=0.6), 6), (Quantity(all=True), 10), (Quantity(count=4), 4)]
)
def test_a_quantity_of_ten(amount: Quantity, needed: int) -> None:
    assert amount.of(10) == needed


@pytest.mark.parametrize("text", ["What?", "One, two", "See [1]", "A {b}"])
def test_between_braces_a_text_needs_quotes_for_what_the_reference_names(text: str) -> None:
    course = "course: {id: tea, title: Tea, weekly_minutes: 60}\nweeks:\n  - "
    assert load(f"{course}title: {text}\n").weeks[0].title == text
    assert load(f'{course}{{title: "{text}", goal: Begin}}\n').weeks[0].title == text
    with pytest.raises(CourseInvalid):
        load(f"{course}{{title: {text}, goal: Begin}}\n")


def test_everything_is_reported_at_once() -> None:
    text = MINIMAL.replace("Tea, weekly_minutes: 60", "Tea, weekly_minutes: much") + "prompts: [{id: W!}]\nfqa: {}\n"
    assert problems(text) == [(1, "number"), (3, "missing"), (3, "missing"), (3, "id"), (4, "unknown-key")]


def test_errors_under_a_misspelt_key_are_told_too() -> None:
    text = MINIMAL + "milestone: [{id: m, week: 9, titel: Cup}]\n"
    assert problems(text) == [(3, "unknown-key"), (3, "reference"), (3, "unknown-key")]


def test_anchors_and_merges_work() -> None:
    text = MINIMAL + (
        "milestones:\n- &m {id: a, week: 1, title: Cup, due: Sat 12:00, minutes: 5}\n"
        "- {<<: *m, id: b, week: 2, title: Pot}\n"
    )
    assert [(m.id, m.due.weekday, m.minutes) for m in load(text).milestones] == [("a", 5, 5), ("b", 5, 5)]


def test_a_bomb_of_aliases_is_refused_at_once() -> None:
    lines = ["a: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"b{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    text = "\n".join(lines) + "\n" + MINIMAL.replace("title: Leaves", "title: *a11")
    assert "type" in [code for _, code in problems(text)]
    bomb = MINIMAL + "live: " + "[" * 30 + "]" * 30
    assert problems(bomb)
    merge = "x0: &x0 {a: 1}\n" + "".join(
        f"x{i}: &x{i} {{<<: [{', '.join([f'*x{i - 1}'] * 9)}]}}\n" for i in range(1, 12)
    )
    assert problems(merge + MINIMAL.replace("course: {", "course: {<<: *x11, "))


@pytest.mark.parametrize("text", ["[" * 5000, "a: &a [*a]\n" + MINIMAL, "&a {weeks: *a}", "- " * 3000 + "x"])
def test_depth_and_recursion_are_refused(text: str) -> None:
    assert problems(text)


def test_a_file_over_the_limit_is_refused() -> None:
    assert problems("#" * 1_000_001) == [(1, "too-big")]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing\n", "~", "[]", "hello", "42", "---\n---\n"])
def test_what_is_no_course_is_told_so(text: str) -> None:
    assert problems(text)


def test_bytes_that_are_not_utf_8_are_named_at_their_line() -> None:
    data = MINIMAL.replace("Leaves", "Blätter").encode("latin-1")
    with pytest.raises(CourseInvalid) as caught:
        load(data)
    assert [(p.line, p.column, p.code) for p in caught.value.problems] == [(2, 19, "encoding")]
    assert "Blätter" in caught.value.problems[0].fix
    assert problems(MINIMAL.encode("utf-16")) == [(1, "encoding")]
    assert load(b"\xef\xbb\xbf" + MINIMAL.encode()).id == "tea"


def test_line_breaks_of_other_systems_change_no_line() -> None:
    assert load(MINIMAL.replace("\n", "\r\n")) == load(MINIMAL)
    assert problems(MINIMAL.replace("Leaves", "Lea\u2028ves").replace("goal: Brew", "gaol: Brew")) == [
        (2, "unknown-key")
    ]


def test_warnings_do_not_keep_a_course_from_loading() -> None:
    text = MINIMAL + "milestones:\n- {id: m, week: 1, title: Cup, grace: 30, minutes: 5}\nfaq: {flavour: mint}\n"
    assert load(text).milestones[0].grace == timedelta(minutes=30)
    found = [(p.line, p.code, p.severity) for p in check(text)]
    assert (4, "unit", "warning") in found
    assert (5, "unknown-key", "warning") in found


def test_a_stored_course_is_read_once() -> None:
    assert course_of(MINIMAL) is course_of(MINIMAL)


def test_a_video_is_known_by_its_link_or_its_title() -> None:
    week = (
        "[{title: Leaves, goal: G, materials: [{title: Watch it, minutes: 5}, {title: A, link: 'https://e.org/a.mp4'}, "
    )
    week += "{title: Read it}, {title: Watch it, kind: exercise}]}]"
    materials = load(f"course: {{id: tea, title: Tea, weekly_minutes: 60}}\nweeks: {week}\n").weeks[0].materials
    assert [m.medium for m in materials] == ["video", "video", "reading", "exercise"]


REVIEWED = MINIMAL + "milestones: [{id: a, week: 1, title: A}]\nreviews: [{id: r, milestone: a, rubric: [Clear]%s}]\n"


def test_a_review_names_people_has_no_points_and_is_held_for_two_days_unless_it_says_otherwise() -> None:
    [review] = load(REVIEWED % "").reviews
    assert (review.anonymous, review.points, review.hold) == (False, 0, timedelta(hours=48))
    [review] = load(REVIEWED % ", anonymous: yes, points: 10, hold: 3 days").reviews
    assert (review.anonymous, review.points, review.hold) == (True, 10, timedelta(days=3))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("anonymous: maybe", "`maybe` is neither yes nor no."),
        ("points: yes", "`yes` is not a whole number."),
        ("points: 2.5", "`2.5` is not a whole number."),
        ("points: -1", "-1 is outside 0 to 100."),
        ("points: 101", "101 is outside 0 to 100."),
        ("hold: none", "`none` is not a length of time from an hour to 14 days"),
        ("hold: 0", "`0` is shorter than 1 h."),
        ("hold: 30 min", "`30 min` is shorter than 1 h."),
        ("hold: 15 days", "`15 days` is longer than 14 days."),
        ("hold: [48 h]", "`hold` is a list; it takes a length of time"),
        ("anonymos: yes", "anonymos"),
    ],
)
def test_what_a_review_cannot_promise_is_refused_with_its_fix(written: str, said: str) -> None:
    [found] = [p for p in check(REVIEWED % f", {written}") if p.severity == "error"]
    assert said in found.message
    assert found.fix


def test_a_review_that_is_held_for_a_bare_number_of_hours_is_asked_about() -> None:
    [found] = [p for p in check(REVIEWED % ", hold: 48") if p.code == "unit"]
    assert (found.severity, found.message) == ("warning", "`hold`: `48` has no unit and is taken as hours.")
    assert "2 days" in found.fix
    [review] = load(REVIEWED % ", hold: 48").reviews
    assert review.hold == timedelta(hours=48)
