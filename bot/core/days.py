"""Days as people type them: 'tomorrow', 'Mon-Wed', '25.3. to 28.3.', 'March 25', 'until Friday', 'next week', ISO.

The same in other languages is read as English (`bot/core/day_words.py`). Nothing is guessed. A text that can mean two
things, such as '3/4' or 'next Friday', has two readings, and the person is asked. A day without a year is the first
such day from `BEHIND` days ago on.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product

from bot.core.day_words import WORDS, in_english
from bot.core.forms import DateField, Form, Values
from bot.core.small_words import names_day, words_of
from bot.core.time import monday_of, say_day
from bot.core.translation import _, any_of

BEHIND = 60
"""How many days ago a day without a year may be; earlier ones are those of the next year."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
)
_NUMBER = r"(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?:(?:,\s*|\s+)(\d{4}))?"
_AND = r"\s*(?:\bto\b|\buntil\b|\btill\b|\bthrough\b|\band\b|\.\.+|[-\u2013\u2014])\s*"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_DOTS = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.?(?:\s?(\d{4}|\d{2}))?")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?")
_DAY_MONTH = re.compile(rf"{_NUMBER}\.?\s+(?:of\s+)?({_MONTH}){_YEAR}")
_MONTH_DAY = re.compile(rf"({_MONTH})\s+{_NUMBER}{_YEAR}")
_NAMED = re.compile(rf"(next |this |on )?({_WEEKDAY})")
_DATED = re.compile(rf"{_WEEKDAY},?\s++(?=.{{0,40}}\d)")
_LENGTH = re.compile(r"(?:for )?(\d{1,3}|a|one) (day|week)s?")
_DAYS_OF_MONTH = re.compile(rf"(?:the\s+)?{_NUMBER}\.?{_AND}(?:the\s+)?{_NUMBER}\.?\s+(?:of\s+)?({_MONTH}){_YEAR}")
_MONTH_OF_DAYS = re.compile(rf"({_MONTH})\s+{_NUMBER}{_AND}{_NUMBER}{_YEAR}")
_OF_NO_MONTH = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)")
_OF_SAME_MONTH = re.compile(r"(?:the )?(\d{1,2})(?:st|nd|rd|th)?")
_DAY_OF_WEEK = re.compile(rf"(?:on )?(?:({_WEEKDAY}),? (?:of )?next week|next week,? (?:on )?({_WEEKDAY}))")
_DAY_AFTER = re.compile(rf"(?:the )?(?:({_WEEKDAY}) (?:after|following)|following ({_WEEKDAY}))(?: that| it)?")
_BEGINNING = r"(?:starting|beginning|from|as of|as from|counting from)(?: on)? "
_LENGTH_FROM = re.compile(rf"((?:for )?(?:\d{{1,3}}|a|one) (?:day|week)s?),? {_BEGINNING}(.+)")
_FROM_LENGTH = re.compile(rf"{_BEGINNING}(.+?),? (for (?:\d{{1,3}}|a|one) (?:day|week)s?)")
_AND_THEN = re.compile(r"[;&+]|\b(?:and|also|then)\b", re.IGNORECASE)
_PIECES = re.compile(rf",|{_AND_THEN.pattern}", re.IGNORECASE)
_COUNTS = {"a": 1, "one": 1}
_EDGE = re.compile(
    rf"[\d./-]{{1,12}}(?:st|nd|rd|th)?(?:-\d{{1,2}}(?:st|nd|rd|th)?)?|{_MONTH}|"
    rf"{_WEEKDAY}(?:-{_WEEKDAY})?|{'|'.join(map(re.escape, WORDS))}|"
    r"today|tomorrow|until|till|to|from|between|on|the|this|next|for|a|one|days?|weeks?|weekend|starting|beginning|after|"
    r"following"
)
_LONGEST = 12
"""Maximum words of a phrase about days."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole days; without a `first` they begin at once ('until Friday')."""

    first: date | None
    last: date


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read: whether '3/4' begins with the day, and whether 'next Friday' is that of the next week."""

    today: date
    day_first: bool
    of_next_week: bool

    def day(self, text: str) -> date | None:
        text = re.sub(r"^the (?=\d)", "", _DATED.sub("", text, count=1))
        if text in ("today", "now"):
            return self.today
        if text == "tomorrow":
            return self.today + timedelta(days=1)
        if text in ("overmorrow", "day after tomorrow", "the day after tomorrow"):
            return self.today + timedelta(days=2)
        if found := _NAMED.fullmatch(text):
            return self._weekday(found[2], found[1] or "")
        if found := _DAY_OF_WEEK.fullmatch(text):
            wanted = _WEEKDAYS.index((found[1] or found[2])[:3])
            return monday_of(self.today) + timedelta(days=7 + wanted)
        if found := _OF_NO_MONTH.fullmatch(text):
            return _first_from(self.today, int(found[1]))
        if found := _ISO.fullmatch(text):
            return self._dated(found[3], found[2], found[1])
        if found := _DOTS.fullmatch(text):
            return self._dated(found[1], found[2], found[3])
        if found := _SLASHES.fullmatch(text):
            day, month = (found[1], found[2]) if self.day_first else (found[2], found[1])
            return self._dated(day, month, found[3])
        if found := _DAY_MONTH.fullmatch(text):
            return self._dated(found[1], found[2], found[3])
        if found := _MONTH_DAY.fullmatch(text):
            return self._dated(found[2], found[1], found[3])
        return None

    def span(self, text: str) -> Span | None:
        if found := re.fullmatch(r"(?:until|till|to)\s+(.+)", text):
            last = self.day(found[1])
            return Span(None, last) if last else None
        if whole := self._week(text):
            return whole
        if found := _LENGTH_FROM.fullmatch(text):
            return self._long(found[1], found[2])
        if found := _FROM_LENGTH.fullmatch(text):
            return self._long(found[2], found[1])
        text = re.sub(r"^(?:from|between|of|on)\s+", "", text)
        if found := _DAYS_OF_MONTH.fullmatch(text):
            return self._between(f"{found[1]} {found[3]}", f"{found[2]} {found[3]}", found[4])
        if found := _MONTH_OF_DAYS.fullmatch(text):
            return self._between(f"{found[2]} {found[1]}", f"{found[3]} {found[1]}", found[4])
        if one := self.day(text):
            return Span(one, one)
        for found in re.finditer(rf"{_AND}|\s+", text):
            if span := self._between(text[: found.start()], text[found.end() :], spaced=found[0].isspace()):
                return span
        return None

    def _long(self, length: str, first: str) -> Span | None:
        begins, whole = self.day(first), self._week(length)
        return Span(begins, begins + (whole.last - self.today)) if begins and whole else None

    def _between(self, first: str, last: str, year: str | None = None, *, spaced: bool = False) -> Span | None:
        """`spaced`: nothing but a space is between them."""
        from_, to = (self.day(f"{text} {year}" if year else text) for text in (first, last))
        if from_ is not None and not year and not spaced and (found := _OF_SAME_MONTH.fullmatch(last)):
            to = _first_from(from_, int(found[1]))
        elif from_ is not None and (found := _DAY_AFTER.fullmatch(last)):
            wanted = _WEEKDAYS.index((found[1] or found[2])[:3])
            to = from_ + timedelta(days=(wanted - from_.weekday()) % 7 or 7)
        elif to is not None and (found := _OF_NO_MONTH.fullmatch(first)):
            from_ = _last_until(to, int(found[1]))
        if from_ is None or to is None:
            return None
        if to < from_ and _NAMED.fullmatch(last):
            to = from_ + timedelta(days=(to - from_).days % 7)
        return Span(from_, to)

    def _week(self, text: str) -> Span | None:
        monday = monday_of(self.today)
        if text == "next week":
            return Span(monday + timedelta(days=7), monday + timedelta(days=13))
        if text in ("this week", "the rest of the week", "rest of the week"):
            return Span(None, monday + timedelta(days=6))
        if text in ("this weekend", "the weekend", "weekend"):
            return Span(max(self.today, monday + timedelta(days=5)), monday + timedelta(days=6))
        if found := _LENGTH.fullmatch(text):
            days = (_COUNTS.get(found[1]) or int(found[1])) * (7 if found[2] == "week" else 1)
            return Span(None, self.today + timedelta(days=days - 1)) if days else None
        return None

    def _weekday(self, name: str, which: str) -> date:
        wanted = _WEEKDAYS.index(name[:3])
        if which == "next " and self.of_next_week:
            return monday_of(self.today) + timedelta(days=7 + wanted)
        ahead = (wanted - self.today.weekday()) % 7
        return self.today + timedelta(days=ahead or (7 if which == "next " else 0))

    def _dated(self, day: str, month: str, year: str | None) -> date | None:
        number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
        if year is not None:
            return _valid(int(year) + (2000 if len(year) == 2 else 0), number, int(day))
        oldest = self.today - timedelta(days=BEHIND)
        # 29 February may be four years ahead, or eight around 2100.
        found = (_valid(oldest.year + n, number, int(day)) for n in range(9))
        return next((one for one in found if one is not None and one >= oldest), None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _first_from(start: date, number: int) -> date | None:
    """The first day of this number in its month from `start` on."""
    return next((day for n in range(62) if (day := start + timedelta(days=n)).day == number), None)


def _last_until(end: date, number: int) -> date | None:
    return next((day for n in range(62) if (day := end - timedelta(days=n)).day == number), None)


def _readings(typed: str, today: date) -> tuple[str, Sequence[_Reading]]:
    text = in_english(" ".join(typed.lower().split())).strip(" ,;!")
    return text, [_Reading(today, *way) for way in product((True, False), (False, True))]


def read_span(typed: str, today: date) -> list[Span]:
    """What `typed` may mean: nothing if it is not understood, several if it has to be asked."""
    text, readings = _readings(typed, today)
    return list(dict.fromkeys(span for r in readings if (span := r.span(text))))


def read_spans(typed: str, today: date) -> list[list[Span]]:
    """The spans that `typed` names one after the other ('3.-5. March and 20.-24. March'), each with what it may mean.
    Nothing if one of them is not understood."""
    typed = in_english(typed.lower())
    whole = read_span(typed, today)
    if (whole and not _AND_THEN.search(typed)) or typed.startswith("between"):
        return [whole] if whole else []
    pieces = [p for p in _PIECES.split(typed) if p.strip()]
    month = re.search(rf"\b{_MONTH}(?!\w)", typed)
    of_it = (f"{{}} {month[0]}", f"{month[0]} {{}}") if month else ()
    found = [next((s for way in ("{}", *of_it) if (s := read_span(way.format(p), today))), []) for p in pieces]
    return found if all(found) else [whole] if whole else []


def read_day(typed: str, today: date) -> list[date]:
    """The days that `typed` may mean."""
    text, readings = _readings(typed, today)
    return list(dict.fromkeys(day for r in readings if (day := r.day(text))))


def said_days(text: str, today: date) -> str:
    """The longest part of a sentence that names days; '' without one, or if other words name days, too: a part of what
    was said is never taken for the whole. 'From Monday' alone has no end."""
    words = text.split()
    for size in range(min(len(words), _LONGEST), 0, -1):
        for start in range(len(words) - size + 1):
            part = words[start : start + size]
            if not (_may_name(part[0]) and _may_name(part[-1])) or (size == 1 and len(part[0]) < 4):
                continue
            phrase = " ".join(part)
            if found := read_spans(phrase, today):
                begins = in_english(phrase).startswith("from ") and len(found) == 1
                endless = begins and all(span.first == span.last for span in found[0])
                rest = [*words[:start], *words[start + size :]]
                return "" if endless or any(_is_left(word) for word in rest) else phrase
    return ""


_MODAL = frozenset({"may", "march", "sun", "sat", "second"})
_ENDS = words_of(
    "starting until till through onwards onward every each except but end mid middle half now beginning start most "
    "morning evening afternoon ago last"
)


def _is_left(word: str) -> bool:
    """Whether a word beside the days that were read says something of days, too."""
    bare = in_english(word).strip(".,()")
    return bare in _ENDS or (bare not in _MODAL and names_day(bare))


def _may_name(word: str) -> bool:
    """Whether a phrase about days may begin or end with a word."""
    word = word.strip(",;")
    return bool(_EDGE.fullmatch(word)) and not _AND_THEN.fullmatch(in_english(word))


def which(typed: str, days: Sequence[date]) -> str:
    """Asks which of several days is meant."""
    return _(
        "“{typed}” can be {days}. Please write it as {example}.",
        typed=typed,
        days=any_of([say_day(day, "year") for day in days]),
        example=f"{days[0].day} {_MONTHS[days[0].month - 1].capitalize()}",
    )


def read_dates(form: Form, values: Values, today: date) -> tuple[Values, dict[str, str]]:
    """The values with their typed days as ISO, and by field what is not understood or has to be asked."""
    read, problems = dict(values), dict[str, str]()
    for field in form.fields:
        typed = values.get(field.name, "").strip()
        if not isinstance(field, DateField) or not typed:
            continue
        days = read_day(typed, today)
        if len(days) == 1:
            read[field.name] = days[0].isoformat()
        elif days:
            problems[field.name] = which(typed[:40], days)
        else:
            problems[field.name] = _("This is no day. Write it as 25 March, tomorrow or 2026-01-31.")
    return read, problems
