"""What differs between two courses, as people would say it."""

from dataclasses import fields, replace
from pathlib import Path

import pytest

from bot.course.difference import SECTIONS, SETTINGS, broken, changes, minutes
from bot.course.edit import replaced
from bot.course.loader import load
from bot.course.model import Alternative, Live, Metric, Payment

DEMO = (Path(__file__).parent.parent / "courses" / "demo.yaml").read_text(encoding="utf-8")
COURSE = load(DEMO)


def test_nothing_differs_from_itself() -> None:
    assert changes(COURSE, load(DEMO.replace("\n", "\r\n"))) == []

    assert minutes(COURSE, COURSE) == []
    assert broken(COURSE, COURSE) == []


def test_items_are_added_removed_and_changed_with_old_and_new() -> None:
    text = replaced(DEMO, "milestones[1]", {"due": "Sun 18:00 learner", "essential": "no", "minutes": "55"})
    text = text.replace("  - id: reader\n", "  - id: readers\n")
    found = {(c.kind, c.item): {f.label: (f.old, f.new) for f in c.facts} for c in changes(COURSE, load(text))}
    assert found == {
        ("changed", "Milestone draft: The first draft of your page"): {
            "due": ("Sun 23:59 aoe", "Sun 18:00 learner"),
            "essential": ("yes", "no"),
            "minutes": ("50", "55"),
        },
        ("added", "Milestone readers: Your reader in five sentences"): {},
        ("removed", "Milestone reader: Your reader in five sentences"): {},
    }


def test_what_becomes_of_late_work_reads_as_in_the_file() -> None:
    old = load(replaced(DEMO, "milestones[0]", {"late": "7 days", "extension": "7 days by instructor"}))
    new = load(replaced(DEMO, "milestones[0]", {"late": "refused", "extension": "none"}))
    (change,) = changes(old, new)
    assert {f.label: (f.old, f.new) for f in change.facts} == {
        "late": ("7 days", "refused"),
        "extension": ("7 days by instructor", "none"),
    }


def test_one_more_reading_does_not_make_the_others_look_changed() -> None:
    more = "    materials:\n      - {title: Read the preface, minutes: 5}\n"
    text = DEMO.replace("    materials:\n", more, 1)
    (change,) = changes(COURSE, load(text))
    assert [(f.label, f.old, f.new) for f in change.facts] == [
        ("material “Read the preface”", None, "title Read the preface, minutes 5, medium reading, captions no")
    ]
    assert [(m.week, m.old, m.new) for m in minutes(COURSE, load(text))] == [(1, 89, 94)]


def test_of_a_material_only_what_differs_is_said() -> None:
    (change,) = changes(COURSE, load(DEMO.replace("minutes: 12", "minutes: 14", 1)))
    assert [(f.label, f.old, f.new) for f in change.facts] == [
        ('material “Watch "One reader is enough"”', "minutes 12", "minutes 14")
    ]


def test_a_difference_far_behind_in_a_long_text_is_seen() -> None:
    long = "word " * 60
    first = load(replaced(DEMO, "weeks[0]", {"goal": f"{long}east"}))
    second = load(replaced(DEMO, "weeks[0]", {"goal": f"{long}west"}))
    (change,) = changes(first, second)
    (fact,) = change.facts
    assert fact.old is not None
    assert fact.new is not None
    assert fact.old.endswith("east")
    assert fact.new.endswith("west")
    assert len(fact.new) < 90


def test_a_week_over_the_budget_is_told_with_its_figures_unless_it_was_before() -> None:
    over = load(replaced(DEMO, "milestones[1]", {"minutes": "110"}))
    assert broken(COURSE, over) == ["week 2 would be 2 h 30 of a 1 h 30 budget"]
    assert broken(over, over) == []
    assert broken(COURSE, load(replaced(DEMO, "course", {"weekly_minutes": "80"})))[0].endswith("of a 1 h 20 budget")


@pytest.mark.parametrize("section", SETTINGS)
def test_every_changed_setting_is_named(section: str) -> None:
    course = load(f"{DEMO}\npods:\n  size: 5\n")
    was = getattr(course, section)
    for key in fields(was):
        value = getattr(was, key.name)
        now = (value + 1) if type(value) is int else (not value) if type(value) is bool else None
        if now is not None:
            (change,) = changes(course, replace(course, **{section: replace(was, **{key.name: now})}))
            assert (change.item, len(change.facts)) == (SETTINGS[section], 1)


def test_what_a_live_session_answers_is_compared_in_the_words_of_the_file() -> None:
    session = Live("clinic", 1, "Clinic", 30, ())
    before = replace(COURSE, live=(session,))
    answered = replace(
        session, alternative=Alternative(text="recording"), pays=(Payment("page", 30),), metric=Metric(50, 70)
    )
    (change, aims) = changes(before, replace(COURSE, live=(answered,), live_only=("Argue",)))[::-1]
    assert [(fact.label, fact.new) for fact in change.facts] == [
        ("alternative", "recording"),
        ("pays", "item page, minutes 30"),
        ("metric", "attended 50, worth 70"),
    ]
    assert [(fact.label, fact.new) for fact in aims.facts] == [("live only", "Argue")]


def test_a_recap_that_is_turned_off_is_named() -> None:
    (change,) = changes(COURSE, replace(COURSE, recap=False))
    assert [(fact.label, fact.old, fact.new) for fact in change.facts] == [("recap", "yes", "no")]


def test_every_section_of_the_file_is_compared() -> None:
    course = {"id", "title", "weekly_minutes", "completion", "language", "live_only", "recap"}
    sections = {field.name for field in fields(COURSE)} - course
    assert sections - {"spots", "weeks"} == SETTINGS.keys() | SECTIONS.keys()
