"""Reads an outline as teams have it (headings, lists, pasted text) and drafts a course file of it.

A heading begins a week; a line in it becomes an item of the course by its first words. Lines that nothing is known of
are named, and stay in the file as comments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.core.message import shorten, unwrapped
from bot.course.keys import MOST_WEEKS
from bot.course.source import LONGEST_LINE, double_quoted, quoted
from bot.course.value_types.texts import slug

MOST_LINES = 2_000
"""Most lines that are read; a course of a year has a third of that."""

TITLE = 100
"""Characters of a title that is made of a longer line."""

MOST_AT_ONCE = 12
"""Most weeks with one heading, such as 'Weeks 3-4: The project'."""

BESIDE_BUDGET = 30
"""Characters that a line with the time a week may have besides it."""

LIVE_MINUTES = 45
LIVE_SLOTS = ("Wed 08:00", "Wed 20:00")
"""What a live session has for which the outline names neither."""


@dataclass(frozen=True, slots=True)
class Part:
    """What a line asks of learners. `kind`: a kind of material, or a list of the course file; '' where neither the line
    nor its heading says which, so that it is taken for a material."""

    kind: str
    text: str
    minutes: int | None = None
    link: str = ""
    below: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutlinedWeek:
    title: str
    goal: str = ""
    parts: tuple[Part, ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """`unread`: the lines, with their numbers from 1, that nothing is known of."""

    title: str = ""
    weekly_minutes: int | None = None
    weeks: tuple[OutlinedWeek, ...] = ()
    unread: tuple[tuple[int, str], ...] = ()

    @property
    def guessed(self) -> list[str]:
        """What was taken for a material although nothing says so."""
        return [part.text for week in self.weeks for part in week.parts if not part.kind]


# Lines

_HEADING = re.compile(r"(#{1,6})[ \t]+(.*)")
_ITEM = re.compile(r"(?:[-*+•–◦▪o]|\d{1,3}[.)]|\d{1,2}\.\d{1,2}[.)]?)[ \t]+(?:\[[ xX]?\][ \t]+)?(.*)")
_UNDER = re.compile(r"={3,}|-{3,}")
_LINK = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^\s()]{1,500})\)")
_ADDRESS = re.compile(r"https?://[^\s<>()\"']{1,500}")
_TIME = re.compile(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)? (\d{1,2}:\d\d)\b"
    r"(?! ?(?:[AaPp][Mm]|[A-Z]{3,4})\b)"
)
_SOME_TIME = re.compile(
    r"\b\d{1,2}:\d\d\b|\b\d{1,2} ?[ap]\.?m\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE
)
_MINUTES = re.compile(
    r"\(?\b(\d{1,3}(?:[.,]\d)?) ?(minutes?|minuten|minutos?|mins?|hours?|hrs?|h|stunden?|std|horas?)\b\.?\)?",
    re.IGNORECASE,
)
_BUDGET = re.compile(
    r"\b(\d{1,3}) ?(minutes?|minuten|minutos|mins?|hours?|hrs?|h|stunden?|horas?) "
    r"(?:(?:a|per|each|pro|por|je|a la) )(?:week|woche|semana)\b",
    re.IGNORECASE,
)
_WEEK = re.compile(
    r"(week|module|unit|lesson|session|part|chapter|woche|modul|einheit|lektion|teil|semana|m[oó]dulo|unidade?|semaine)"
    r"[ns]?\s{0,3}#?(\d{1,3})(?:\s?[-–—]\s?(\d{1,3}))?(?![\w:]\w)\s{0,3}[:.)–—-]*\s{0,3}(.*)",
    re.IGNORECASE,
)
_WORDED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: str(number) for number, word in enumerate(_WORDED, 1)}
_IN_WORDS = re.compile(rf"(week|module|unit|lesson|session|part|chapter) ({'|'.join(_NUMBERS)})\b", re.IGNORECASE)
_TITLED = re.compile(r"(?:course|title|kurs|titel|curso|t[ií]tulo)\s?: ?(.+)", re.IGNORECASE)

_WORDS = {
    "goal": (
        r"goals?|objectives?|learning (?:goals?|objectives?|outcomes?)|outcomes?|aims?|by the end|"
        r"you (?:can|will)|(?:learners|students|participants) (?:can|will)|ziele?|lernziele?|objetivos?|"
        r"metas?"
    ),
    "self_check": (
        r"quiz(?:zes)?|self[- ]?(?:checks?|tests?)|check yourself|questions?|selbsttests?|fragen?|"
        r"autoevaluaci[oó]n|preguntas?"
    ),
    "live": (
        r"live|calls?|zoom|meet(?:ings?|up)?|webinars?|office hours|workshops?|sessions?|q ?& ?a|"
        r"sprechstunde|treffen|videollamada|reuni[oó]n|llamada|reuni[aã]o"
    ),
    "milestones": (
        r"hand(?:ing)? in|submit|submissions?|assignments?|milestones?|deliverables?|homework|essays?|"
        r"projects?|due|write|draft|build|abgaben?|aufgaben?|schreib\w*|entregas?|entrega[rd]?|tareas?|"
        r"tarefas?|einreichen"
    ),
    "discussions": (
        r"discuss(?:ions?)?|debates?|forums?|talk about|diskussion(?:en)?|diskutier\w*|discut\w+|"
        r"discusi[oó]n|discuss[aã]o|foro"
    ),
    "prompts": (
        r"reflect(?:ions?)?|wrap[- ]?ups?|journals?|check[- ]?ins?|prompts?|reflexi[oó]n|reflektier\w*|"
        r"r[uü]ckblick|diario"
    ),
    "video": (
        r"watch(?:ing)?|videos?|films?|lectures?|screencasts?|recordings?|sieh|schau\w*|ansehen|mira|"
        r"v[ií]deos?|assista"
    ),
    "audio": r"listen(?:ing)?|podcasts?|audio|h[oö]r\w*|escucha\w*|ou[cç]a",
    "reading": (
        r"read(?:ings?)?|articles?|chapters?|books?|papers?|lies|lesen|lekt[uü]re|texte?|lee[r]?|"
        r"lecturas?|ler|leituras?|leia|materials?|resources?|material(?:ien|es)?"
    ),
    "exercise": r"exercises?|practi[cs]e|try|work through|[uü]bung(?:en)?|ejercicios?|exerc[ií]cios?",
    "tool": r"tools?|install|download|werkzeuge?|herramientas?",
}
_KINDS = {
    kind: re.compile(rf"(?P<word>{words})\b(?P<label> {{0,3}}\d{{0,3}} ?[:–—] ?| - )?(?P<rest>.*)", re.IGNORECASE)
    for kind, words in _WORDS.items()
}
_SECTION = {kind: re.compile(rf"(?:{words}) {{0,3}}:?", re.IGNORECASE) for kind, words in _WORDS.items()}
SECTIONS = ("goal", "reading")
"""What such a word alone on a line says of the lines below it, as a heading does."""

_MATERIALS = ("video", "audio", "reading", "exercise", "tool")


@dataclass(slots=True)
class _Line:
    """`level`: of a heading from 1, 0 for anything else. `indent`: of a list item; None for other text."""

    number: int
    text: str
    level: int = 0
    indent: int | None = None


@dataclass(slots=True)
class _Week:
    title: str
    goal: str = ""
    parts: list[Part] = field(default_factory=list)
    checks: list[str] = field(default_factory=list)


def read(text: str) -> Outline:
    """What an outline says. Without a week in it, its `weeks` are empty."""
    lines = list(_lines(text))
    reading = _Reading(*_weeks_are(lines))
    for line in lines:
        if line.number > MOST_LINES or not reading.take(line):
            reading.unread.append((line.number, line.text))
    return reading.outline


class _Reading:
    """`word`: what weeks are called ('week', 'module'), or '' where the headings of the `level` are the weeks. Without
    both, no line begins a week."""

    def __init__(self, word: str, level: int) -> None:
        self.title = ""
        self.budget: int | None = None
        self.weeks: list[_Week] = []
        self.unread: list[tuple[int, str]] = []
        self._word, self._level = word, level
        self._at = 0
        """The week to which lines belong, by its place."""
        self._usual = ""
        """What a line is that does not say it: the heading above it does."""
        self._indent = 0

    @property
    def outline(self) -> Outline:
        weeks = tuple(OutlinedWeek(w.title, w.goal, tuple(w.parts), tuple(w.checks)) for w in self.weeks)
        return Outline(self.title, self.budget, weeks, tuple(self.unread))

    def take(self, line: _Line) -> bool:
        """Whether it is known what the line says."""
        if self._word and (found := _numbered(line)) and found[1].lower() == self._word:
            first, last = int(found[2]), int(found[3] or found[2])
            return self._begin(_plain(found[4]), max(1, last - first + 1))
        if not self._word and line.level and line.level == self._level:
            return self._begin(line.text)
        if not self.weeks:
            return self._take_first(line)
        if line.level:
            self._usual = _kind_of(line.text)[0]
            return bool(self._usual)
        return self._take_part(line)

    def _begin(self, title: str, several: int = 1) -> bool:
        """A week, or `several` with one heading: what stands below it is in the first of them."""
        self._at, self._usual, self._indent = len(self.weeks), "", 0
        if several > MOST_AT_ONCE or self._at + several > MOST_WEEKS:
            self._at -= 1
            return False
        for number in range(self._at + 1, self._at + several + 1):
            again = f" ({number - self._at})" if number - self._at > 1 else ""
            self.weeks.append(_Week(f"{title}{again}" if title else f"Week {number}"))
        return True

    def _take_first(self, line: _Line) -> bool:
        """A line above the first week: the course's title, and its time a week."""
        if found := _BUDGET.search(line.text):
            self.budget = _minutes(found)
            # A longer line says something else, too.
            return len(line.text) - len(found[0]) <= BESIDE_BUDGET
        if (named := _TITLED.fullmatch(line.text)) and not self.title:
            self.title = _plain(named[1])
        elif not self.title and (line.level or line.number == 1) and line.indent is None:
            self.title = _plain(line.text)
        else:
            return False
        return True

    def _take_part(self, line: _Line) -> bool:
        week = self.weeks[self._at]
        kind, text = _kind_of(line.text)
        if line.indent is None and kind in SECTIONS and _SECTION[kind].fullmatch(line.text.strip()):
            self._usual, self._indent = kind, 0
            return True
        if (kind or self._usual) == "live" and _SOME_TIME.search(_TIME.sub("", text)):
            # A time of which not all is read, such as one with a zone: no slot is invented instead.
            return False
        if line.indent is not None and line.indent > self._indent and week.parts and not kind:
            # Below an item: what to look for in it.
            week.parts[-1] = _with_below(week.parts[-1], _plain(text))
            return True
        if line.indent is not None:
            self._indent = line.indent
        if not kind and line.indent is None and (not self._usual or len(line.text) > TITLE):
            return False
        kind = kind or self._usual
        if kind == "goal":
            week.goal = "; ".join(filter(None, [week.goal, _titled(text)]))
        elif kind == "self_check":
            week.checks.append(_titled(text))
        else:
            week.parts.append(_part(kind, text))
        return True


def _lines(text: str) -> Iterator[_Line]:
    """The lines that say something. A line of signs below a text makes that a heading."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, whole in enumerate(raw, 1):
        line = "".join(c if c.isprintable() else " " for c in whole[:LONGEST_LINE].replace("\t", "    "))
        said = line.strip()
        if not any(c.isalnum() for c in said):
            continue
        under = raw[number].strip() if number < len(raw) else ""
        if found := _HEADING.fullmatch(said):
            yield _Line(number, _plain(found[2].rstrip("# ")), len(found[1]))
        elif _UNDER.fullmatch(under):
            yield _Line(number, _plain(said), 1 if under[0] == "=" else 2)
        elif found := _ITEM.fullmatch(said):
            yield _Line(number, unwrapped(found[1]), indent=len(line) - len(line.lstrip()))
        elif len(said) <= TITLE and said.startswith("**") and said.endswith("**") and said.count("**") == 2:
            yield _Line(number, _plain(said), 6)
        else:
            yield _Line(number, unwrapped(said))
        for start in range(LONGEST_LINE, len(whole), LONGEST_LINE):
            yield _Line(MOST_LINES + number, unwrapped(whole[start : start + LONGEST_LINE]))


def _weeks_are(lines: list[_Line]) -> tuple[str, int]:
    """What the weeks are called and which headings they are, see `_Reading`. Weeks of several lessons are weeks."""
    named = [(line.level or 7, found[1].lower()) for line in lines if (found := _numbered(line))]
    if named:
        return min(named, key=lambda one: one[0])[1], 0
    heads = [line.level for line in lines if line.level]
    levels = sorted(set(heads))
    alone = len(levels) > 1 and heads.count(levels[0]) == 1
    return "", levels[alone] if levels else 0


def _numbered(line: _Line) -> re.Match[str] | None:
    """A heading such as 'Week 2: Try it', or such a line of text that is no sentence."""
    text = _IN_WORDS.sub(lambda said: f"{said[1]} {_NUMBERS[said[2].lower()]}", line.text, count=1)
    found = _WEEK.fullmatch(text) if line.indent is None else None
    if found is None or line.level:
        return found
    return found if len(line.text) <= TITLE and not line.text.endswith((".", ",", ";")) else None


def _kind_of(text: str) -> tuple[str, str]:
    """What a line is by its first words, and the line without a label such as 'Reading:'."""
    bare = text.replace("*", "").replace("_", " ").strip()
    for kind, pattern in _KINDS.items():
        if found := pattern.match(bare):
            labelled = found["label"] and found["rest"].strip()
            return kind, found["rest"].strip() if labelled else bare
    return "", text


def _part(kind: str, text: str) -> Part:
    minutes = next((_minutes(found) for found in _MINUTES.finditer(text)), None)
    link = ""
    if found := _LINK.search(text):
        link, text = found[2], f"{text[: found.start()]}{found[1]}{text[found.end() :]}"
    elif found := _ADDRESS.search(text):
        link = found[0].rstrip(".,;:!?")
        text = text.replace(link, "") if " " in text else text
    slots = tuple(f"{day} {at.zfill(5)}" for day, at in _TIME.findall(text)) if kind == "live" else ()
    for gone in ([_MINUTES] if minutes is not None else []) + ([_TIME] if slots else []):
        text = gone.sub("", text)
    title = _titled(text)
    if link and " " not in title:
        # 'Watch' alone says nothing.
        title = f"{title} {link.partition('://')[2]}".strip() if title != link else title
    return Part(kind, title or link, minutes, link, (), slots)


def _with_below(part: Part, line: str) -> Part:
    return Part(part.kind, part.text, part.minutes, part.link, (*part.below, line), part.slots)


def _minutes(found: re.Match[str]) -> int:
    number = float(found[1].replace(",", "."))
    return max(1, round(number * (60 if found[2][:1].lower() in "hs" else 1)))


def _titled(text: str) -> str:
    plain = _plain(text)
    return plain[:1].upper() + plain[1:]


def _plain(text: str) -> str:
    """A text without the signs of Markdown, and without what is left around something taken out of it."""
    bare = unwrapped(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text))
    return re.sub(r"\(\s?\)", "", bare).strip(" ,;:–—-").strip()


# The file


def drafted(outline: Outline, title: str, weekly_minutes: int) -> str:
    """A course file of an outline that has weeks. `title` and `weekly_minutes`: where it names none."""
    return "\n".join(_file(outline, outline.title or title, outline.weekly_minutes or weekly_minutes)) + "\n"


def _file(outline: Outline, title: str, budget: int) -> Iterator[str]:
    ids = _Ids()
    weeks = list(enumerate(outline.weeks, 1))

    def parts(kind: str) -> list[tuple[int, Part]]:
        return [(number, part) for number, week in weeks for part in week.parts if part.kind == kind]

    yield "course:"
    yield f"  id: {quoted(slug(title))}"
    yield f"  title: {quoted(title)}"
    yield f"  weekly_minutes: {budget}    # what a learner gives in a week"
    yield f"  completion: {'all essential milestones and 1 wrap-up' if parts('milestones') else '1 wrap-up'}"
    yield ""
    yield "weeks:"
    for _number, week in weeks:
        yield from _week(week)
    yield ""
    yield "# How learners are heard: three questions in every week."
    yield "prompts:"
    yield "  - id: wrapup"
    yield "    weekly: yes"
    yield "    opens: Fri 16:00           # by each learner's own clock"
    yield "    closes: Sun 23:59          # later answers are welcome, and marked late"
    yield "    questions:"
    yield '      - {id: done, kind: long, text: "What did you finish this week?", audience: cohort}'
    yield '      - {id: next, kind: text, text: "What will you do next?", audience: cohort, required: no}'
    yield '      - {id: stuck, kind: long, text: "Where are you stuck?", audience: instructors, required: no}'
    for number, part in parts("prompts"):
        yield f"  - id: {ids.make(part.text, number)}"
        yield f"    title: {quoted(shorten(part.text, TITLE))}"
        yield f"    week: {number}"
        yield "    opens: Wed 16:00"
        yield "    questions:"
        asked = " ".join([part.text, *part.below])
        yield f"      - {{id: answer, kind: long, text: {double_quoted(asked)}, audience: instructors}}"
    for name, lines in (("milestones", _milestone), ("discussions", _discussion), ("live", _live)):
        if found := parts(name):
            yield from ("", f"{name}:")
            for number, part in found:
                yield f"  - id: {ids.make(part.text, number)}"
                yield f"    week: {number}"
                yield f"    title: {quoted(shorten(part.text, TITLE))}"
                yield from lines(part)
    if outline.unread:
        yield ""
        yield "# Lines of the outline that are nothing of this yet:"
        yield from (f"# {number}: {text}" for number, text in outline.unread)


def _week(week: OutlinedWeek) -> Iterator[str]:
    yield f"  - title: {quoted(week.title)}"
    if week.goal:
        yield f"    goal: {quoted(week.goal)}"
    materials = [part for part in week.parts if part.kind in ("", *_MATERIALS)]
    if materials:
        yield "    materials:"
    for part in materials:
        yield f"      - title: {quoted(part.text)}"
        if part.link:
            yield f"        link: {quoted(part.link)}"
        if part.kind and part.kind != "reading":
            yield f"        kind: {part.kind}"
        if part.minutes is not None:
            yield f"        minutes: {part.minutes}"
        if part.below:
            yield f"        guide: [{', '.join(map(double_quoted, part.below))}]"
    if week.checks:
        yield "    self_check:"
        yield from (f"      - {double_quoted(one)}" for one in week.checks)


def _milestone(part: Part) -> Iterator[str]:
    if part.minutes is not None:
        yield f"    minutes: {part.minutes}"
    yield from _left(part)


def _discussion(part: Part) -> Iterator[str]:
    asked = " ".join([part.text, *part.below])
    yield f"    question: {double_quoted(asked)}"
    if part.minutes is not None:
        yield f"    minutes: {part.minutes}"


def _live(part: Part) -> Iterator[str]:
    yield f"    minutes: {part.minutes or LIVE_MINUTES}"
    yield f"    slots: [{', '.join(part.slots or LIVE_SLOTS)}]"
    yield "    optional: yes"
    yield "    recorded: yes"
    yield "    alternative: recording"
    yield '    reflection: ["What was new to you?", "What will you do with it?"]'
    yield "    metric: {attended: 50, worth: 70}"
    yield from _left(part)


def _left(part: Part) -> Iterator[str]:
    """What of a part has no key."""
    if len(part.text) > TITLE:
        yield f"    # {part.text}"
    if part.link:
        yield f"    # {part.link}"
    yield from (f"    # {line}" for line in part.below)


class _Ids:
    """Ids that nothing else in the file has."""

    def __init__(self) -> None:
        self._used = {"wrapup"}

    def make(self, text: str, week: int) -> str:
        stem = slug(shorten(text, 30)).strip("-_")[:30].strip("-_")
        names = (f"{stem}-{week}" if n == 1 else f"{stem}-{week}-{n}" for n in range(1, len(self._used) + 2))
        name = next(name for name in names if name not in self._used)
        self._used.add(name)
        return name
