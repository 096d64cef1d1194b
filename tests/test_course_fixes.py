"""A hundred wrong course files: each is named at its line, and doing what the fix says repairs it."""

import re
from dataclasses import dataclass

import pytest

from bot.course.loader import check, load
from bot.course.problems import CourseInvalid

GOOD = """\
course:
  id: tea
  title: Tea for beginners
  weekly_minutes: 120
  completion: all essential milestones and 2 wrap-ups
weeks:
  - title: Leaves
    goal: Tell green from black tea.
    minutes: 100
    materials:
      - title: Watch "Picking"
        link: https://example.org/tea/picking
        minutes: 20
        transcript: https://example.org/tea/picking.txt
        guide: Pause at 3:00 and guess.
      - title: Read "Drying"
        link: https://example.org/tea/drying
        minutes: 15
    self_check:
      - question: What makes black tea black?
        answer: Oxygen.
  - title: Water
    goal: Brew one cup that you would serve.
    materials:
      - title: Read "Heat"
        link: https://example.org/tea/heat
        minutes: 15
prompts:
  - id: wrapup
    weekly: yes
    opens: Fri 16:00
    closes: Sun 20:00
    questions:
      - id: done
        kind: long
        text: What did you finish?
        audience: cohort
      - id: mood
        kind: choice
        text: How was it?
        audience: instructors
        options: [good, bad]
  - id: start
    week: 1
    opens: Mon 09:00
    closes: Wed 23:59 aoe
    questions:
      - {id: hope, kind: text, text: What do you hope for, audience: cohort}
milestones:
  - id: leaves
    week: 1
    title: Describe three leaves
    opens: Mon 09:00
    due: Sun 23:59 aoe
    grace: 2 h
    late: accepted
    extension: 3 days
    essential: yes
    minutes: 45
  - id: cup
    week: 2
    title: Brew a cup
    due: Thu 18:00
    late: 7 days
    minutes: 40
discussions:
  - id: bags
    week: 1
    title: Bags or leaves
    question: Are bags tea?
    protocol: [Claim, Evidence]
    opens: Tue 09:00
    closes: Sat 23:59
    minutes: 20
reviews:
  - id: leaf-review
    milestone: leaves
    week: 2
    title: Read two descriptions
    opens: Mon 12:00
    due: Sun 23:59
    rubric:
      - Would you find the leaf?
    minutes: 20
live:
  - id: tasting
    week: 2
    title: Tasting together
    minutes: 30
    slots: [Wed 08:00, Wed 20:00]
    goal: Describe a taste in words that others share.
    optional: yes
    alternative: Taste at home and write three lines.
    recorded: yes
    workload: Homework is half an hour shorter.
    metric: Half of the learners come.
faq:
  answer_within: 24 h
privacy:
  quotes: ask
messages:
  hours: 08:00-22:00
  reminders: 1
"""


@dataclass
class Line:
    """A line with its number in the file as it was. A new one has the number of the line above it."""

    number: int
    text: str

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip())


def follow(fix: str, text: str) -> str:
    """Does what a fix, or several one after the other, says word for word. All numbers are those of the file as it
    is."""
    lines = [Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    at = {line.number: line for line in lines}
    done = 0

    def block(first: str, last: str) -> list[Line]:
        return [line for line in lines if int(first) <= line.number <= int(last or first)]

    def shift(some: list[Line], by: int) -> None:
        some[0].text = some[0].text.expandtabs(1)
        for line in some:
            body = line.text.lstrip()
            line.text = " " * (line.indent + by) + body if body else ""

    for new, old, n in re.findall(r"(?:Write|Rename) `(.*?)` (?:instead of|to) `(.*?)` in line (\d+)\.", fix):
        if f"Rename `{new}` to" in fix:
            new, old = old, new
        line = at[int(n)]
        assert old in line.text, (old, line.text)
        line.text, done = line.text.replace(old, new, 1), done + 1
    for new, first, last in re.findall(r"Write `(.*?)` instead of lines? (\d+)(?: to (\d+))?\.", fix):
        head, *rest = block(first, last or first)
        head.text = " " * head.indent + new
        for line in rest:
            line.text = "#"
        done += 1
    for old, n in re.findall(r"Remove `(.*?)` from line (\d+)\.", fix):
        line = at[int(n)]
        assert old in line.text, (old, line.text)
        before, _, after = line.text.rpartition(old)
        line.text, done = before + after, done + 1
    for first, last in re.findall(r"Remove lines? (\d+)(?: to (\d+))?\.", fix):
        for line in block(first, last):
            line.text = "#"
        done += 1
    added = re.findall(r"Add `(.*?)` (above|below) line (\d+)(?:, indented by (\d+) spaces)?\.", fix)
    for new, where, n, spaces in sorted(added, key=lambda a: int(a[2]), reverse=True):
        below = 0 if where == "above" else int(n)
        place = next((i for i, line in enumerate(lines) if line.number > below), len(lines))
        lines.insert(place, Line(below, " " * int(spaces or 0) + new))
        done += 1
    for first, last, spaces in re.findall(r"Indent lines? (\d+)(?: to (\d+))? to (\d+) spaces\.", fix):
        was = text.split("\n")[int(first) - 1].expandtabs(1)
        shift(block(first, last), int(spaces) - (len(was) - len(was.lstrip())))
        done += 1
    for first, last in re.findall(
        r"Put `- ` before the text of line (\d+)(?: and two more spaces before lines? .*?(\d+))?\.", fix
    ):
        head, *rest = block(first, last or first)
        head.text = " " * head.indent + "- " + head.text.lstrip()
        for line in rest:
            line.text = "  " + line.text
        done += 1
    for first, last in re.findall(r"Put `#` before lines? (\d+)(?: to (\d+))?\.", fix):
        for line in block(first, last):
            line.text = f"#{line.text}"
        done += 1
    for column, n in re.findall(r"Remove the character in column (\d+) of line (\d+)", fix):
        line, c = at[int(n)], int(column) - 1
        line.text, done = line.text[:c] + line.text[c + 1 :], done + 1
    moves = re.findall(r"Move lines? (\d+)(?: to (\d+))? below line (\d+), indented to (\d+) spaces\.", fix)
    for first, last, n, spaces in moves:
        moved = block(first, last)
        shift(moved, int(spaces) - moved[0].indent)
        lines = [line for line in lines if line not in moved]
        place = max(i for i, line in enumerate(lines) if line.number == int(n)) + 1
        lines[place:place] = moved
        done += 1
    assert done, f"Nobody can follow this: {fix}"
    return "\n".join(line.text for line in lines)


@dataclass(frozen=True)
class Slip:
    """`old` in the good file becomes `new`; the problem is `below` lines under the first line of `new`. `asks`: only
    the author knows what is meant ('note': the line can also stay as a comment)."""

    old: str
    new: str
    code: str
    below: int = 0
    asks: str = ""

    @property
    def text(self) -> str:
        assert GOOD.count(self.old) == 1, self.old
        return GOOD.replace(self.old, self.new)

    @property
    def line(self) -> int:
        return GOOD[: GOOD.index(self.old)].count("\n") + 1 + self.below


HEAT = """\
    materials:
      - title: Read "Heat"
        link: https://example.org/tea/heat
        minutes: 15
"""
HOPE = "      - {id: hope, kind: text, text: What do you hope for, audience: cohort}"
MESSAGES = """\
messages:
  hours: 08:00-22:00
  reminders: 1
"""

SLIPS = [
    # Keys
    Slip("  title: Tea for", "  titel: Tea for", "unknown-key"),
    Slip("    goal: Tell", "    gaol: Tell", "unknown-key"),
    Slip("    goal: Brew", "    Goal: Brew", "unknown-key"),
    Slip("  weekly_minutes:", "  weekly-minutes:", "unknown-key"),
    Slip("  weekly_minutes:", "  weeklyMinutes:", "unknown-key"),
    Slip("milestones:\n", "mile_stones:\n", "unknown-key"),
    Slip("prompts:\n", "wrapups:\n", "unknown-key"),
    Slip("    link: https://example.org/tea/heat", "    url: https://example.org/tea/heat", "unknown-key"),
    Slip("    due: Thu", "    deadline: Thu", "unknown-key"),
    Slip("  completion: all", "  colour: green\n  completion: all", "unknown-key", asks="note"),
    Slip("{id: hope, kind", "{id: hope, knd", "unknown-key"),
    Slip("kind: text, text: What do you hope for,", "kind: text, text: What, colour: blue,", "unknown-key", asks="ask"),
    Slip("  - title: Water\n", "  - colour: blue\n    title: Water\n", "unknown-key", asks="ask"),
    Slip("    goal: Brew", "    title: Hot water\n    goal: Brew", "duplicate-key", asks="ask"),
    Slip("faq:\n", "course:\n  id: other\nfaq:\n", "duplicate-key", asks="ask"),
    Slip("milestones:\n", "weeks:\n  - {title: Milk, goal: Pour.}\nmilestones:\n", "duplicate-key", asks="ask"),
    Slip("  - title: Leaves\n", "  - week: 1\n    title: Leaves\n", "unknown-key"),
    Slip("  - title: Leaves\n    goal", "  - week: 1\n    goal: Tell\n    title: Leaves\n    # goal", "unknown-key"),
    Slip("  - title: Water\n", "  - title: Water\n    week: 2\n", "unknown-key", 1),
    Slip("  - title: Water\n", "  - week: 7\n    title: Water\n", "unknown-key", asks="ask"),
    Slip('      - title: Read "Drying"', '      - read: Read "Drying"', "unknown-key"),
    Slip('      - title: Watch "Picking"', '      - video: Watch "Picking"', "unknown-key"),
    Slip("  - title: Water\n", "  - read: Tea\n    minutes: 5\n  - title: Water\n", "nesting", asks="ask"),
    Slip("  - title: Water\n", "  - homework: Brew\n  - title: Water\n", "nesting", asks="ask"),
    Slip("  - title: Water\n", "  - title: Water\n    homework: Brew\n", "nesting", 1, asks="note"),
    Slip('      - title: Read "Heat"', '      - homework: Brew\n      - title: Read "Heat"', "nesting", asks="ask"),
    Slip("        minutes: 15\n    self_check", "      - minutes: 15\n    self_check", "dash"),
    # Missing
    Slip("  id: tea\n", "", "missing"),
    Slip("  title: Tea for beginners\n", "", "missing", -1),
    Slip("  weekly_minutes: 120\n", "", "missing", -2),
    Slip("  - title: Water\n    goal:", "  - goal:", "missing"),
    Slip("      - id: done\n        kind", "      - kind", "missing"),
    Slip("        text: What did you finish?\n", "", "missing", -2),
    Slip("        audience: cohort\n      - id: mood", "      - id: mood", "missing", -3, asks="ask"),
    Slip("audience: cohort}", "}", "missing", asks="ask"),
    Slip("    week: 2\n    title: Brew a cup", "    title: Brew a cup", "missing", -1),
    Slip("    weekly: yes\n", "", "missing", -1, asks="ask"),
    Slip("    milestone: leaves\n", "", "missing", -1),
    Slip("        options: [good, bad]\n", "", "options", -4, asks="ask"),
    # Empty
    Slip("  title: Tea for beginners", "  title:", "empty"),
    Slip("    goal: Brew one cup that you would serve.", '    goal: ""', "empty"),
    Slip("    due: Sun 23:59 aoe", "    due:   # later", "empty"),
    Slip("audience: cohort}", "audience: }", "empty"),
    Slip("    week: 2\n    title: Brew", "    week: ~\n    title: Brew", "empty"),
    Slip("      - Would you find the leaf?", "      -", "empty"),
    Slip("    protocol: [Claim, Evidence]", "    protocol: []", "empty"),
    Slip("        options: [good, bad]", "        options: [good]", "empty", asks="ask"),
    Slip("      - {id: hope, kind: text, text: What do you hope for, audience: cohort}\n", "", "empty", -1, asks="ask"),
    # Types
    Slip("  title: Tea for beginners", "  title: [Tea, for beginners]", "type", asks="ask"),
    Slip("  title: Tea for beginners", "  title:\n    main: Tea\n    sub: for beginners", "type", asks="ask"),
    Slip("  weekly_minutes: 120", "  weekly_minutes: two hours", "number"),
    Slip("  weekly_minutes: 120", "  weekly_minutes: 2 h", "number"),
    Slip("  weekly_minutes: 120", "  weekly_minutes: -120", "range", asks="ask"),
    Slip("  weekly_minutes: 120", "  weekly_minutes: 0", "range", asks="ask"),
    Slip("  weekly_minutes: 120", "  weekly_minutes: 120.5", "number", asks="ask"),
    Slip("        minutes: 20\n", "        minutes: -20\n", "range", asks="ask"),
    Slip("        minutes: 20\n", "        minutes: 99999\n", "range", asks="ask"),
    Slip("    essential: yes", "    essential: maybe", "choice", asks="ask"),
    Slip("    weekly: yes", "    weekly: sure", "choice", asks="ask"),
    Slip("        options: [good, bad]", "        options: good, bad", "type"),
    Slip("        options: [good, bad]", "        options: [good, good]", "duplicate-option", asks="ask"),
    Slip("faq:\n  answer_within: 24 h", "faq:\n  - answer_within: 24 h", "type"),
    Slip("course:\n  id", "course:\n  - id", "dash", 1),
    Slip(HOPE, "      - hope", "type", asks="ask"),
    Slip("messages:\n  hours: 08:00-22:00\n  reminders: 1\n", "messages: often\n", "type", asks="ask"),
    Slip("  - id: bags\n    week: 1", "    id: bags\n    week: 1", "type", -1),
    Slip("        text: How was it?\n", "        text: How was it?\n        required: !!bool yes\n", "tag", 1),
    Slip("  - id: start\n", "  - id: !!python/object:os.system start\n", "tag"),
    # Words
    Slip("        kind: long", "        kind: lang", "choice"),
    Slip("        kind: long", "        kind: paragraph", "choice"),
    Slip("        kind: long", "        kind: Long", "choice"),
    Slip("        audience: instructors", "        audience: instructor", "choice"),
    Slip("        audience: instructors", "        audience: private", "choice"),
    Slip("        kind: choice", "        kind: long", "options", 3, asks="ask"),
    Slip("    late: accepted", "    late: perhaps", "choice", asks="ask"),
    Slip("    extension: 3 days", "    extension: a while", "duration", asks="ask"),
    Slip("    grace: 2 h", "    grace: two hours", "duration"),
    Slip("    grace: 2 h", "    grace: 2 hrz", "duration"),
    Slip("  quotes: ask", "  quotes: sometimes", "choice", asks="ask"),
    Slip("  hours: 08:00-22:00", "  hours: 22:00-08:00", "order", asks="ask"),
    Slip("  hours: 08:00-22:00", "  hours: mornings", "moment", asks="ask"),
    Slip("  reminders: 1", "  reminders: 10", "range", asks="ask"),
    Slip("  completion: all essential milestones and 2 wrap-ups", "  completion: if ready", "choice", asks="ask"),
    Slip("  completion: all essential milestones and 2 wrap-ups", "  completion: 9 wrap-ups", "range", asks="ask"),
    # Moments
    Slip("    opens: Fri 16:00", "    opens: Fri 25:00", "moment", asks="ask"),
    Slip("    opens: Fri 16:00", "    opens: Fri 16:61", "moment", asks="ask"),
    Slip("    opens: Fri 16:00", "    opens: Fry 16:00", "moment"),
    Slip("    opens: Fri 16:00", "    opens: Someday 16:00", "moment", asks="ask"),
    Slip("    opens: Fri 16:00", "    opens: 16:00", "moment", asks="ask"),
    Slip("    opens: Fri 16:00", "    opens: Fri", "moment", asks="ask"),
    Slip("    opens: Fri 16:00", "    opens: Fri 4pm", "moment"),
    Slip("    opens: Fri 16:00", "    opens: 16:00 Fri", "moment"),
    Slip("    closes: Sun 20:00", "    closes: Sun 24:00", "moment"),
    Slip("    due: Sun 23:59 aoe", "    due: Sun 23:59 utc", "moment", asks="ask"),
    Slip("    due: Sun 23:59 aoe", "    due: Sun 23:59 Europe/Berlin", "moment", asks="ask"),
    Slip("    due: Sun 23:59 aoe", "    due: 2026-01-11 23:59", "moment", asks="ask"),
    Slip("    due: Sun 23:59 aoe", "    due: Sun 23:59 ao", "moment"),
    Slip("    closes: Sun 20:00", "    closes: Fri 16:00", "order", asks="ask"),
    Slip("    due: Sun 23:59 aoe", "    due: Mon 08:00", "order", asks="ask"),
    Slip("    due: Sun 23:59 aoe", "    due: Mon 09:00 learner", "order", asks="ask"),
    Slip("    slots: [Wed 08:00, Wed 20:00]", "    slots: [Wed 08:00, Wed 8 pm]", "moment"),
    # References
    Slip("    week: 2\n    title: Brew", "    week: 3\n    title: Brew", "reference", asks="ask"),
    Slip("    week: 2\n    title: Brew", "    week: 0\n    title: Brew", "range", asks="ask"),
    Slip("    week: 2\n    title: Brew", "    week: two\n    title: Brew", "number"),
    Slip("    due: Thu 18:00", "    due: week 5 Thu 18:00", "reference", asks="ask"),
    Slip("    milestone: leaves", "    milestone: leafs", "reference"),
    Slip("    milestone: leaves\n    week: 2", "    milestone: leaves\n    week: 1", "order", 1, asks="ask"),
    Slip("  - id: cup", "  - id: leaves", "duplicate-id"),
    Slip("      - id: mood", "      - id: done", "duplicate-id"),
    Slip("  - id: start", "  - id: wrapup", "duplicate-id"),
    Slip("  id: tea\n", "  id: Tea Course!\n", "id"),
    Slip("    weekly: yes", "    weekly: yes\n    week: 1", "conflict", asks="ask"),
    Slip("    weekly: yes", "    weekly: no", "missing", asks="ask"),
    Slip("https://example.org/tea/heat", "example.org/tea/heat", "link"),
    Slip("https://example.org/tea/heat", "htps://example.org/tea/heat", "link"),
    Slip("https://example.org/tea/heat", "https://example.org/tea/hot water", "link"),
    # Syntax
    Slip("  title: Tea for beginners", "  title Tea for beginners", "colon"),
    Slip("  title: Tea for beginners", "  title:Tea for beginners", "colon"),
    Slip("  title: Tea for beginners", "  title = Tea for beginners", "colon"),
    Slip("  title: Tea for beginners", "  title: Tea: for beginners", "quote"),
    Slip("  title: Tea for beginners", '  title: "Tea for beginners', "quote"),
    Slip("  title: Tea for beginners", "  title: 'Tea' for beginners", "quote"),
    Slip("  title: Tea for beginners", '  title: "Tea" for beginners', "quote"),
    Slip("  title: Tea for beginners", "  title: @tea", "quote"),
    Slip("  title: Tea for beginners", "  title: *tea", "quote"),
    Slip("  title: Tea for beginners", "  title: `tea`", "quote"),
    Slip("  title: Tea for beginners", "  title: %tea", "quote"),
    Slip("  title: Tea for beginners", '  title: "C:\\pekoe"', "quote"),
    Slip("  title: Tea for beginners", "  title: [Tea", "quote"),
    Slip("  title: Tea for beginners", "   title: Tea for beginners", "indentation"),
    Slip("  title: Tea for beginners", "\ttitle: Tea for beginners", "tab"),
    Slip("    goal: Brew", "\t\tgoal: Brew", "tab"),
    Slip("  title: Tea for beginners", "  title: Tea for \x07beginners", "character"),
    Slip("        options: [good, bad]", "        options: [good, bad", "bracket"),
    Slip("        options: [good, bad]", "        options: good, bad]", "type"),
    Slip("hope for, audience", "hope for?, audience", "quote"),
    Slip("hope for, audience", "hope: for tea, audience", "quote"),
    Slip("audience: cohort}", "audience: cohort", "bracket"),
    Slip("audience: cohort}", "audience: cohort]", "bracket"),
    Slip("for, audience: cohort}", "for audience: cohort}", "bracket"),
    Slip("weeks:\n", "weeks\n", "colon"),
    Slip("  - title: Water", "  -title: Water", "dash"),
    Slip("  - title: Water", "  title: Water", "dash"),
    Slip("  - title: Water", "  * title: Water", "dash"),
    Slip("    goal: Brew", "     goal: Brew", "indentation"),
    Slip("    goal: Brew", "   goal: Brew", "indentation"),
    Slip("    goal: Brew", "  goal: Brew", "indentation"),
    Slip("        kind: long", "          kind: long", "indentation"),
    Slip("      - question: What makes", "      - question What makes", "colon"),
    Slip("faq:\n", "---\nfaq:\n", "syntax"),
    # Nesting
    Slip("prompts:\n", "", "missing"),
    Slip("milestones:\n", "", "missing"),
    Slip("    questions:\n      - id: done", "      - id: done", "missing"),
    Slip("  - id: wrapup\n", "", "dash"),
    Slip("      - title: Watch \"Picking\"\n", "", "dash"),
    Slip("course:\n", "  course:\n", "indentation"),
    Slip("live:\n", "  live:\n", "indentation"),
    Slip("  - id: cup", " - id: cup", "indentation"),
    Slip("    materials:\n      - title: Watch", "    mater\n      - title: Watch", "colon"),
    Slip(HEAT, HEAT.replace("    materials", "materials").replace("\n    ", "\n"), "nesting"),
    Slip("    late: 7 days\n", "late: 7 days\n", "indentation"),
    Slip(MESSAGES, MESSAGES.replace("m", "  m", 1).replace("\n  ", "\n    "), "nesting"),
    Slip("  quotes: ask", "quotes: ask", "nesting"),
]  # fmt: skip


def test_the_good_file_has_nothing_wrong() -> None:
    assert check(GOOD) == []


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: f"{s.code}-{s.line}-{s.new.strip()[:30]!r}")
def test_a_slip_is_named_at_its_line_with_a_fix_that_works(slip: Slip) -> None:
    with pytest.raises(CourseInvalid) as caught:
        load(slip.text, "tea.yaml")
    errors = [p for p in caught.value.problems if p.severity == "error"]
    named = [(slip.line, slip.code)]
    if slip.code == "dash" and not slip.new:
        # The line that went away held a key as well.
        named.append((slip.line, "missing"))
    assert [(p.line, p.code) for p in errors] == named, [str(p) for p in errors]
    assert bool(slip.asks) == (f"Decide in line {slip.line}: " in errors[0].fix), errors[0].fix
    if slip.asks == "ask":
        assert "instead of" not in errors[0].fix
        return
    load(follow(" ".join(error.fix for error in errors), slip.text))


def test_a_date_in_another_week_names_its_week_once() -> None:
    text = GOOD.replace("    due: Sun 23:59 aoe", "    due: week 2 Wed 23:59 aoe", 1)
    said = [p.message for p in check(text) if "review opens before" in p.message]
    assert said
    assert "(week 2 Wed 23:59 aoe)" in said[0]


LOOK_ALIKES = ("points", "graded", "label", "session", "version", "notes", "status", "module", "place", "pages")


@pytest.mark.parametrize("word", LOOK_ALIKES)
def test_a_word_that_merely_looks_like_a_key_is_no_slip(word: str) -> None:
    text = GOOD.replace("    due: ", f"    {word}: 3\n    due: ", 1)
    assert text != GOOD
    [problem] = [p for p in check(text) if p.code == "unknown-key"]
    assert "Rename" not in problem.fix


def test_a_value_under_another_name_is_not_invented_beside_it() -> None:
    text = GOOD.replace("week: 2", "wk: 2", 1)
    assert text != GOOD
    [missing] = [p for p in check(text) if p.code == "missing"]
    assert "whether `wk` is its `week`" in missing.fix


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("        options: [good, bad]\n", ""),
        ("options: [good, bad]", "options: [good]"),
        ("options: [good, bad]", "options: 'good,'"),
        ("options: [good, bad]", "options:"),
        ("options: [good, bad]", "options: []"),
    ],
)
def test_nobody_invents_what_learners_choose_from(old: str, new: str) -> None:
    (problem,) = check(GOOD.replace(old, new))
    assert problem.fix.startswith("Decide in line"), problem.fix


@pytest.mark.parametrize("title", ["Water", "water", "WATER"])
def test_a_week_named_by_its_title_gets_its_number(title: str) -> None:
    text = GOOD.replace("  - id: cup\n    week: 2", f"  - id: cup\n    week: {title}")
    (problem,) = check(text)
    assert problem.fix == f"Write `week: 2` instead of `week: {title}` in line 61."
    # Where two weeks have the title, the author says which.
    twice = text.replace("title: Leaves", f"title: {title}")
    (problem,) = [p for p in check(twice) if p.severity == "error"]
    assert problem.fix == "Decide in line 61: write the number of a week, or its id."


def test_a_group_of_all_is_written_as_the_reference_says() -> None:
    (problem,) = check(GOOD.replace("    question: Are", "    group: all\n    question: Are"))
    assert problem.fix.startswith("Write `group: 0` instead of `group: all`")


@pytest.mark.parametrize("place", ["  id: tea\n", ""])
@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("start: 2027-03-01", "--start 2027-03-01"),
        ("start_date: soon", "--start 2026-03-02"),
        ("zone: Asia/Tokyo", "--zone Asia/Tokyo"),
        ("timezone: CET", "--zone Europe/Berlin"),
        ("holidays: [2027-03-29]", "--holiday"),
    ],
)
def test_what_a_cohort_has_is_none_of_a_course_and_told_where_it_goes(line: str, option: str, place: str) -> None:
    text = GOOD.replace(place, f"{place}  {line}\n") if place else f"{GOOD}{line}\n"
    (problem,) = check(text)
    assert f"`pacekeeper cohort create FILE {option}" in problem.fix


@pytest.mark.parametrize("line", ["instructor: Ines Ito", "teachers: [Ines, Tom]", "manager: ines@example.org"])
def test_people_in_a_course_file_are_those_of_a_cohort(line: str) -> None:
    text = GOOD.replace("  weekly_minutes: 120\n", f"  weekly_minutes: 120\n  {line}\n")
    [problem] = [p for p in check(text) if p.severity == "error"]
    assert "`pacekeeper cohort roster`" in problem.fix
    assert not [p for p in check(follow(problem.fix, text)) if p.severity == "error"]
    assert "scenarios" not in problem.message


@pytest.mark.parametrize(
    ("old", "new", "wanted"),
    [
        (
            "guide: Pause at 3:00 and guess.",
            "guide:\n          - Pause at 3:00: who is it?",
            "Pause at 3:00: who is it?",
        ),
        ("guide: Pause at 3:00 and guess.", "guide: [Pause at 3:00: who]", "Pause at 3:00: who"),
        (
            "      - question: What makes black tea black?\n        answer: Oxygen.",
            "      - What is it: a cat?",
            "a cat?",
        ),
        ("      - Would you find the leaf?", "      - Clear: would you find it?", "Clear: would you find it?"),
        ("options: [good, bad]", "options:\n          - good: yes\n          - bad", "good: yes"),
    ],
)
def test_a_text_of_a_list_that_holds_a_colon_gets_its_quotes(old: str, new: str, wanted: str) -> None:
    text = GOOD.replace(old, new)
    assert text != GOOD
    (problem,) = [p for p in check(text) if p.severity == "error"]
    assert problem.code == "quote"
    fixed = obeyed(text)
    assert wanted in repr(load(fixed))
    assert check(fixed) == []


@pytest.mark.parametrize("flag", ["true", "yes", "on"])
def test_two_keys_that_say_the_same_leave_one_behind(flag: str) -> None:
    text = GOOD.replace("    essential: yes\n", f"    optional: no\n    essential: {flag}\n")
    (problem,) = check(text)
    assert problem.code == "duplicate-key"
    assert not problem.fix.startswith("Decide")
    assert load(obeyed(text)).milestones == load(GOOD).milestones
    inline = GOOD.replace("kind: text, text: What do you hope for", "text: x, kind: text, required: yes, optional: no")
    assert check(obeyed(inline)) == []
    differs = GOOD.replace("    essential: yes\n", "    optional: yes\n    essential: yes\n")
    assert check(differs)[0].fix.startswith("Decide")


@pytest.mark.parametrize(
    "end", ["  broken\n", "  broken\n\n\n", "  broken", "\tbroken\n", "]\n", "  'open\n", '  "open\n\n']
)
def test_no_end_of_a_file_keeps_it_from_loading_in_silence(end: str) -> None:
    last = GOOD.count("\n") + 1
    for text in (GOOD + end, f"{BRIEF}{end}"):
        with pytest.raises(CourseInvalid) as caught:
            load(text)
        lines = [p.line for p in caught.value.problems if p.severity == "error"]
        assert lines
        assert len(lines) < 4
        assert max(lines) >= (last if text.startswith(GOOD) else BRIEF.count("\n")) - 1, caught.value.problems


BRIEF = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks:
  - {title: Leaves, goal: Tell green from black.}
milestones:
  - {id: cup, week: 1, title: A cup, due: Thu 12:00, essential: yes, minutes: 30}
"""


def obeyed(text: str) -> str:
    """The file after every fix that says what to write, one after the other."""
    for _ in range(9):
        fixable = [p for p in check(text) if p.severity == "error" and not p.fix.startswith("Decide in line")]
        if not fixable:
            return text
        text = follow(fixable[0].fix, text)
    raise AssertionError([str(p) for p in check(text)])


def test_the_names_of_a_mapping_stay_as_the_ids_of_a_list() -> None:
    mapped = re.sub(r"(?m)^( *)- id: (wrapup|start|leaves|cup|done|mood|bags)$", r"\1\2:", GOOD)
    assert mapped != GOOD
    assert load(obeyed(mapped)).milestones == load(GOOD).milestones
    assert load(obeyed(mapped)).prompts == load(GOOD).prompts


@pytest.mark.parametrize("wide", ["  ", "      "])
def test_what_names_a_week_becomes_its_title(wide: str) -> None:
    head = "course: {id: tea, title: Tea, weekly_minutes: 60}\nweeks:\n"
    text = f"{head}  Green tea:\n  {wide}goal: Tell it from black.\n"
    assert [w.title for w in load(obeyed(text)).weeks] == ["Green tea"]


def test_a_mapping_in_one_line_stays_whole_as_an_item() -> None:
    text = "course: {id: a, title: A, weekly_minutes: 300}\nweeks: [{title: One, goal: Begin}]\nmilestones:\n"
    fixed = obeyed(text + "  essay: {week: 1, title: Essay, due: Sun 23:59}\n")
    assert fixed.endswith("  - {id: essay, week: 1, title: Essay, due: Sun 23:59}\n")
    (problem,) = [p for p in check(text + "  essay: {id: b, title: Essay, week: 1, due: Sun 23:59}\n") if p.fix]
    assert problem.fix.startswith("Decide")


@pytest.mark.parametrize(
    ("written", "keys"),
    [
        ('Watch "Desire lines" https://example.org/desire (30 min)', "{title: …, link: …, minutes: …}"),
        ("https://example.org/y", "{title: …, link: …}"),
        ('Watch "Personas" 25 min', "{title: …, minutes: …}"),
    ],
)
def test_what_is_written_in_one_line_loses_neither_its_link_nor_its_minutes(written: str, keys: str) -> None:
    head = "course: {id: a, title: A, weekly_minutes: 300}\nweeks:\n  - title: One\n    goal: Begin\n    materials:\n"
    (problem,) = [p for p in check(f"{head}      - {written}\n") if p.severity == "error"]
    assert problem.fix.startswith("Decide in line")
    assert keys in problem.fix


DASHES = {
    "a dash before the number": """\
  - week: 1
    title: Start
    goal: Begin.
  - week: 2
    title: Go on
    goal: Continue.
""",
    "a dash before each key": """\
  - week: 1
  - title: Start
  - goal: Begin.
  - week: 2
  - title: Go on
  - goal: Continue.
""",
    "a dash inside the week": """\
  - week: 1
    - title: Start
      goal: Begin.
  - week: 2
    - title: Go on
      goal: Continue.
""",
    "the number as a key": """\
  - week 1:
      title: Start
      goal: Begin.
  - week 2:
      title: Go on
      goal: Continue.
""",
    "a list below the number": """\
  - 1:
    - title: Start
    - goal: Begin.
  - 2:
    - title: Go on
    - goal: Continue.
""",
    "a material in the place of a list": """\
  - title: Start
    goal: Begin.
    - read: A chapter
    - video: A talk
  - title: Go on
    goal: Continue.
""",
}


@pytest.mark.parametrize("weeks", DASHES.values(), ids=DASHES)
def test_an_author_with_dashes_at_the_wrong_key_gets_to_the_course_that_was_meant(weeks: str) -> None:
    text = "course: {id: a, title: A, weekly_minutes: 300}\nweeks:\n" + weeks
    assert text.count("\n") == len(text.split("\n")) - 1
    course = load(obeyed(text))
    assert [(week.title, week.goal) for week in course.weeks] == [("Start", "Begin."), ("Go on", "Continue.")]


def test_questions_written_as_texts_get_examples_that_can_be_followed() -> None:
    head = "course: {id: a, title: A, weekly_minutes: 300}\nweeks: [{title: One, goal: Begin}]\nprompts:\n  - id: w\n"
    asked = ("What did you write this week?", "What is next, and why?")
    text = f"{head}    weekly: yes\n    questions:\n" + "".join(f"      - {words}\n" for words in asked)
    found = [re.search(r"`({.+?})`, with", p.fix) for p in check(text)]
    for words, example in zip(asked, found, strict=True):
        assert example is not None
        text = text.replace(words, example[1])
    assert [(q.text, q.id) for q in load(text).prompts[0].questions] == [
        (asked[0], "what-did-you-write"),
        (asked[1], "what-is-next-and"),
    ]


def test_a_file_that_is_a_list_is_not_written_anew() -> None:
    (problem,) = check("- course:\n    id: a\n    title: A\n- weeks: [{title: One, goal: Begin}]\n")
    assert problem.fix.startswith("Decide in line 1: take the dashes away")


def test_an_id_that_a_fix_makes_is_nobody_elses() -> None:
    start, end = GOOD.index("milestones:\n"), GOOD.index("discussions:\n")
    items = "".join(f"  - week: {w}\n    title: {t}\n" for w, t in ((1, "Leaves"), (1, "Cup"), (2, "Cup"), (2, "cup!")))
    kept = "  - id: leaves\n    week: 1\n    title: Kept\n  - id: Leaves\n    week: 2\n    title: Other\n"
    text = f"{GOOD[:start]}milestones:\n{items}{kept}{GOOD[end:]}"
    found = check(text)
    made = [new for p in found for new in re.findall(r"(?:Add|Write) `id: (.*?)`", p.fix)]
    assert len(made) == len(set(made) - {"leaves"}) == 5, made
    ids = [m.id for m in load(obeyed(text)).milestones]
    assert (len(ids), len(set(ids)), ids[4]) == (6, 6, "leaves")


@pytest.mark.parametrize("slip", SLIPS, ids=lambda s: f"{s.code}-{s.line}-{s.new.strip()[:30]!r}")
def test_no_fix_says_who_reads_an_answer(slip: Slip) -> None:
    for problem in check(slip.text):
        if not problem.fix.startswith("Decide in line"):
            written = " ".join(re.findall(r"`(.*?)`", problem.fix))
            assert "audience: " not in written or "audience" in slip.new, problem.fix


DAMAGE = {
    "turned": ("title: Tea for", "title: T\u202eea\u2066 for"),
    "control": ("title: Tea for", "title: T\x07ea\x00 for"),
    "long": ("title: Tea for", f"title: {'x' * 2100}"),
    "escaped": ("title: Tea for beginners", '"title": "Tea\\u202e"'),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_line_hides_no_other_error(damage: str) -> None:
    old, new = DAMAGE[damage]
    text = GOOD.replace(old, new, 1).replace("kind: long", "kind: lang", 1).replace("  - id: cup", "  -id: cup", 1)
    found = [(p.line, p.code) for p in check(text) if p.severity == "error"]
    odd = "too-long" if damage == "long" else "character"
    assert found == [(3, odd), (35, "choice"), (60, "dash")], found
    if damage != "long" and damage != "escaped":
        mended = GOOD.replace("kind: long", "kind: lang", 1).replace("  - id: cup", "  -id: cup", 1)
        assert follow(check(text)[0].fix, text) == mended


@pytest.mark.parametrize("coding", ["cp1252", "utf-16"])
def test_another_encoding_hides_no_other_error(coding: str) -> None:
    text = GOOD.replace("Tea for", "Thé pour").replace("Brew a cup", "Brüh").replace("kind: long", "kind: lang", 1)
    found = [(p.line, p.code) for p in check(text.encode(coding)) if p.severity == "error"]
    first = [(1, "encoding")] if coding == "utf-16" else [(3, "encoding"), (62, "encoding")]
    assert found == sorted([*first, (35, "choice")])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    weekly: yes", "    <<: *nosuch\n    weekly: yes"),
        ("  - id: start\n", "  - <<: *nosuch\n    id: start\n"),
        ("  - id: wrapup\n", "  - <<: *nosuch\n    id: wrapup\n"),
        ("    opens: Mon 12:00", "    opens: *nosuch"),
    ],
)
def test_an_alias_of_nothing_is_the_one_mistake(old: str, new: str) -> None:
    found = [(p.line, p.code) for p in check(GOOD.replace(old, new, 1)) if p.severity == "error"]
    assert found == [(GOOD[: GOOD.index(old)].count("\n") + 1, "alias")]


def test_what_cannot_be_merged_in_is_named() -> None:
    [problem] = [
        p for p in check(GOOD.replace("    weekly: yes", "    <<: 5\n    weekly: yes")) if p.severity == "error"
    ]
    assert "`<<` repeats the keys of a mapping; this is a text" in problem.message


WEEKS_AT_THE_TOP = """\
Kurs:
  Titel: Brot
  id: brot
  weekly_minutes: 240
  hours per week: 4
Woche 1:
  title: Mehl
  goal: Ein Mehl wählen.
Woche 2:
  title: Teig
  goal: Einen Teig kneten.
"""


def test_numbered_weeks_at_the_top_level_become_the_list_and_keep_every_word() -> None:
    text = WEEKS_AT_THE_TOP
    for _ in range(9):
        if not (errors := [p for p in check(text) if p.severity == "error"]):
            break
        text = follow(errors[0].fix, text)
    course = load(text)
    assert [(w.title, w.goal) for w in course.weeks] == [("Mehl", "Ein Mehl wählen."), ("Teig", "Einen Teig kneten.")]
    assert course.weekly_minutes == 240
    assert all(word in text for word in ("Woche 1", "Woche 2", "hours per week: 4"))


def test_hours_a_week_beside_the_course_are_its_weekly_minutes() -> None:
    text = "title: Bread\nweek1:\n  title: Flour\n  goal: Choose one.\nhours per week: 4\n"
    fixes = " ".join(p.fix for p in check(text))
    assert "Write `weekly_minutes: 240` instead of `hours per week: 4` in line 5." in fixes
    assert "weekly_minutes: 300" not in fixes
    assert "Add `id: bread` below line 1, indented by 2 spaces." in fixes


def test_hours_that_differ_from_the_weekly_minutes_are_the_authors_to_decide() -> None:
    text = GOOD.replace("  weekly_minutes: 120", "  weekly_minutes: 120\n  hours per week: 4")
    (problem,) = [p for p in check(text) if p.severity == "error"]
    assert problem.fix == "Decide in line 5: which of them is meant, `weekly_minutes: 120` or `weekly_minutes: 240`."


def test_a_text_in_place_of_keys_keeps_all_its_words() -> None:
    text = GOOD.replace("prompts:\n", "prompts:\n  - What did you bake?\n", 1)
    text = text.replace("milestones:\n", "milestones:\n  - Flour log, week 1, Friday 18:00\n", 1)
    fixes = " ".join(p.fix for p in check(text))
    assert 'text: "What did you bake?"' in fixes
    assert '{id: flour-log-week-1, week: 1, title: "Flour log, week 1, Friday 18:00", due: …}' in fixes


def test_what_is_due_and_handed_in_is_known_in_other_languages() -> None:
    text = GOOD.replace("milestones:", "abgaben:").replace("due: Thu 18:00", "fecha: Thu 18:00")
    fixes = " ".join(p.fix for p in check(text))
    assert "Rename `abgaben` to `milestones`" in fixes
    assert "Rename `fecha` to `due`" in fixes


def test_one_value_between_braces_is_quoted_and_the_others_stay() -> None:
    link = 'link: "https://example.org/flour"'
    week = f'{{title: Read "Flour", {link}, self_check: [{{question: What is flour?, answer: Milled grain}}]}}'
    text = (
        f"course: {{id: a, title: A, weekly_minutes: 300}}\nweeks:\n  - {{title: One, goal: Go, materials: [{week}]}}\n"
    )
    (quoting,) = [p for p in check(text) if p.code == "quote"]
    assert quoting.fix == 'Write `question: "What is flour?"` instead of `question: What is flour?` in line 3.'
    assert "link" not in {p.code for p in check(text)}
