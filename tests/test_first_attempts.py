"""Course files as teams write them at first: every mistake is named at once, and no fix changes what was meant."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.course.keys import COURSE_FILE
from bot.course.loader import check
from tests.test_course_fixes import SLIPS, follow

FILES = sorted((Path(__file__).parent / "first_attempts").glob("*.yaml"))

CASES = {
    "a third": ("weekly_minutes: 120", "weekly_minutes: 1'000", "weekly_minutes: 1000"),
    "a comma that is a thousand or one": ("weekly_minutes: 120", "weekly_minutes: 1,000", ""),
    "a point that is a thousand or one": ("weekly_minutes: 120", "weekly_minutes: 1.000", ""),
    "two points": ("weekly_minutes: 120", "weekly_minutes: 1.000.000", ""),
    "a decimal of nothing": ("weekly_minutes: 120", "weekly_minutes: 120,0", "weekly_minutes: 120"),
    "a clock": ("due: Sun 23:59 aoe", "due: Fri 17:00 Berlin", ""),
    "minutes": ("minutes: 20", "minutes: 1:30", ""),
    "a share": ("2 wrap-ups", "150% of wrap-ups", ""),
    "two rules": ("all essential milestones and 2 wrap-ups", "milestone 2 and 4 of 5 wrap-ups", ""),
}
SAME = {
    ("!!bool ", ""),
    ("!!python/object:os.system ", ""),
    ("15m", "15"),
    ("Di 09:00", "Tue 09:00"),
    ("Do 09:00", "Thu 09:00"),
    ("So 20:00", "Sun 20:00"),
    ("audience: everyone", "audience: cohort"),
    ("hours: 8-22 Uhr", "hours: 08:00-22:00"),
    ("1: Start", "- title: Start"),
    ("2: Go on", "- title: Go on"),
    ("3: End", "- title: End"),
    ("essential: y", "essential: yes"),
    ("kind: textarea", "kind: long"),
    ("language: Deutsch", "language: de"),
    ("weekly_minutes: 5 hours", "weekly_minutes: 300"),
    ("Deutsch", "de"),
    ("So. 23:59", "Sun 23:59"),
    ("Thu 9am learner's time", "Thu 09:00 learner"),
    ("Wed 8 pm", "Wed 20:00"),
    ("audience: Everyone", "audience: cohort"),
    ("audience: Only instructors", "audience: instructors"),
    ("audience: clase", "audience: cohort"),
    ("audience: instructor", "audience: instructors"),
    ("audience: private", "audience: instructors"),
    ("closes: Mon noon", "closes: Mon 12:00"),
    ("closes: Sun 24:00", "closes: Sun 23:59"),
    ("closes: Sun, 8 pm", "closes: Sun 20:00"),
    ("closes: domingo 20.00", "closes: Sun 20:00"),
    ("dom 23:59", "Sun 23:59"),
    ('due: "Sunday 11:59 PM"', "due: Sun 23:59"),
    ("due: Sonntag 23.59 Uhr", "due: Sun 23:59"),
    ("due: Sun 23:59 ao", "due: Sun 23:59"),
    ("due: Sun 24:00", "due: Sun 23:59"),
    ("due: domingo 23h59", "due: Sun 23:59"),
    ("extension: max. 3 days", "extension: 3 days"),
    ("grace: 1 dia", "grace: 1 day"),
    ("grace: 2 hrz", "grace: 2 h"),
    ("grace: two hours", "grace: 2 h"),
    ("hours: 8am - 10pm", "hours: 08:00-22:00"),
    ("id: Español A1", "id: espanol-a1"),
    ("id: zero\u200bwidth", "id: zerowidth"),
    ("kind: lang", "kind: long"),
    ("kind: multiple choice", "kind: choice"),
    ("kind: paragraph", "kind: long"),
    ("kind: paragraph text", "kind: long"),
    ("kind: url", "kind: link"),
    ("language: English (US)", "language: en-US"),
    ("late: 3 dias", "late: 3 days"),
    ("late: up to 1 week", "late: 7 days"),
    ("link: htps://example.org/tea/heat", "link: https://example.org/tea/heat"),
    ("link: https://example.org/tea/hot water", "link: https://example.org/tea/hot%20water"),
    ("link: www.example.org/slides one", "link: https://www.example.org/slides%20one"),
    ("mater", "materials:"),
    ("milestone: leafs", "milestone: leaves"),
    ("milestone: ledgre", "milestone: ledger"),
    ("minutes: 12 min", "minutes: 12"),
    ("minutes: 1h 30", "minutes: 90"),
    ("minutes: 1h30", "minutes: 90"),
    ("minutes: 20 mins", "minutes: 20"),
    ("minutes: 3 hrs", "minutes: 180"),
    ("opens: Fri 4 PM", "opens: Fri 16:00"),
    ("opens: Fri 4pm", "opens: Fri 16:00"),
    ("opens: Fry 16:00", "opens: Fri 16:00"),
    ("opens: segunda-feira 9h", "opens: Mon 09:00"),
    ("opens: viernes 16:00", "opens: Fri 16:00"),
    ("optional: yes", "required: no"),
    ("week: one", "week: 1"),
    ("week: two", "week: 2"),
    ("weekly_hours: 2", "weekly_minutes: 120"),
    ("weekly_minutes: 1,200", "weekly_minutes: 1200"),
    ("weekly_minutes: 2 h", "weekly_minutes: 120"),
    ("weekly_minutes: 3 hours", "weekly_minutes: 180"),
    ("weekly_minutes: 6h", "weekly_minutes: 360"),
    ("weekly_minutes: two hours", "weekly_minutes: 120"),
}
"""The same in other words: all that fixes for the files below write instead of a word that is gone, or remove."""

KEYS = frozenset(w for key in COURSE_FILE.homes for w in re.findall(r"[^\W_]+", key))


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_mistake_of_a_first_attempt_is_named_at_once(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    planted = {int(n) for n in re.findall(r"\d+", text.partition("lines:")[2].partition("\n")[0])}
    named = {p.line for p in check(text, path.name) if p.severity == "error"}
    assert named == planted


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text.lower()))


def lost(fix: str) -> set[tuple[str, str]]:
    """(what stood there, what a fix writes instead) where a word is gone after it, apart from the names of keys."""
    added = sum((words(new) for new in re.findall(r"Add `(.*?)`", fix)), Counter[str]())
    pairs = re.findall(r"Write `(.*?)` instead of `(.*?)` in line \d+\.", fix)
    gone = {(old, new) for new, old in pairs if words(old) - words(new) - added - Counter(dict.fromkeys(KEYS, 99))}
    gone |= {(removed, "") for removed in re.findall(r"Remove `(.*?)` from line", fix)}
    return gone | ({("lines", "")} if re.search(r"Remove lines? \d|instead of lines?", fix) else set())


TEXTS = [p.read_text(encoding="utf-8") for p in FILES] + [slip.text for slip in SLIPS]


@pytest.mark.parametrize("text", TEXTS)
def test_no_fix_loses_a_word(text: str) -> None:
    for problem in check(text):
        assert lost(problem.fix) <= SAME, problem.fix


@pytest.mark.parametrize("case", CASES)
def test_a_fix_means_the_same_or_leaves_it_to_the_author(case: str) -> None:
    old, new, fixed = CASES[case]
    slip = SLIPS[0]
    text = slip.text.replace(slip.new, slip.old).replace(old, new, 1)
    [problem] = [p for p in check(text) if p.severity == "error"]
    assert (f"Write `{fixed}`" in problem.fix) if fixed else problem.fix.startswith("Decide in line"), problem.fix


def test_a_question_that_is_optional_is_not_required() -> None:
    slip = SLIPS[0]
    text = slip.text.replace(slip.new, slip.old).replace(
        "        kind: long\n", "        kind: long\n        optional: yes\n", 1
    )
    [problem] = [p for p in check(text) if p.severity == "error"]
    assert "Write `required: no` instead of `optional: yes`" in problem.fix


def test_a_list_item_without_its_dash_is_one_mistake_and_keeps_its_id() -> None:
    text = Path("courses/digital-marketing.yaml").read_text(encoding="utf-8")
    found = [p for p in check(text.replace("  - id: funnel\n", "    id: funnel\n", 1)) if p.severity == "error"]
    assert len(found) == 1, [str(p) for p in found]
    assert "- id: funnel" in found[0].fix


KEPT = {
    "homework_below_weeks": {"weeks": 2, "milestones": 2},
    "below_course": {"weeks": 2, "milestones": 1, "prompts": 1},
    "weeks_below_course": {"weeks": 2, "prompts": 1},
    "nested": {"weeks": 2, "milestones": 1, "prompts": 1, "discussions": 1},
    "singular": {"weeks": 2, "milestones": 1},
    "numbered": {"weeks": 3, "milestones": 2},
    "dash": {"weeks": 2, "milestones": 2},
    "flat": {"weeks": 2},
}
"""What is in a file after all edits that its fixes offer. Only what its author has to decide is left then."""


@pytest.mark.parametrize("name", KEPT)
def test_following_every_fix_keeps_each_week_and_milestone(name: str) -> None:
    text = next(p for p in FILES if p.stem == name).read_text(encoding="utf-8")
    after = follow(" ".join(edits(text)), text)
    read = yaml.load(after, yaml.BaseLoader)
    assert {key: len(read[key]) for key in KEPT[name]} == KEPT[name]
    assert [p.code for p in check(after) if p.severity == "error" and not p.fix.startswith("Decide")] == []
    if name == "homework_below_weeks":
        assert [(m["week"], m["title"]) for m in read["milestones"]] == [("1", "Homework 1"), ("2", "Homework 2")]


def edits(text: str) -> list[str]:
    return [p.fix for p in check(text) if p.severity == "error" and "Decide in line" not in p.fix]


def test_values_that_are_there_are_used() -> None:
    for name, minutes, title in (("flat", "90", "Flat course"), ("one_line", "120", "Intro to Gardening")):
        text = next(p for p in FILES if p.stem == name).read_text(encoding="utf-8")
        course = yaml.load(follow(" ".join(edits(text)), text), yaml.BaseLoader)["course"]
        assert (course["weekly_minutes"], course["title"]) == (minutes, title)


@pytest.mark.parametrize("text", TEXTS)
def test_no_fix_takes_a_whole_list_away(text: str) -> None:
    lines = text.split("\n")
    for problem in check(text):
        for first, last in re.findall(r"Put `#` before lines (\d+) to (\d+)", problem.fix):
            assert not any(
                re.match(r"\s*(?:weeks|milestones|prompts):", line) for line in lines[int(first) - 1 : int(last)]
            )
