"""An outline as teams have it becomes a course file, and no line of it is dropped unsaid."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.course.loader import check, load
from bot.course.outline.drafting import drafted
from bot.course.outline.reading import MOST_AT_ONCE, read
from tests.effort import tries

OUTLINE = """\
# Writing for the web
About 4 hours a week

Everybody can write.

## Week 1: See the problem
Goal: Describe the problem in one sentence.
- Read [the first case](https://example.org/case) (40 min)
  - Pause after page 3
- Watch https://example.org/v 20 minutes
- Hand in: your sentence (2 h)
### Discussion
- What makes a problem worth having?

## Week 2: Try an answer
By the end you can show a first answer.
1. Reading: Small trials, 30 min
2. Quiz: What would make you give up?
3. Something strange
4. Live: Clinic, Wed 17:00, Thu 8:00, 30 min
Reflect on your week
And then we shall see.
"""


def test_headings_are_weeks_and_lines_are_items_by_their_words() -> None:
    course = load(drafted(read(OUTLINE), "unused", 1))
    assert (course.title, course.weekly_minutes) == ("Writing for the web", 240)
    first, second = course.weeks
    assert (first.title, first.goal) == ("See the problem", "Describe the problem in one sentence.")
    assert [(m.title, m.minutes, m.link) for m in first.materials] == [
        ("Read the first case", 40, "https://example.org/case"),
        ("Watch example.org/v", 20, "https://example.org/v"),
    ]
    assert first.materials[0].guide == ("Pause after page 3",)
    assert [(m.title, m.week, m.minutes) for m in course.milestones] == [("Your sentence", 1, 120)]
    assert [(d.question, d.week) for d in course.discussions] == [("What makes a problem worth having?", 1)]
    assert [m.title for m in second.materials] == ["Small trials", "Something strange"]
    assert second.goal == "By the end you can show a first answer."
    assert [one.question for one in second.self_check] == ["What would make you give up?"]
    assert [(one.title, one.minutes, len(one.slots)) for one in course.live] == [("Clinic", 30, 2)]
    assert [p.title for p in course.prompts if p.weeks == (2,)] == ["Reflect on your week"]


def test_what_is_not_understood_is_named_and_stays_in_the_file() -> None:
    found = read(OUTLINE)
    assert [(one.why, one.text) for one in found.guessed] == [
        ("material", "Something strange"),
    ]
    assert found.unread == ((4, "Everybody can write."), (22, "And then we shall see."))
    file = drafted(found, "", 1)
    assert "# 4: Everybody can write." in file
    assert "# 22: And then we shall see." in file


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Week 1 - Begin\nRead x\n\nWeek 2: End\n* Write an essay\n", ["Begin", "End"]),
        ("MODULE 1\nRead x\nModule 2. More\n", ["Week 1", "More"]),
        ("# One\n- Read x\n# Two\n- Read y", ["One", "Two"]),
        ("Course\n======\n\nOne\n---\n- a\n\nTwo\n---\n- b", ["One", "Two"]),
        ("# C\n## Module 1: A\n### Lesson 1: a\n- Read x\n### Lesson 2: b\n## Module 2: B\n", ["A", "B"]),
        ("## Weeks 1-2: Both\n- Read x\n## Week 3: Last", ["Both", "Both (2)", "Last"]),
        ("**Woche 1: Anfang**\n• Lesen: Kapitel 1 (20 Minuten)\n**Woche 2: Ende**", ["Anfang", "Ende"]),
        ("Semana 1: Empezar\r\n- Leer el caso\r\nSemana 2: Seguir\r\n", ["Empezar", "Seguir"]),
        ("Week 1: Begin\n- Read x\nWeek five: End\n", ["Begin", "End"]),
        ("Unit One. Who reads?\n   o  Read x\nUnit Two. First lines\n", ["Who reads?", "First lines"]),
        ("Read one.\nWatch two.", []),
        ("", []),
    ],
)
def test_weeks_are_found_however_they_are_written(text: str, titles: list[str]) -> None:
    assert [week.title for week in read(text).weeks] == titles


def test_bullets_of_word_numbered_lines_and_plain_section_words_are_read() -> None:
    found = read(
        "Week 1: A reader\nLearning goals:\n• Name one reader\n• Know what they need\nReadings\n"
        "1.1 Lecture video (20 min): https://example.org/v1\n1.2 Who reads this?\n   o  Submit your reader\n"
    )
    (week,) = found.weeks
    assert week.goal == "Name one reader; Know what they need"
    assert [(p.kind, p.text) for p in week.parts][1:] == [
        ("reading", "Who reads this?"),
        ("milestones", "Submit your reader"),
    ]
    assert (week.parts[0].kind, week.parts[0].minutes, week.parts[0].link) == ("video", 20, "https://example.org/v1")
    assert not found.unread


def test_a_line_with_the_time_a_week_and_something_else_is_named() -> None:
    found = read("Writing\nContact: jo@example.org   Time: ca. 4 hours per week\nWeek 1: A\n- Read x\n")
    assert found.weekly_minutes == 240
    assert [number for number, _text in found.unread] == [2]


@pytest.mark.parametrize(
    ("line", "slots"),
    [
        ("Zoom call Wednesday 17:00, 60 min", ("Wed 17:00",)),
        ("Live: Clinic, Tue 9:00", ("Tue 09:00",)),
        ("Zoom call Wednesday 17:00 CET, 60 min", None),
        ("Live: Clinic, Thursday 6pm", None),
        ("Live: Clinic, Thu 6:00 pm", None),
    ],
)
def test_a_written_time_of_a_session_is_read_or_named_and_never_replaced(
    line: str, slots: tuple[str, ...] | None
) -> None:
    found = read(f"Week 1: A\n- Read x\n- {line}\n")
    live = [part.slots for part in found.weeks[0].parts if part.kind == "live"]
    assert (live, found.unread) == (([slots], ()) if slots else ([], ((3, line),)))


def test_more_weeks_with_one_heading_than_a_course_has_are_no_weeks() -> None:
    found = read(f"## Week 1: A\n## Weeks 2-{MOST_AT_ONCE + 2}: B\n- Read x")
    assert [week.title for week in found.weeks] == ["A"]
    assert found.unread == ((2, f"Weeks 2-{MOST_AT_ONCE + 2}: B"),)


LINES = st.sampled_from([*OUTLINE.splitlines(), "", "  - deep", "# ", "## Week 1", '- [ ] "a": {b} # c', "\t* x: y"])
ANY = st.one_of(LINES, st.text(max_size=60))


@settings(max_examples=tries(40), deadline=None)
@given(st.lists(ANY, max_size=25))
def test_whatever_is_pasted_becomes_a_file_without_errors(lines: list[str]) -> None:
    found = read("\n".join(lines))
    if found.weeks:
        file = drafted(found, "My course", 240)
        assert [p for p in check(file) if p.severity == "error"] == []


@pytest.mark.parametrize(
    "text",
    [
        "week 1" * 9000,
        "(" * 60_000,
        "- " * 30_000,
        "#" * 60_000,
        "[a](http://" * 5000,
        "9 " * 30_000,
        "\n".join(f"# Week {n}" for n in range(5000)),
        "Week 1 " + " " * 50_000 + "x",
        "# Week 1\n" + "- Read " + "12 min (" * 7000,
        "# Week 1\n" + "- " + "_a" * 29_000,
    ],
)
def test_hostile_text_is_read_in_bounds(text: str) -> None:
    begun = time.process_time()
    found = read(text)
    if found.weeks:
        drafted(found, "x", 1)
    assert time.process_time() - begun < 5
