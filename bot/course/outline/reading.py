"""Reads an outline as teams have it: headings, lists, tables, pasted text.

A heading begins a week; a line in it becomes an item of the course by its first words, or by the heading or the column
above it. Lines that nothing is known of are named, and stay in the file as comments.
"""

import re
from dataclasses import dataclass, field

from bot.course.keys import MOST_WEEKS
from bot.course.outline.lines import MOST_LINES, TITLE, Line, lines_of
from bot.course.outline.values import Guess, Outline, OutlinedWeek, Part, Why
from bot.course.outline.words import (
    ADDRESS,
    BUDGET,
    FILLING,
    IN_WORDS,
    LENGTH,
    LINK,
    MATERIALS,
    MINUTES,
    NUMBERED,
    NUMBERS,
    SOME_TIME,
    TIME,
    TITLED,
    due_in,
    is_section,
    kind_of,
    length_in,
    minutes_in,
    plain,
    titled,
    undated,
)

MOST_AT_ONCE = 12
"""Most weeks with one heading, such as 'Weeks 3-4: The project'."""

BESIDE_BUDGET = 30
"""Characters that a line with the time a week may have besides it."""

SECTIONS = ("goal", "reading")
"""What such a word alone on a line says of the lines below it; of other words a list below or a colon says it."""


@dataclass(slots=True)
class _Week:
    title: str
    goal: str = ""
    parts: list[Part] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


def read(text: str) -> Outline:
    """What an outline says. Without a week in it, its `weeks` are empty."""
    lines = list(lines_of(text))
    if not any(_numbered(line) or line.week for line in lines):
        _free_weeks(lines)
    reading = _Reading(*_weeks_are(lines))
    for line, after in zip(lines, [*lines[1:], None], strict=False):
        if line.number > MOST_LINES or not reading.take(line, after):
            reading.unread.append((line.number, line.text))
    return reading.outline


def _free_weeks(lines: list[Line]) -> None:
    """Items of a list such as '1. Week 1: Who reads' are the weeks if nothing else is."""
    items = [line for line in lines if line.indent is not None and _week_in(line.text)]
    for line in items:
        if line.indent == min(one.indent or 0 for one in items):
            line.indent = None


class _Reading:
    """`word`: what weeks are called ('week', 'module'), or '' where the headings of the `level` are the weeks. Without
    both, no line begins a week."""

    def __init__(self, word: str, level: int) -> None:
        self.title = ""
        self.budget: int | None = None
        self.weeks: list[_Week] = []
        self.unread: list[tuple[int, str]] = []
        self.guessed: list[Guess] = []
        self._word, self._level = word, level
        self._at: int | None = None
        """The week to which lines belong, by its place; None below a heading that is of no week."""
        self._heading = 0
        """The level of the last week's heading."""
        self._usual = ""
        """What a line is that does not say it: the heading above it does."""
        self._usual_indent = -1
        """The indent of the item that is this heading; -1 for a heading proper."""
        self._indent = 0
        self._is_list = False
        """Whether the last line below the heading was an item."""
        self._in_table = False

    @property
    def outline(self) -> Outline:
        weeks = tuple(OutlinedWeek(w.title, w.goal, tuple(w.parts), tuple(w.checks)) for w in self.weeks)
        return Outline(self.title, self.budget, weeks, tuple(self.unread), tuple(self.guessed))

    def take(self, line: Line, after: Line | None) -> bool:
        """Whether it is known what the line says."""
        if self._in_table and not line.row:
            # The weeks end with their table.
            self._at = None
        self._in_table = line.row
        if not line.known:
            return False
        if line.indent is None and after is not None and after.indent is not None:
            # Below such a line a list begins.
            self._indent = after.indent
        if line.week or (self._word and (found := _numbered(line)) and found[1].lower() == self._word):
            return self._begin_numbered(line)
        if not self._word and line.level and line.level == self._level:
            return self._begin(line.text, line)
        if not self.weeks:
            return self._take_first(line)
        if line.level and line.level <= self._heading:
            self._at = None
        if self._at is None:
            return False
        if line.level:
            return self._take_heading(line, after)
        return self._take_part(self.weeks[self._at], line, after)

    def _begin_numbered(self, line: Line) -> bool:
        found = _week_in(undated(line.text)[0])
        if found is None:
            if not any(guess.why == "weeks" for guess in self.guessed):
                self.guessed.append(Guess("weeks", line.text))
            return self._begin(line.text, line)
        first, last = int(found[2]), int(found[3] or found[2])
        return self._begin(found[4], line, max(1, last - first + 1))

    def _begin(self, title: str, line: Line, several: int = 1) -> bool:
        """A week, or `several` with one heading: what stands below it is in the first of them."""
        at = len(self.weeks)
        if several > MOST_AT_ONCE or at + several > MOST_WEEKS:
            return False
        self._at, self._heading = at, line.level
        self._section("")
        if dates := undated(line.text)[1]:
            self.guessed.append(Guess("dates", line.text, dates))
        name = plain(undated(title)[0])
        for number in range(at + 1, at + several + 1):
            again = f" ({number - at})" if number - at > 1 else ""
            self.weeks.append(_Week(f"{name}{again}" if name else f"Week {number}"))
        return True

    def _section(self, kind: str, indent: int = -1) -> None:
        self._usual, self._usual_indent, self._is_list = kind, indent, False

    def _take_first(self, line: Line) -> bool:
        """A line above the first week: the course's title, and its time a week."""
        if found := BUDGET.search(line.text):
            self.budget = minutes_in(found)
            rest = line.text.replace(found[0], "")
            if len(rest) > BESIDE_BUDGET:
                # A longer line says something else, too.
                return False
            if any(c.isalnum() for c in FILLING.sub("", rest)):
                self.guessed.append(Guess("budget", line.text, found[0]))
        elif (named := TITLED.fullmatch(line.text)) and not self.title:
            self.title = plain(named[1])
        elif not self.title and line.indent is None and (line.level or _is_title(line)):
            self.title = plain(line.text)
        else:
            return False
        return True

    def _take_heading(self, line: Line, after: Line | None) -> bool:
        """A heading says what the lines below it are; one that says more is an item itself."""
        kind, text = kind_of(line.text)
        self._section(kind)
        alone = after is None or after.level > 0
        if kind and not is_section(kind, line.text) and (alone or text != line.text or MINUTES.search(text)):
            self._add(self.weeks[self._at or 0], line, kind, text)
            self._section("")
            self._indent = -1
        return bool(kind)

    def _take_part(self, week: _Week, line: Line, after: Line | None) -> bool:
        kind, text = kind_of(line.text)
        if line.indent is not None and line.indent <= self._usual_indent:
            self._section("")
        if self._is_section_word(kind, line, after):
            self._section(kind, -1 if line.indent is None else line.indent)
            self._indent = after.indent if after and after.indent is not None else 0
            return True
        usual = line.kind or self._usual
        if (kind or usual) == "live" and SOME_TIME.search(TIME.sub("", text)):
            # A time of which not all is read, such as one with a zone: no slot is invented instead.
            return False
        if line.indent is not None and line.indent > self._indent and week.parts and not kind and not line.kind:
            # Below an item: what to look for in it.
            week.parts[-1] = _with_below(week.parts[-1], plain(text))
            return True
        if line.indent is not None:
            self._indent, self._is_list = line.indent, True
        elif not kind and (not usual or len(line.text) > TITLE or self._is_list):
            # After a list of a heading, such a line is of something else.
            self._section("")
            return False
        if line.kind and not _is_in_column(kind, line.kind):
            # A column is surer than a word: 'Write a first page' is a goal in the column of goals.
            kind, text = line.kind, line.text
        self._add(week, line, kind or usual, text)
        return True

    def _is_section_word(self, kind: str, line: Line, after: Line | None) -> bool:
        if line.kind or not is_section(kind, line.text):
            return False
        below = after is not None and after.level == 0 and not after.week and after.indent is not None
        if line.indent is not None:
            return below and after is not None and (after.indent or 0) > line.indent
        return kind in SECTIONS or below or (line.text.rstrip().endswith(":") and after is not None and not after.level)

    def _add(self, week: _Week, line: Line, kind: str, text: str) -> None:
        if kind == "goal":
            week.goal = "; ".join(filter(None, [week.goal, titled(text)]))
        elif kind == "self_check" and "?" in text:
            week.checks.append(titled(text))
        elif kind == "self_check":
            # A quiz of which no question is known is something to do.
            self.guessed.append(Guess("exercise", line.text))
            week.parts.append(_part("exercise", line.text))
        else:
            part = _part(kind, text)
            week.parts.append(self._dated(part, line))
            if not kind:
                self.guessed.append(Guess("material", line.text))
            if kind == "live" and not part.slots:
                self.guessed.append(Guess("slots", line.text))
            if kind == "live" and part.minutes is None:
                self.guessed.append(Guess("minutes", line.text))

    def _dated(self, part: Part, line: Line) -> Part:
        """Work and discussions have a date; that of others stays in their title."""
        if part.kind not in ("milestones", "discussions"):
            return part
        text, said, moment = due_in(part.text)
        if not said or not any(c.isalnum() for c in text):
            return part
        why: Why = "date" if not moment else "due" if moment.endswith("cohort") else "day"
        self.guessed.append(Guess(why, line.text, moment.removesuffix(" cohort") or said))
        return Part(part.kind, titled(kind_of(text)[1]), part.minutes, part.link, part.below, part.slots, moment)


def _is_in_column(kind: str, column: str) -> bool:
    """Whether a word says more than the heading of its column: 'Watch …' in the column of readings is a video, and work
    may be anything that there is to do."""
    if column == "milestones":
        return kind not in ("", "goal")
    return kind in MATERIALS and column in MATERIALS


def _is_title(line: Line) -> bool:
    """Whether the first line of a text is its title: no greeting and no sentence."""
    return line.number == 1 and not line.text.endswith((",", ".", ":", "!")) and "@" not in line.text


def _weeks_are(lines: list[Line]) -> tuple[str, int]:
    """What the weeks are called and which headings they are, see `_Reading`. Weeks of several lessons are weeks."""
    if any(line.week for line in lines):
        return "", 0
    named = [(line.level or 7, found[1].lower()) for line in lines if (found := _numbered(line))]
    if named:
        return min(named, key=lambda one: one[0])[1], 0
    heads = [line.level for line in lines if line.level]
    levels = sorted(set(heads))
    alone = len(levels) > 1 and heads.count(levels[0]) == 1
    return "", levels[alone] if levels else 0


def _week_in(text: str) -> re.Match[str] | None:
    return NUMBERED.fullmatch(IN_WORDS.sub(lambda said: f"{said[1]} {NUMBERS[said[2].lower()]}", text, count=1))


def _numbered(line: Line) -> re.Match[str] | None:
    """A heading such as 'Week 2: Try it', or such a line of text that is no sentence."""
    found = _week_in(undated(line.text)[0]) if line.indent is None and line.known else None
    if found is None or line.level:
        return found
    return found if len(line.text) <= TITLE and not line.text.endswith((".", ",", ";")) else None


def _part(kind: str, text: str) -> Part:
    minutes = next((minutes_in(found) for found in MINUTES.finditer(text)), None)
    gone = [MINUTES] if minutes is not None else []
    if kind in ("video", "audio") and minutes is None and (lasts := LENGTH.search(text)):
        minutes, gone = length_in(lasts), [LENGTH]
    link = ""
    if found := LINK.search(text):
        link, text = found[2], f"{text[: found.start()]}{found[1]}{text[found.end() :]}"
    elif found := ADDRESS.search(text):
        link = found[0].rstrip(".,;:!?")
        text = text.replace(link, "") if " " in text else text
    slots = tuple(f"{day} {at.zfill(5)}" for day, at in TIME.findall(text)) if kind == "live" else ()
    for pattern in gone + ([TIME] if slots else []):
        text = pattern.sub("", text)
    title = titled(text)
    if link and " " not in title:
        # 'Watch' alone says nothing.
        title = f"{title} {link.partition('://')[2]}".strip() if title != link else title
    return Part(kind, title or link, minutes, link, (), slots)


def _with_below(part: Part, line: str) -> Part:
    return Part(part.kind, part.text, part.minutes, part.link, (*part.below, line), part.slots, part.due)
