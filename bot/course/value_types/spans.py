"""Lengths of time."""

import re
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from bot.core.translation import N_
from bot.course.value_types.numbers import COUNTS, RANGE, Whole
from bot.course.value_types.scalar import Scalar, Schema, Wrong


@dataclass(frozen=True)
class Minutes(Whole):
    most: int = 6_000
    says: str = N_("a whole number of minutes")
    example: str = "30"

    def _same(self, text: str) -> int | None:
        span = span_of(text) or same_span(text)
        return int(span.total_seconds() // 60) if span is not None else super()._same(text)

    def _either(self, text: str) -> list[int]:
        if found := re.fullmatch(r"(\d{1,2}):(\d{2})", text):
            return [int(found[1]), int(found[1]) * 60 + int(found[2])]
        if found := re.fullmatch(r"(?:~|≈|ca\.?|about|approx\.?|etwa|max\.?|up to) ?(\d.{0,12})|(\d.{0,12})\+", text):
            rest = (found[1] or found[2]).strip()
            one = int(rest) if rest.isdigit() else self._same(rest)
            return [one] if one is not None else super()._either(rest)
        return super()._either(text)


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


_BARE = re.compile(r"[0-9]{1,5}")


_SPAN = re.compile(r"([0-9]{1,5})\s*([a-z]+)")


_MONTHS = re.compile(r"[0-9]{1,5}\s*M")


def span_of(text: str) -> timedelta | None:
    """A length of time such as '2 h', '90 min', '3 days', None for any other text. '2 M' may be two months."""
    found = None if _MONTHS.fullmatch(text.strip()) else _SPAN.fullmatch(text.strip().lower())
    unit = _UNITS.get(found[2]) or _UNITS.get(found[2].removesuffix("s")) if found else None
    return timedelta(minutes=int(found[1]) * unit) if found and unit else None


_UNIT_WORDS = {"std": 60, "stunde": 60, "stunden": 60, "hora": 60, "horas": 60, "tag": 1440, "tage": 1440, "dia": 1440}


_UNIT_WORDS |= {"día": 1440, "días": 1440, "dias": 1440, "woche": 10080, "wochen": 10080, "semana": 10080}


_UNIT_WORDS |= {"semanas": 10080, "minuten": 1, "minuto": 1, "minutos": 1}


def same_span(text: str) -> timedelta | None:
    """The length of time that a text in another notation can only mean: '1.5 h', '1 h 30 min', 'two hours'."""
    words = re.sub(r"\b(an?|one)\b", "1", text.strip().lower().replace(",", ".").replace("½", ".5"))
    words = re.sub(r"(?<!\d)\.5", "0.5", words)
    words = " ".join(str(COUNTS.index(w)) if w in COUNTS else w for w in words.split())
    # '1h30' and '1 h 30': the minutes of an hour need no unit.
    words = re.sub(r"^(\d{1,3}) ?(h|hr|std|hours?) ?([0-5]\d)$", r"\1 h \3 min", words)
    total = timedelta(0)
    for number, word in re.findall(r"(\d{1,4}(?:\.\d)?)\s*([^\W\d]+)", words):
        near = get_close_matches(word, (*_UNITS, *_UNIT_WORDS, "hours", "days", "weeks", "minutes"), 1, 0.75)
        unit = (_UNITS | _UNIT_WORDS).get(near[0]) or _UNITS.get(near[0].removesuffix("s")) if near else None
        if unit is None:
            return None
        total += timedelta(minutes=float(number) * unit)
    whole = re.fullmatch(r"(?:\d{1,4}(?:\.\d)?\s*[^\W\d]+[\s]*(?:and )?)+", words)
    return total if whole and not total.total_seconds() % 60 else None


def spans_between(text: str) -> list[str]:
    """The lengths of time that a text may mean, as values: both ends of a range, the whole of 'about 2 h', and months
    or minutes."""
    if _MONTHS.fullmatch(text.strip()):
        number = int(re.sub(r"\D", "", text))
        return [f"{number} min", f"{30 * number} days"]
    plain = text.strip().lower()
    if found := RANGE.fullmatch(plain):
        ends = [same_span(f"{end} {found[3]}") for end in (found[1], found[2])]
    else:
        ends = [same_span(re.sub(r"^(?:~|≈|ca\.?|about|approx\.?|etwa) ?|\+$", "", plain))]
    return [write_span(end) for end in ends if end]


def write_span(span: timedelta) -> str:
    """A length of time as the course file writes it."""
    minutes = int(span.total_seconds() // 60)
    if minutes and minutes % 1440 == 0:
        return f"{minutes // 1440} day{'s' if minutes > 1440 else ''}"
    return f"{minutes // 60} h" if minutes and minutes % 60 == 0 else f"{minutes} min"


_BARE_UNITS = {timedelta(minutes=1): "minutes", timedelta(hours=1): "hours", timedelta(days=1): "days"}


@dataclass(frozen=True)
class Span(Scalar):
    """A length of time, from `least` to `most`. `bare`: what a number without a unit counts."""

    most: timedelta = timedelta(days=366)
    bare: timedelta = timedelta(minutes=1)
    says: str = N_("a length of time: `30 min`, `2 h`, `3 days`")
    example: str = "2 h"
    least: timedelta = timedelta(0)

    def parse(self, text: str) -> timedelta:
        if not self.least and text in ("0", "none", "no"):
            return timedelta(0)
        span = int(text) * self.bare if _BARE.fullmatch(text) else span_of(text)
        if span is None:
            either = spans_between(text)
            same = None if len(either) > 1 else same_span(text)
            fits = same is not None and self.least <= same <= self.most
            raise Wrong("duration", f"`{text}` is not {self.says}.", write_span(same) if same and fits else "", either)
        if span < self.least:
            raise Wrong("range", f"`{text}` is shorter than {write_span(self.least)}.")
        if span > self.most:
            raise Wrong("range", f"`{text}` is longer than {write_span(self.most)}.")
        return span

    def doubt(self, text: str) -> Wrong | None:
        if not _BARE.fullmatch(text) or text == "0":
            return None
        unit = _BARE_UNITS[self.bare]
        return Wrong("unit", f"`{text}` has no unit and is taken as {unit}.", write_span(int(text) * self.bare))

    def schema(self) -> Schema:
        written = r"\d+ ?(m|min|h|d|w|minutes?|hours?|days?|weeks?)"
        return {"type": ["string", "integer"], "pattern": f"^{written}$" if self.least else f"^(0|none|no|{written})$"}
