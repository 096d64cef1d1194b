"""The value types of a course file: each parses a single value and proposes a valid one for an invalid one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from difflib import get_close_matches
from typing import Any, ClassVar

from bot.course.moment import WEEKDAYS, Clockface, Moment

Schema = dict[str, Any]


class Wrong(Exception):
    """A value that cannot be parsed. `instead` is a valid one, as YAML."""

    def __init__(self, code: str, message: str, instead: str) -> None:
        super().__init__(message)
        self.code, self.message, self.instead = code, message, instead


class Scalar:
    """A single value. `says` names it in messages and the reference; `example` is a valid one."""

    says: str
    example: str

    def parse(self, text: str) -> Any:
        """The value. Raises Wrong."""
        raise NotImplementedError

    def doubt(self, text: str) -> Wrong | None:
        """What is unclear about a valid value, None if nothing is."""
        return None

    def schema(self) -> Schema:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Scalar):
    says: str = "text"
    example: str = "…"

    def parse(self, text: str) -> str:
        return text.strip()

    def schema(self) -> Schema:
        # An unquoted number or yes/no is read as text.
        return {"type": ["string", "number", "boolean"], "minLength": 1}


ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Id(Scalar):
    says: str = "an id: small letters, digits, `-` and `_`, at most 40"
    example: str = "my-id"

    def parse(self, text: str) -> str:
        if not ID.fullmatch(text):
            raise Wrong("id", f"`{text}` cannot be an id: an id has small letters, digits, - and _.", slug(text))
        return text

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "pattern": f"^{ID.pattern}$"}


def slug(text: str) -> str:
    """An id made from any text."""
    plain = re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-_")
    return plain[:40].strip("-_") or "my-id"


LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

_LANGUAGES = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        english=en german=de deutsch=de spanish=es español=es french=fr arabic=ar portuguese=pt italian=it dutch=nl
        turkish=tr polish=pl ukrainian=uk russian=ru hindi=hi chinese=zh japanese=ja korean=ko
        """,
    )
)
"""Names that people write for a code. For any other 'und' is proposed, which says that the language is not known."""


@dataclass(frozen=True)
class Language(Scalar):
    says: str = "the code of a language, such as `en`, `de` or `pt-BR`"
    example: str = "en"

    def parse(self, text: str) -> str:
        if not LANGUAGE.fullmatch(text):
            raise Wrong("language", f"`{text}` is not {self.says}.", _LANGUAGES.get(text.lower(), "und"))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}


_LINK = re.compile(r"https?://[^\s/]+\.?[^\s]*")


@dataclass(frozen=True)
class Link(Scalar):
    says: str = "a link: https://…"
    example: str = "https://example.org/page"

    def parse(self, text: str) -> str:
        if _LINK.fullmatch(text):
            return text
        rest = re.sub(r"^[a-zA-Z]*:?/*", "", text) if re.match(r"[a-zA-Z]*:?/+", text) else text
        rest = re.sub(r"\s+", "%20", rest.strip())
        raise Wrong("link", f"`{text}` is not a link that opens.", f"https://{rest or 'example.org/page'}")

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^https?://\\S+$"}


_COUNTS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


@dataclass(frozen=True)
class Whole(Scalar):
    least: int = 0
    most: int = 10_000
    says: str = "a whole number"
    example: str = "1"

    def parse(self, text: str) -> int:
        plain = text.replace("_", "")
        if not re.fullmatch(r"[+-]?\d{1,12}", plain):
            raise Wrong("number", f"`{text}` is not {self.says}.", str(self._clamp(self._guess(text))))
        value = int(plain)
        if not self.least <= value <= self.most:
            message = f"{value} is outside {self.least} to {self.most}."
            raise Wrong("range", message, str(self._clamp(abs(value) if value < 0 else value)))
        return value

    def _clamp(self, value: int) -> int:
        return max(self.least, min(self.most, value))

    def _guess(self, text: str) -> int:
        number = re.search(r"\d+(?:[.,]\d+)?", text)
        if number:
            return round(float(number[0].replace(",", ".")[:12]))
        words = re.findall(r"[a-z]+", text.lower())
        return next((_COUNTS.index(w) for w in words if w in _COUNTS), int(self.example))

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True)
class Minutes(Whole):
    most: int = 6_000
    says: str = "a whole number of minutes"
    example: str = "30"

    def _guess(self, text: str) -> int:
        span = span_of(text)
        return int(span.total_seconds() // 60) if span is not None else super()._guess(text)


_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")


@dataclass(frozen=True)
class Flag(Scalar):
    says: str = "`yes` or `no`"
    example: str = "yes"

    def parse(self, text: str) -> bool:
        word = text.lower()
        if word in (*_YES, *_NO):
            return word in _YES
        near = get_close_matches(word, (*_YES, *_NO), 1, 0.6)
        negative = word in ("0", "n", "never", "none", "nope", "not") or bool(near and near[0] in _NO)
        raise Wrong("choice", f"`{text}` is neither yes nor no.", "no" if negative else "yes")

    def schema(self) -> Schema:
        return {"enum": [True, False, "yes", "no", "on", "off"]}


@dataclass(frozen=True)
class Choice(Scalar):
    """One of several words. `words` maps each to its synonyms, separated by spaces."""

    words: Mapping[str, str]
    default: str = ""

    @property
    def says(self) -> str:  # type: ignore[override]
        return "one of " + ", ".join(f"`{w}`" for w in self.words)

    @property
    def example(self) -> str:  # type: ignore[override]
        return self.default or next(iter(self.words))

    def parse(self, text: str) -> str:
        if text in self.words:
            return text
        raise Wrong("choice", f"`{text}` is not {self.says}.", self._nearest(text.lower().strip()))

    def _nearest(self, word: str) -> str:
        meant = {w: w for w in self.words} | {a: w for w, also in self.words.items() for a in also.split()}
        near = [word] if word in meant else get_close_matches(word, meant, 1, 0.5)
        return meant[near[0]] if near else self.example

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DAYS = {name.lower(): n for n, name in enumerate(WEEKDAYS)}
_DAYS |= {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_DAYS |= {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}
_CLOCKS: tuple[Clockface, ...] = ("learner", "cohort", "aoe")
_MOMENT = re.compile(r"(?:week (\d{1,3}) )?([a-z]+) (\d{1,2}:\d{2})(?: ([a-z]+))?", re.IGNORECASE)


def clock_of(text: str) -> time | None:
    """A wall time such as 16:00, None for any other text."""
    found = _TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


def nearest_clock(text: str, otherwise: time) -> time:
    """The wall time that an invalid text means: '4 pm', '16.00', '24:00'."""
    found = re.search(r"(\d{1,2})(?:[:.h](\d{1,2}))?\s*([ap]\.?m\b)?", text, re.IGNORECASE)
    if not found:
        return otherwise
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower().startswith("p") else 0)
    return time(23, 59) if hour > 23 else time(hour, min(minute, 59))


@dataclass(frozen=True)
class MomentValue(Scalar):
    """A weekday, a time and, unless it is `zone`, the clock."""

    zone: Clockface = "learner"
    usual: str = "Sun 23:59"

    @property
    def says(self) -> str:  # type: ignore[override]
        return f"a weekday and a time, `{self.usual}`, by the clock of `learner`, `cohort` or `aoe` (else {self.zone})"

    @property
    def example(self) -> str:  # type: ignore[override]
        return self.usual

    def parse(self, text: str) -> Moment:
        found = _MOMENT.fullmatch(" ".join(text.split()))
        weekday = _DAYS.get(found[2].lower()) if found else None
        clock = clock_of(found[3]) if found else None
        zone = (found[4] or self.zone).lower() if found else self.zone
        if found and weekday is not None and clock is not None and zone in _CLOCKS:
            return Moment(weekday, clock, next(z for z in _CLOCKS if z == zone), int(found[1]) if found[1] else None)
        raise Wrong("moment", self._why(text, found, weekday, clock), self.write(self._guess(text)))

    def write(self, moment: Moment) -> str:
        """A moment as the value of this key, without the key's default clock."""
        return str(moment).removesuffix(f" {self.zone}")

    def _why(self, text: str, found: re.Match[str] | None, weekday: int | None, clock: time | None) -> str:
        if re.search(r"\d{4}-\d{2}-\d{2}", text):
            return f"`{text}` names a date, and a course file has none: the cohort's start date gives them."
        if not found:
            return f"`{text}` is not {self.says}."
        if weekday is None:
            return f"`{found[2]}` is not a weekday (Mon, Tue, Wed, Thu, Fri, Sat, Sun)."
        if clock is None:
            return f"`{found[3]}` is not a time of day from 00:00 to 23:59."
        return f"`{found[4]}` is not a clock that a course knows: learner, cohort or aoe (anywhere on Earth)."

    def _guess(self, text: str) -> Moment:
        usual = self.parse(self.usual)
        dated = re.search(r"(\d{4})-(\d{2})-(\d{2})", text)
        weekday: int | None = None
        if dated:
            text = text.replace(dated[0], " ").replace("T", " ")
            try:
                weekday = date.fromisoformat(dated[0]).weekday()
            except ValueError:
                weekday = None
        week = re.search(r"\bweek\s+(\d{1,3})\b", text, re.IGNORECASE)
        if week:
            text = text.replace(week[0], " ")
        words = re.findall(r"[a-z]+", text.lower())
        for word in words:
            near = get_close_matches(word, _DAYS, 1, 0.6)
            if weekday is None and near and word not in _CLOCKS:
                weekday = _DAYS[near[0]]
        zone = next((z for w in words for z in _CLOCKS if get_close_matches(w, (z,), 1, 0.7)), self.zone)
        clock = nearest_clock(text, usual.time)
        return Moment(usual.weekday if weekday is None else weekday, clock, zone, int(week[1]) if week else None)

    def schema(self) -> Schema:
        return {
            "type": "string",
            "pattern": r"^([Ww]eek \d+ )?([Mm]on|[Tt]ue|[Ww]ed|[Tt]hu|[Ff]ri|[Ss]at|[Ss]un)[a-z]* "
            r"([01]?\d|2[0-3]):[0-5]\d( (learner|cohort|aoe))?$",
            "examples": [self.usual],
        }


_UNITS = {
    "m": 1,
    "min": 1,
    "minute": 1,
    "h": 60,
    "hr": 60,
    "hour": 60,
    "d": 1440,
    "day": 1440,
    "w": 10080,
    "week": 10080,
}
_BARE = re.compile(r"\d{1,5}")
_SPAN = re.compile(r"(\d{1,5})\s*([a-z]+)")


def span_of(text: str) -> timedelta | None:
    """A length of time such as '2 h', '90 min', '3 days', None for any other text."""
    found = _SPAN.fullmatch(text.strip().lower())
    unit = _UNITS.get(found[2]) or _UNITS.get(found[2].removesuffix("s")) if found else None
    return timedelta(minutes=int(found[1]) * unit) if found and unit else None


def write_span(span: timedelta) -> str:
    """A length of time as the course file writes it."""
    minutes = int(span.total_seconds() // 60)
    if minutes and minutes % 1440 == 0:
        return f"{minutes // 1440} day{'s' if minutes > 1440 else ''}"
    return f"{minutes // 60} h" if minutes and minutes % 60 == 0 else f"{minutes} min"


@dataclass(frozen=True)
class Span(Scalar):
    """A length of time, up to `most`."""

    most: timedelta = timedelta(days=366)
    says: str = "a length of time: `30 min`, `2 h`, `3 days`"
    example: str = "2 h"

    def parse(self, text: str) -> timedelta:
        if text in ("0", "none", "no"):
            return timedelta(0)
        span = timedelta(minutes=int(text)) if _BARE.fullmatch(text) else span_of(text)
        if span is None:
            raise Wrong("duration", f"`{text}` is not {self.says}.", self._guess(text))
        if span > self.most:
            raise Wrong("range", f"`{text}` is longer than {write_span(self.most)}.", write_span(self.most))
        return span

    def doubt(self, text: str) -> Wrong | None:
        if not _BARE.fullmatch(text) or text == "0":
            return None
        return Wrong("unit", f"`{text}` has no unit and is taken as minutes.", write_span(timedelta(minutes=int(text))))

    def _guess(self, text: str) -> str:
        number = re.search(r"\d{1,4}", text)
        units = re.findall(r"[a-z]+", text.lower())
        near = [m for u in units for m in get_close_matches(u, (*_UNITS, "days", "hours", "minutes", "weeks"), 1, 0.6)]
        unit = near[0] if near else "h"
        span = span_of(f"{number[0]} {unit}") if number else None
        return write_span(min(span, self.most)) if span else self.example

    def schema(self) -> Schema:
        return {
            "type": ["string", "integer"],
            "pattern": r"^(0|none|no|\d+ ?(m|min|h|d|w|minutes?|hours?|days?|weeks?))$",
        }


@dataclass(frozen=True)
class HoursValue(Scalar):
    """Two wall times in one day."""

    says: str = "two times of day: `08:00-22:00`"
    example: str = "08:00-22:00"
    _RANGE: ClassVar[re.Pattern[str]] = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})")

    def parse(self, text: str) -> tuple[time, time]:
        found = self._RANGE.fullmatch(text)
        start, end = (clock_of(found[1]), clock_of(found[2])) if found else (None, None)
        if start is None or end is None:
            parts = re.split(r"\s*(?:-|–|to)\s*", text, maxsplit=1)
            first = nearest_clock(parts[0], time(8))
            second = nearest_clock(parts[-1], time(22)) if len(parts) > 1 else time(22)
            good = (first, second) if first < second else (time(8), time(22))
            raise Wrong("moment", f"`{text}` is not {self.says}.", f"{good[0]:%H:%M}-{good[1]:%H:%M}")
        if start >= end:
            swapped = f"{end:%H:%M}-{start:%H:%M}" if start > end else self.example
            raise Wrong("order", f"The hours end at {end:%H:%M}, which is not after {start:%H:%M}.", swapped)
        return start, end

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\d{1,2}:\d{2}\s*(-|–|to)\s*\d{1,2}:\d{2}$"}
