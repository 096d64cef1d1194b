"""A value that can be read in two ways is asked about: no reading of it is ever chosen in silence, or by a fix."""

import re
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.course.loader import check, load
from bot.course.policies import ExtensionValue, LateValue
from bot.course.value_types.moments import MomentValue
from bot.course.value_types.numbers import WeekValue, Whole
from bot.course.value_types.scalar import Scalar, Wrong
from bot.course.value_types.spans import Minutes, Span
from bot.course.value_types.texts import Id, Language

THOUSANDS = {"US": (",", "."), "DE": (".", ","), "FR": (" ", ","), "CH": ("'", "."), "none": ("", "."), "no": ("", ",")}
"""Country -> the signs between thousands and before decimals."""


def readings(text: str) -> set[float]:
    """What the number means in each country in which it is well written."""
    found = set()
    for between, before in THOUSANDS.values():
        grouped = rf"\d{{1,3}}(?:{re.escape(between)}\d{{3}})+" if between else r"\d+"
        if re.fullmatch(rf"(?:{grouped}|\d+)(?:{re.escape(before)}\d+)?", text):
            whole, _, part = text.rpartition(before) if before in text else (text, "", "")
            whole = whole.replace(between, "") if between else whole
            if whole.isdigit():
                found.add(float(f"{whole}.{part or 0}"))
    return found


def meanings(declared: Scalar, text: str) -> set[object]:
    """What the program makes of it: its value, or the one that a fix writes. Empty where the author is asked."""
    try:
        return {declared.parse(text)}
    except Wrong as wrong:
        return {declared.parse(wrong.instead)} if wrong.instead else set()


@given(
    st.integers(0, 999),
    st.lists(st.tuples(st.sampled_from(",.' "), st.from_regex(r"[0-9]{1,3}", fullmatch=True)), max_size=3),
)
def test_a_number_has_one_meaning_or_is_asked_about(first: int, groups: list[tuple[str, str]]) -> None:
    text = f"{first}{''.join(sign + digits for sign, digits in groups)}"
    for declared in (Whole(0, 10**9), Minutes(0, 10**9)):
        taken = meanings(declared, text)
        assert not taken or {float(str(n)) for n in taken} == readings(text), (text, taken)


@pytest.mark.parametrize("text", ["1,000", "1.000", "1,500", "2-3 h", "20–30", "1 bis 2", "1:30", "~30", "45+"])
def test_the_question_names_what_may_be_meant(text: str) -> None:
    with pytest.raises(Wrong) as asked:
        Minutes().parse(text)
    assert asked.value.either
    assert not asked.value.instead
    for value in asked.value.either:
        Minutes().parse(value)


UNITS = {
    "m": 1, "min": 1, "mins": 1, "minutes": 1, "h": 60, "hrs": 60, "hours": 60, "Std.": 60, "horas": 60, "d": 1440,
    "days": 1440, "Tage": 1440, "dias": 1440, "w": 10080, "weeks": 10080, "Wochen": 10080, "H": 60, "Days": 1440,
}  # fmt: skip
OTHER_UNITS = ("M", "mo", "months", "Monate", "meses", "s", "sec", "y", "years", "pages", "sessions", "x", "%", "moons")


@given(st.integers(2, 60), st.sampled_from([*UNITS, *OTHER_UNITS]), st.sampled_from(["", " "]))
def test_a_length_of_time_has_one_meaning_or_is_asked_about(number: int, unit: str, space: str) -> None:
    text = f"{number}{space}{unit}"
    meant = {timedelta(minutes=number * UNITS[unit])} if unit in UNITS else set()
    assert meanings(Span(), text) <= meant, text
    lates = {late.within for late in meanings(LateValue(), text)}  # type: ignore[attr-defined]
    assert lates <= meant, text
    assert {e.own for e in meanings(ExtensionValue(), text)} <= meant, text  # type: ignore[attr-defined]


@given(st.integers(1, 28), st.integers(1, 12), st.sampled_from([2026, 26]), st.booleans())
def test_a_date_of_any_country_is_asked_about(day: int, month: int, year: int, timed: bool) -> None:
    shapes = ("{d}/{m}/{y}", "{m}/{d}/{y}", "{d}.{m}.{y}", "{d}.{m}.", "{y}-{m:02}-{d:02}", "{d}-{m}-{y}")
    for shape in shapes:
        text = shape.format(d=day, m=month, y=year) + (" 23:59" if timed else "")
        assert meanings(MomentValue("aoe"), text) == set(), text


ZONES = ("EST", "PST", "CET", "UTC", "GMT+2", "Berlin", "Pacific Time", "(local time)", "ET", "BST", "IST", "MEZ")


@pytest.mark.parametrize(("time", "zone"), [*product(("17:00", "5 pm", "17h"), ZONES)])
def test_a_clock_that_a_course_does_not_know_is_asked_about(time: str, zone: str) -> None:
    with pytest.raises(Wrong) as asked:
        MomentValue("aoe").parse(f"Fri {time} {zone}")
    assert asked.value.instead == ""
    assert asked.value.either in (["Fri 17:00 learner", "Fri 17:00 cohort", "Fri 17:00 aoe"], [])


@pytest.mark.parametrize(
    ("text", "either"),
    [
        ("Fri 4", ["Fri 04:00", "Fri 16:00"]),
        ("Sunday midnight", ["Sun 00:00", "Sun 23:59"]),
        ("EOD Friday", ["Fri 17:00", "Fri 23:59"]),
        ("Sunday", ["Sun 23:59"]),
        ("local", ["Sun 23:59 learner", "Sun 23:59 cohort", "Sun 23:59 aoe"]),
        ("Fri. 17:00 Berlin time", ["Fri 17:00 learner", "Fri 17:00 cohort", "Fri 17:00 aoe"]),
        ("Wed 8 pm Asia/Kolkata", ["Wed 20:00 learner", "Wed 20:00 cohort", "Wed 20:00 aoe"]),
        ("Sun 23:59 local", ["Sun 23:59 learner", "Sun 23:59 cohort", "Sun 23:59 aoe"]),
        ("Sun 23:59 CET", ["Sun 23:59 learner", "Sun 23:59 cohort", "Sun 23:59 aoe"]),
    ],
)
def test_a_moment_that_may_be_two_is_asked_about(text: str, either: list[str]) -> None:
    with pytest.raises(Wrong) as asked:
        MomentValue("aoe").parse(text)
    assert (asked.value.instead, list(asked.value.either)) == ("", either)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Fri noon", "Fri 12:00"),
        ("segunda-feira 9h", "Mon 09:00"),
        ("Thu 9am learner's time", "Thu 09:00 learner"),
        ("week 2, Sunday at 8 PM", "week 2 Sun 20:00"),
        ("W3 Tue 09:00", "week 3 Tue 09:00"),
        ("week three Tue 09:00", "week 3 Tue 09:00"),
        ("sam. 8 h 05", "Sat 08:05"),
        ("dim. 23h59", "Sun 23:59"),
        ("Sun 23:59 AoE time", "Sun 23:59"),
    ],
)
def test_a_moment_in_other_words_is_the_same(text: str, same: str) -> None:
    with pytest.raises(Wrong) as fixed:
        MomentValue("aoe").parse(text)
    assert fixed.value.instead == same


COURSE = """\
course: {id: oak, title: Oaks, weekly_minutes: 100}
weeks: [{title: Seeds, goal: Find one}]
prompts:
  - id: end
    weekly: yes
    questions: [{id: q, kind: long, text: How was it, audience: cohort}]
milestones:
  - {id: map, week: 1, title: A map, due: Sun 23:59}
"""


def changed(old: str, new: str) -> list[tuple[str, str]]:
    """Severity and fix of each problem once `new` stands for `old`, apart from what the course lacks anyway."""
    assert old in COURSE
    usual = {p.fix for p in check(COURSE)}
    return [(p.severity, p.fix) for p in check(COURSE.replace(old, new, 1)) if p.fix not in usual and p.code != "alone"]


@pytest.mark.parametrize(
    ("written", "number"),
    [("1’200", 1200), ("1\u202f200", 1200), ("٤٠", 40), ("８０", 80), ("90;", 90), ("two hundred", 200)],
)
def test_a_number_of_another_keyboard_is_that_number(written: str, number: int) -> None:
    [(severity, fix)] = changed("weekly_minutes: 100", f'weekly_minutes: "{written}"')
    assert severity == "error"
    assert fix.startswith(f"Write `weekly_minutes: {number}` instead of")


@pytest.mark.parametrize("written", ["title： A map", "title：A map"])
def test_a_wide_colon_keeps_its_text(written: str) -> None:
    text = COURSE.replace("{id: map, week: 1, title: A map,", f"id: map\n    {written}\n    week: 1\n   ").replace(
        " due: Sun 23:59}", " due: Sun 23：59"
    )
    fixes = [p.fix for p in check(text) if p.severity == "error"]
    assert any("Write `title: A map` instead of" in fix for fix in fixes)
    assert any("Write `due: Sun 23:59` instead of" in fix for fix in fixes)


@pytest.mark.parametrize(
    ("old", "new", "example"),
    [
        ("due: Sun 23:59", "due: Fri 17:00 sharp", "`Fri 17:00`"),
        ("weekly_minutes: 100", "weekly_minutes: -150", "`150`"),
        ("audience: cohort", "audience: me", "`cohort` or `instructors`"),
        ("due: Sun 23:59", "due: Sun 23:59, late: none", "`refused` or `accepted`"),
        ("due: Sun 23:59", "due: Sun 23:59, late: 90000 days", "`accepted` or `366 days`"),
        ("weekly_minutes: 100", "weekly_minutes: 100, language: qq", "`en`"),
        ("weekly_minutes: 100", "weekly_minutes: 100, completion: 0% of milestones", "`80% of milestones`"),
    ],
)
def test_an_example_keeps_what_was_written_and_the_author_decides(old: str, new: str, example: str) -> None:
    assert any(fix.startswith("Decide in line") and example in fix for _, fix in changed(old, new)), changed(old, new)


@pytest.mark.parametrize(
    ("old", "new", "fixed"),
    [
        ("weekly_minutes: 100", "weekly_minutes: 0100", "weekly_minutes: 100"),
        ("due: Sun 23:59", "due: Sun 23:59, late: never", "late: refused"),
        ("due: Sun 23:59", "due: Sun 23:59, extension: {self: 3}", "self: 3 days"),
    ],
)
def test_what_is_read_in_one_way_is_said_in_a_warning(old: str, new: str, fixed: str) -> None:
    assert ("warning", f"Write `{fixed}`") in [(s, fix.partition(" instead")[0]) for s, fix in changed(old, new)]


def test_days_without_a_unit_are_days_in_the_short_form_and_in_the_long_one() -> None:
    short, long = (
        load(COURSE.replace("due: Sun 23:59", f"due: Sun 23:59, extension: {written}")).milestones[0].extension.own
        for written in ("4", "{self: 4}")
    )
    assert short == long == timedelta(days=4)


@pytest.mark.parametrize("unseen", ["\\u200b", "\\u2060\\u00ad", "\\u2800"])
def test_a_title_of_which_nothing_can_be_seen_is_none(unseen: str) -> None:
    [(severity, fix)] = changed("title: A map", f'title: "{unseen}"')
    assert (severity, fix.partition(" instead")[0]) == ("error", "Write `title: …`")


@pytest.mark.parametrize("ends", ["\u2028", "\u2029", "\x85"])
def test_the_line_ends_of_a_word_processor_are_the_one_mistake(ends: str) -> None:
    [problem] = [p for p in check(COURSE.replace("\n", ends)) if p.severity == "error"]
    assert "soft line break" in problem.message


@pytest.mark.parametrize(
    "data", [b"PK\x03\x04\x14\x00\x08", b"%PDF-1.7\n%\xe2", b"{\\rtf1\\ansi", b"\xd0\xcf\x11\xe0\xa1"]
)
def test_a_file_of_another_program_is_named_as_such(data: bytes) -> None:
    [problem] = check(data + bytes(range(256)))
    assert (problem.code, problem.message[:8]) == ("encoding", "This is ")


def test_the_marks_of_a_merge_are_named_in_all_their_three_lines() -> None:
    text = COURSE.replace("weeks:", "<<<<<<< HEAD\nweeks:").replace("prompts:", "=======\nprompts:")
    found = check(text.replace("milestones:", ">>>>>>> main\nmilestones:"))
    assert [p.line for p in found if p.severity == "error"] == [2, 4, 9]


HIDDEN = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e")


@given(st.from_regex(r"[a-z0-9]{2,10}", fullmatch=True), st.sampled_from(HIDDEN), st.integers(0, 10))
def test_an_id_with_an_invisible_character_stays_the_id_that_one_sees(id: str, hidden: str, at: int) -> None:
    text = f"course: {{id: {id[:at]}{hidden}{id[at:]}, title: T, weekly_minutes: 60}}\nweeks: [{{title: A, goal: a}}]\n"
    [problem] = [p for p in check(text) if p.severity == "error"]
    assert f"Write `id: {id}` instead of" in problem.fix or "Remove the character" in problem.fix


@pytest.mark.parametrize("text", ["а1", "курс", "講座", "α-test", "id١"])
def test_letters_that_no_id_has_are_never_left_out(text: str) -> None:
    assert meanings(Id(), text) == set()
    assert meanings(WeekValue(), text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("English (US)", "en-US"),
        ("British English", "en-GB"),
        ("Português do Brasil", "pt-BR"),
        ("Deutsch (Österreich)", "de-AT"),
        ("English (any)", "en"),
        ("English and German", ""),
        ("en_GB", "en-GB"),
    ],
)
def test_a_language_by_its_name_keeps_its_region(text: str, code: str) -> None:
    with pytest.raises(Wrong) as wrong:
        Language().parse(text)
    assert wrong.value.instead == code


@pytest.mark.parametrize(
    ("week", "offered"),
    [("1-2", "`1` or `2`"), ("1 and 2", "`1` or `2`"), ("weeks 1 to 2", "`1` or `2`"), ('"1, 2"', "`1` or `2`")],
)
def test_several_weeks_are_answered_with_those_that_may_be_meant(week: str, offered: str) -> None:
    text = (
        "course: {id: tea, title: Tea, weekly_minutes: 60}\nweeks:\n  - {title: A}\n  - {title: B}\n"
        f"milestones:\n  - {{id: cup, title: A cup, due: Thu 12:00, week: {week}}}\n"
    )
    (found,) = [p for p in check(text) if p.severity == "error"]
    assert "names several weeks, and this belongs to one." in found.message
    assert offered in found.fix


@pytest.mark.parametrize(
    "text",
    [
        "- **course**: Tea\n- **weekly minutes**: 120\n- **weeks**:\n  - **title**: Leaves\n",
        "# Tea\n\n**Course:** Tea\n\n1. **Weeks**\n   - **Title:** Leaves\n",
    ],
)
def test_a_list_in_markdown_is_answered_with_one_sentence(text: str) -> None:
    (found,) = check(text)
    assert "This is a list in Markdown" in found.message
    assert "pacekeeper new" in found.fix


@pytest.mark.parametrize(
    ("days", "lists"),
    [
        ("Tue and Thu 09:00", ["[Tue 09:00, Thu 09:00]"]),
        ("Tue and Thu at 9", ["[Tue 09:00, Thu 09:00]", "[Tue 21:00, Thu 21:00]"]),
        ("Tue 09:00, Thu 16:00", ["[Tue 09:00, Thu 16:00]"]),
        ("Dienstag und Donnerstag", ["[Tue 09:00, Thu 09:00]"]),
        ("Mondays & Fridays, 8:30", ["[Mon 08:30, Fri 08:30]"]),
        ("weekdays at 10:00", ["[Mon 10:00, Tue 10:00, Wed 10:00, Thu 10:00, Fri 10:00]"]),
        ("daily", ["[Mon 09:00, Tue 09:00, Wed 09:00, Thu 09:00, Fri 09:00, Sat 09:00, Sun 09:00]"]),
    ],
)
def test_several_days_in_one_line_are_answered_with_the_list(days: str, lists: list[str]) -> None:
    page = COURSE + "checkins:\n  - id: page\n    title: The page\n    weekly: yes\n    days: "
    [problem] = [p for p in check(f"{page}{days}\n") if p.severity == "error"]
    assert all(f"`{one}`" in problem.fix for one in lists)
    assert problem.fix.count("[") == len(lists)
    for one in lists:
        assert load(f"{page}{one}\n").checkins


@pytest.mark.parametrize("weeks", [1, 2])
def test_a_check_in_without_a_week_is_asked_about_with_a_week_that_there_is(weeks: int) -> None:
    more = "".join(f"  - {{title: Week {n}, goal: Go on}}\n" for n in range(2, weeks + 1))
    course = "course: {id: tea, title: Tea, weekly_minutes: 60}\nweeks:\n  - {title: Leaves, goal: Begin}\n"
    page = "checkins:\n  - {id: page, title: The page, days: [Tue 09:00]}\n"
    [problem] = [p for p in check(course + more + page) if p.severity == "error"]
    assert problem.fix.startswith("Decide in line")
    assert f"`week: {weeks}`, or `weekly: yes`" in problem.fix
