"""Outlines in the shapes in which teachers have them: a table, a page of notes, a list, a mail; what each becomes."""

import pytest

from bot.course.loader import check
from bot.course.outline.drafting import drafted
from bot.course.outline.reading import read
from bot.course.outline.values import Outline

SYLLABUS = """\
Writing for Readers – Spring 2026
Instructor: Dr. Jo Wood, jo@example.org
Office hours: Tuesdays 14:00-15:00, Room 3
Workload: approx. 4 hours per week

Course schedule
Week\tTopic\tLearning goals\tReadings\tAssignments\tDue
1 (2–8 March)\tWho is reading?\tName one reader\tKrug, ch. 1 (40 min)
Nielsen, How users read\tReader in three sentences (1 h)\tSunday
2\tFirst lines\tWrite an opening\tVideo: Openings (12:30) https://example.org/v\tQuiz: openings (10 min)\t
3\tSpring break\t\t\t\t
4\tLess\tCut by half\t\uf0b7\tZinsser, ch. 2, 30-40 min\tDiscussion: what did you cut?\tFriday 17:00
5\tThe last page\tPublish a page\tBefore you publish (20 min)\tFinal project: the page. 3 hours\t29 March

Grading
\uf0b7\tParticipation 20 %
Attendance is mandatory.
"""

NOTES = """\
# ✍️ Writing that is read

Owner: Nell
## 📚 Week 1 — Who is reading?
<aside>💡 Bring a page of your own.</aside>
**Goal:** Name one reader
- [ ] 📖 Read [Who reads this?](https://example.org/who) (40 min)
- [ ] Hand in: your reader, due Sunday night
### Discussion of the week
Which page helped you last month?
## 📚 Week 2 — First lines
| Activity | Type | Time | Link |
| --- | --- | --- | --- |
| Read: Half | Reading | 30 | https://example.org/half |
| Forum post due Thursday 18:00 | Discussion | 45 min | |
| Something odd | | | |
### Watch the last lecture
## Resources
- [Style guide](https://example.org/style)
"""

LIST = """\
Plain language in two sessions
About 3–4 hours per week

1. Week 1: Readers (2–8 March)
   a. Readings:
      i. Chapter 1, 30 min
      ii. Chapter 2
   b. Homework (due Sunday): Your reader in five sentences, 90 min
2. Week 2: Structure
   ● Exercise: sort your headings, 1 h 30 min
   ○ use cards
   ● Zoom call Wednesday 17:00 CET, 60 min (optional)
"""

MAIL = """\
Subject: outline for the tea course

Hi Nell,

Week one: Leaves
Learning goals:
- Tell green from black
Readings
Leaves and water, 20 min
Assignment: photo of your three cups, due Friday
> Week two (9-15 March): The cup
> Contact: jo@example.org
> Project: your own blend, 2 hours, due 22/3
Best,
Jo
"""

GERMAN = """\
Kurs: Texte, die gelesen werden
Zeitaufwand: ca. 4 Std. pro Woche
Ansprechpartnerin: Jo Wald

Woche 1 (2.–8. März): Wer liest?
Lernziele:
• Eine Leserin benennen
Lektüre:
• Kapitel 1 (30 Minuten)
Abgabe: Drei Sätze über die Leserin, bis Sonntag 18 Uhr
Woche 2: Erste Zeilen
Video: Anfänge (12:30) https://example.org/v
Hausaufgabe: Erste Zeilen schreiben (90 Min., bis 15. März)
Anwesenheit ist Pflicht.
"""

PIPES = """\
Week | Topic | Materials | Work
--- | --- | --- | ---
1 | Leaves | Read leaves<br>Watch https://example.org/w | Hand in: a leaf (20 min)
2 | Water | | Hand in: a cup
"""

DATED = "Date\tTheme\tReading\n2 March\tLeaves\tOn leaves\n9 March\tWater\tOn water\n"


def parts(found: Outline) -> list[list[tuple[str, str, int | None, str]]]:
    return [[(p.kind, p.text, p.minutes, p.due) for p in week.parts] for week in found.weeks]


def test_a_table_of_a_word_processor() -> None:
    found = read(SYLLABUS)
    assert (found.title, found.weekly_minutes) == ("Writing for Readers – Spring 2026", 240)
    assert [(w.title, w.goal) for w in found.weeks] == [
        ("Who is reading?", "Name one reader"),
        ("First lines", "Write an opening"),
        ("Spring break", ""),
        ("Less", "Cut by half"),
        ("The last page", "Publish a page"),
    ]
    assert parts(found) == [
        [
            ("reading", "Krug, ch. 1", 40, ""),
            ("reading", "Nielsen, How users read", None, ""),
            ("milestones", "Reader in three sentences", 60, "Sun 23:59"),
        ],
        [("video", "Openings example.org/v", 13, ""), ("exercise", "Quiz: openings", 10, "")],
        [],
        [("reading", "Zinsser, ch. 2", 40, ""), ("discussions", "What did you cut?", None, "Fri 17:00 cohort")],
        [("reading", "Before you publish", 20, ""), ("milestones", "Final project: the page.", 180, "")],
    ]
    assert [(one.why, one.took) for one in found.guessed] == [
        ("dates", "2–8 March"),
        ("day", "Sun 23:59"),
        ("exercise", ""),
        ("due", "Fri 17:00"),
        ("date", "due 29 March"),
    ]
    assert [number for number, _text in found.unread] == [2, 3, 6, 15, 16, 17]


def test_a_page_of_notes_with_a_table_in_a_week() -> None:
    found = read(NOTES)
    assert found.title == "Writing that is read"
    assert [(w.title, w.goal) for w in found.weeks] == [("Who is reading?", "Name one reader"), ("First lines", "")]
    assert parts(found) == [
        [
            ("reading", "Read Who reads this?", 40, ""),
            ("milestones", "Your reader", None, "Sun 23:59 cohort"),
            ("discussions", "Which page helped you last month?", None, ""),
        ],
        [
            ("reading", "Half example.org/half", 30, ""),
            ("discussions", "Forum post", 45, "Thu 18:00 cohort"),
            ("", "Something odd", None, ""),
            ("video", "Watch the last lecture", None, ""),
        ],
    ]
    assert found.unread == (
        (3, "Owner: Nell"),
        (5, "Bring a page of your own."),
        (18, "Resources"),
        (19, "[Style guide](https://example.org/style)"),
    )


def test_a_list_whose_items_are_the_weeks() -> None:
    found = read(LIST)
    assert [w.title for w in found.weeks] == ["Readers", "Structure"]
    assert parts(found) == [
        [
            ("reading", "Chapter 1", 30, ""),
            ("reading", "Chapter 2", None, ""),
            ("milestones", "Your reader in five sentences", 90, "Sun 23:59"),
        ],
        [("exercise", "Sort your headings", 90, "")],
    ]
    assert found.weeks[1].parts[0].below == ("use cards",)
    assert found.unread == ((12, "Zoom call Wednesday 17:00 CET, 60 min (optional)"),)


def test_a_mail() -> None:
    found = read(MAIL)
    assert found.title == "outline for the tea course"
    assert [(w.title, w.goal) for w in found.weeks] == [("Leaves", "Tell green from black"), ("The cup", "")]
    assert parts(found) == [
        [("reading", "Leaves and water", 20, ""), ("milestones", "Photo of your three cups", None, "Fri 23:59")],
        [("milestones", "Your own blend", 120, "")],
    ]
    assert [text for _number, text in found.unread] == ["Hi Nell,", "Contact: jo@example.org", "Best,", "Jo"]


def test_a_german_one() -> None:
    found = read(GERMAN)
    assert (found.title, found.weekly_minutes) == ("Texte, die gelesen werden", 240)
    assert [(w.title, w.goal) for w in found.weeks] == [("Wer liest?", "Eine Leserin benennen"), ("Erste Zeilen", "")]
    assert parts(found) == [
        [("reading", "Kapitel 1", 30, ""), ("milestones", "Drei Sätze über die Leserin", None, "Sun 18:00 cohort")],
        [("video", "Anfänge example.org/v", 13, ""), ("milestones", "Erste Zeilen schreiben", 90, "")],
    ]
    assert [number for number, _text in found.unread] == [3, 14]


def test_a_table_of_markdown_and_one_whose_rows_have_dates_alone() -> None:
    assert parts(read(PIPES)) == [
        [
            ("reading", "Read leaves", None, ""),
            ("video", "Watch example.org/w", None, ""),
            ("milestones", "A leaf", 20, ""),
        ],
        [("milestones", "A cup", None, "")],
    ]
    found = read(DATED)
    assert [w.title for w in found.weeks] == ["Leaves", "Water"]
    assert parts(found) == [[("reading", "On leaves", None, "")], [("reading", "On water", None, "")]]
    assert [one.why for one in found.guessed] == ["weeks", "dates", "dates"]


@pytest.mark.parametrize(
    ("heading", "title"),
    [
        ("Week 2 (9/3–15/3): Water", "Water"),
        ("Week 2 – 9 March: Water", "Water"),
        ("Week 2: March 9 - Water", "Water"),
        ("Week 2: Water, 9.–15. März", "Water"),
        ("Week 2: Water (part 1/2)", "Water (part 1/2)"),
        ("Week 2: May 1968 in Paris", "May 1968 in Paris"),
    ],
)
def test_dates_in_the_title_of_a_week(heading: str, title: str) -> None:
    found = read(f"{heading}\n- Read x\n")
    assert [w.title for w in found.weeks] == [title]
    assert [one.why for one in found.guessed] == (["dates"] if title == "Water" else [])


@pytest.mark.parametrize("text", [SYLLABUS, NOTES, LIST, MAIL, GERMAN, PIPES, DATED])
def test_each_becomes_a_file_without_errors_that_keeps_what_was_not_understood(text: str) -> None:
    found = read(text)
    file = drafted(found, "My course", 240)
    assert [p for p in check(file) if p.severity == "error"] == []
    assert all(f"# {number}: {said}" in file for number, said in found.unread)
