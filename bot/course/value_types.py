"""The value types of a course file: each parses a single value and proposes a valid one for an invalid one."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time, timedelta
from difflib import get_close_matches
from typing import Any, ClassVar

from bot.core.translation import N_
from bot.course.moment import WEEKDAYS, Clockface, Moment

Schema = dict[str, Any]


class Wrong(Exception):
    """A value that cannot be parsed. `instead` is a valid one that means the same, as YAML; '' if only the author knows
    what is meant. `either` holds the values that it may mean then."""

    def __init__(self, code: str, message: str, instead: str = "", either: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.code, self.message, self.instead, self.either = code, message, instead, either


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
    says: str = N_("text")
    example: str = "…"

    def parse(self, text: str) -> str:
        return text.strip()

    def doubt(self, text: str) -> Wrong | None:
        plain = text.strip()
        if _PLACEHOLDER.fullmatch(plain):
            return Wrong("placeholder", f"people would read `{plain}`.")
        return None

    def schema(self) -> Schema:
        # An unquoted number or yes/no is read as text.
        return {"type": ["string", "number", "boolean"], "minLength": 1}


_PLACEHOLDER = re.compile(r"(?:tb[acd]|to ?do|xxx+|fixme|\?+|…|\.\.\.)[.!:]?", re.IGNORECASE)
_CURLY = re.compile(r"[“”„«‹‘]([^“”„«»‹›‘]*)[”“»›’]")
"""A value between two typographic quotes, which are no quotes to YAML."""


def shown(text: str) -> str:
    """A value without what YAML and people do not take for a part of it: characters that are not shown, and typographic
    quotes around it."""
    plain = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc")).replace("\u00a0", " ").strip()
    pair = _CURLY.fullmatch(plain)
    return pair[1].strip() if pair else plain


ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Id(Scalar):
    says: str = N_("an id: small letters, digits, `-` and `_`, at most 40")
    example: str = "my-id"

    def parse(self, text: str) -> str:
        if not ID.fullmatch(text):
            foreign = "".join(c for c in plain_word(text) if c.isalnum() and not c.isascii())
            if foreign:
                # Left out, such a letter would make another id of it.
                name = unicodedata.name(foreign[0], "").lower()
                message = (
                    f"`{text}` cannot be an id: it has `{foreign[0]}` ({name}). An id has letters from a to z only."
                )
                raise Wrong("id", message)
            raise Wrong("id", f"`{text}` cannot be an id: an id has small letters, digits, - and _.", slug(text))
        return text

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "pattern": f"^{ID.pattern}$"}


@dataclass(frozen=True)
class WeekValue(Scalar):
    """A week's number, or its id as text; a number that is written wrong is reported as one."""

    says: str = N_("the number of a week, from 1, or its id")
    example: str = "1"

    def parse(self, text: str) -> int | str:
        if ID.fullmatch(text) and not text.isdigit():
            return text
        return self.number(text)

    def number(self, text: str) -> int:
        """Reads what is no id."""
        return Whole(1, 104, self.says).parse(text)

    def schema(self) -> Schema:
        return {"anyOf": [Whole(1, 104).schema(), {"type": "string", "pattern": f"^{ID.pattern}$"}]}


def slug(text: str) -> str:
    """An id made from any text."""
    plain = re.sub(r"[^a-z0-9_]+", "-", plain_word(text)).strip("-_")
    return plain[:40].strip("-_") or "my-id"


def plain_word(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(c for c in letters if not unicodedata.combining(c))


_LIGATURES = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})


LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

_LANGUAGES = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        english=en german=de deutsch=de spanish=es espanol=es castellano=es french=fr francais=fr arabic=ar
        portuguese=pt portugues=pt italian=it italiano=it dutch=nl
        turkish=tr polish=pl ukrainian=uk russian=ru hindi=hi chinese=zh japanese=ja korean=ko
        """,
    )
)
"""Names that people write for a code, without accents. 'und' says that the language is not known."""


@dataclass(frozen=True)
class Language(Scalar):
    says: str = N_("the code of a language, such as `en`, `de` or `pt-BR`")
    example: str = "en"

    def parse(self, text: str) -> str:
        if not LANGUAGE.fullmatch(text):
            named = [code for name, code in _LANGUAGES.items() if name in re.findall(r"\w+", plain_word(text))]
            same = named[0] if len(named) == 1 else ""
            raise Wrong("language", f"`{text}` is not {self.says}.", same, () if same else (*named, "und"))
        return text

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}


_LINK = re.compile(r"https?://[^\s/]+\.?[^\s]*")
_ADDRESS = re.compile(r"(?:[a-zA-Z]{3,6}:?/+)?((?:[\w-]+\.)+[a-zA-Z]{2,}(?::\d+)?(?:[/?#].*)?)")
_FILE = re.compile(r"[^/]*\.(?:pdf|docx?|pptx?|xlsx?|odt|md|txt|html?|mp[34]|zip|png|jpe?g)", re.IGNORECASE)


@dataclass(frozen=True)
class Link(Scalar):
    says: str = N_("a link: https://…")
    example: str = "https://example.org/page"

    def parse(self, text: str) -> str:
        if _LINK.fullmatch(text):
            return text
        found = _ADDRESS.fullmatch(text.strip())
        address = re.sub(r"\s+", "%20", found[1]) if found and not _FILE.fullmatch(found[1]) else ""
        raise Wrong("link", f"`{text}` is not a link that opens.", address and f"https://{address}")

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^https?://\\S+$"}


_COUNTS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_GROUPED = re.compile(r"\d{1,3}(?:(?:'\d{3})+|(?: \d{3})+|(?:,\d{3}){2,}|(?:\.\d{3}){2,})")
"""A number with separated thousands. '1.000' and '1,000' are one or a thousand, depending on the country."""


_RANGE = re.compile(r"(?:ca\.? |~ ?)?(\d{1,4}) ?(?:-|–|—|to|bis|or|a) ?(\d{1,4})([^\d\W]{0,10}| [^\d\W]{0,10})")


@dataclass(frozen=True)
class Whole(Scalar):
    least: int = 0
    most: int = 10_000
    says: str = N_("a whole number")
    example: str = "1"

    def parse(self, text: str) -> int:
        plain = text.replace("_", "")
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", plain):
            same = self._same(text.lower())
            fits = same is not None and self.least <= same <= self.most
            either = [str(n) for n in self._either(text.lower()) if self.least <= n <= self.most]
            raise Wrong("number", f"`{text}` is not {self.says}.", str(same) if fits else "", either)
        value = int(plain)
        if not self.least <= value <= self.most:
            raise Wrong("range", f"{value} is outside {self.least} to {self.most}.")
        return value

    def _same(self, text: str) -> int | None:
        """The number that a text can only mean."""
        if _GROUPED.fullmatch(text):
            return int(re.sub(r"\D", "", text))
        if found := re.fullmatch(r"(?:week|woche|semana) ?(\d{1,3})|(\d{1,4})[.,]0{1,2}", text):
            return int(found[1] or found[2])
        return _COUNTS.index(text) if text in _COUNTS else None

    def _either(self, text: str) -> list[int]:
        """The numbers that a text may mean: both ends of a range, a thousand or one."""
        if found := _RANGE.fullmatch(text):
            unit = found[3].strip()
            ends = [int(end) if not unit else self._same(f"{end} {unit}") for end in (found[1], found[2])]
            return [end for end in ends if end is not None]
        if found := re.fullmatch(r"(\d{1,3})[.,](000)", text):
            return [int(found[1]), int(found[1]) * 1000]
        if found := re.fullmatch(r"(\d{1,3})[.,](\d{3})", text):
            return [int(found[1] + found[2])]
        return []

    def schema(self) -> Schema:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


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


_YES, _NO = ("yes", "true", "on"), ("no", "false", "off")
_SAME_FLAG = dict.fromkeys(("y", "1", "ja", "sí", "si", "oui", "sim", "x", "✓"), "yes")
_SAME_FLAG |= dict.fromkeys(("✅", "✔", "✔\ufe0f", "☑", "☑\ufe0f", "👍", "every week", "yep", "yeah"), "yes")
_SAME_FLAG |= dict.fromkeys(("❌", "✗", "✘", "✖", "👎"), "no")
_SAME_FLAG |= dict.fromkeys(("n", "0", "nein", "non", "não", "never", "none", "nope", "not"), "no")


@dataclass(frozen=True)
class Flag(Scalar):
    says: str = N_("`yes` or `no`")
    example: str = "yes"

    def parse(self, text: str) -> bool:
        word = text.lower()
        if word in (*_YES, *_NO):
            return word in _YES
        near = get_close_matches(word, (*_YES, *_NO), 1, 0.75)
        same = _SAME_FLAG.get(word, near[0] if near else "")
        raise Wrong("choice", f"`{text}` is neither yes nor no.", same)

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
        word = word.replace(" ", "_")
        meant = {w: w for w in self.words} | {a: w for w, also in self.words.items() for a in also.split()}
        near = [word] if word in meant else get_close_matches(word, meant, 1, 0.75)
        return meant[near[0]] if near else ""

    def schema(self) -> Schema:
        return {"enum": list(self.words)}


_TIME = re.compile(r"(\d{1,2}):(\d{2})")
_DAYS = {name.lower(): n for n, name in enumerate(WEEKDAYS)}
_DAYS |= {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
_DAYS |= {"tues": 1, "wednes": 2, "thur": 3, "thurs": 3}
_OTHER_DAYS = (
    "mo montag lunes lun lundi segunda segunda-feira lunedì maandag",
    "di dienstag martes mardi terça terça-feira martedì dinsdag",
    "mi mittwoch miércoles mié mercredi mer quarta quarta-feira mercoledì woensdag",
    "do donnerstag jueves jue jeudi jeu quinta quinta-feira giovedì donderdag",
    "fr freitag viernes vie vendredi ven sexta sexta-feira venerdì vrijdag",
    "sa samstag sonnabend sábado sáb samedi sabato zaterdag",
    "so sonntag domingo dom dimanche dim domenica zondag",
)
_SAME_DAYS = _DAYS | {word: n for n, words in enumerate(_OTHER_DAYS) for word in words.split()}
_CLOCKS: tuple[Clockface, ...] = ("learner", "cohort", "aoe")
_FOREIGN = re.compile(
    r"\(?\b(?:(?:utc|gmt)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[ecmp][sd]?t|ce?s?t|cest|eest|eet|bst|ist|jst|wes?t|aes?t|msk|"
    r"(?:eastern|central|mountain|pacific)(?: (?:standard|daylight))?(?: time)?|(?:local|server|office|school) time|"
    r"berlin|london|paris|madrid|lisbon|lisboa|new york|nyc|mez|mesz|ortszeit|hora local)\b\)?"
)
"""Clocks that people write and a course does not know."""

_MOMENT = re.compile(r"(?:week (\d{1,3}) )?([a-z]+) (\d{1,2}:\d{2})(?: ([a-z]+))?", re.IGNORECASE)


def clock_of(text: str) -> time | None:
    """A wall time such as 16:00, None for any other text."""
    found = _TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


_WRITTEN_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))? ?(?:([ap])\.?m\.?|h|uhr|o'clock)?", re.IGNORECASE)


def same_clock(text: str) -> time | None:
    """The wall time that a text in another notation can only mean: '4 pm', '16.00', '16 Uhr', '24:00'."""
    found = _WRITTEN_TIME.fullmatch(text.strip())
    if not found or (found[2] is None and not re.search(r"[a-z]", text, re.IGNORECASE)):
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    if (hour, minute) == (24, 0):
        return time(23, 59)
    return time(hour, minute) if hour < 24 and minute < 60 else None


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
        meant = self._meant(text)
        if not meant and (day := _SAME_DAYS.get(text.lower().strip(" ."))) is not None:
            usual = self.parse(self.usual)
            why = f"`{text}` has no time of day."
            raise Wrong("moment", why, either=[self.write(Moment(day, usual.time, usual.zone))])
        why = self._why(text, found, weekday, clock)
        if len(meant) == 1 and found and weekday is not None and clock is not None:
            why = f"`{text}` is not written as {self.says}."
        raise Wrong("moment", why, meant[0] if len(meant) == 1 else "", meant)

    def write(self, moment: Moment) -> str:
        """A moment as the value of this key, without the key's default clock."""
        return str(moment).removesuffix(f" {self.zone}")

    def _why(self, text: str, found: re.Match[str] | None, weekday: int | None, clock: time | None) -> str:
        if re.search(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?", text):
            return f"`{text}` names a date, and a course file has none: the cohort's start date gives them."
        if not found:
            return f"`{text}` is not {self.says}."
        if weekday is None:
            return f"`{found[2]}` is not a weekday (Mon, Tue, Wed, Thu, Fri, Sat, Sun)."
        if clock is None:
            return f"`{found[3]}` is not a time of day from 00:00 to 23:59."
        return (
            f"`{found[4]}` is not a clock of a course: learner, cohort (the cohort's zone) or aoe (anywhere on Earth)."
        )

    def _meant(self, text: str) -> list[str]:
        """The moments that a text in another notation may mean, as this key's values. None if a word of it means
        something else; several if it has a clock that a course does not know, or an hour that may be in the morning."""
        rest = re.sub(r"\b(?:at|on|um|by|the|às|as|a las|à)\b|[,;]", " ", text.lower().replace("’", "'"))
        week = re.search(r"\b(?:week|woche|semana) ?(\d{1,3})\b", rest)
        rest = rest.replace(week[0], " ") if week else rest
        rest = re.sub(r"\b(?:the |each )?(?:learner|student)s?'?s?'? (?:own )?(?:local )?time\b", " learner ", rest)
        foreign = _FOREIGN.search(rest)
        rest = rest.replace(foreign[0], " ", 1) if foreign else rest
        times = self._times(rest)
        if times is None:
            return []
        written, clocks = times
        rest = rest.replace(written, " ", 1)
        days: list[int] = []
        zones: list[Clockface] = []
        for word in rest.split():
            zone = next((z for z in _CLOCKS if get_close_matches(word, (z,), 1, 0.75)), None)
            near = get_close_matches(word.rstrip("."), _SAME_DAYS, 2, 0.66)
            if zone:
                zones.append(zone)
            elif near and len({_SAME_DAYS[n] for n in near if n == near[0] or word not in _SAME_DAYS}) == 1:
                days.append(_SAME_DAYS[near[0]])
            else:
                return []
        if len(days) != 1 or len(zones) > 1:
            return []
        faces = zones or (list(_CLOCKS) if foreign else [self.zone])
        number = int(week[1]) if week else None
        moments = [Moment(days[0], clock, face, number) for clock in clocks for face in faces]
        # Among several, each clock is written out: that is what the author decides about.
        return [str(m) if foreign and not zones else self.write(m) for m in moments]

    @staticmethod
    def _times(text: str) -> tuple[str, list[time]] | None:
        """The time of day in a text: its words, and what they may mean. None if there is none."""
        if word := re.search(r"\b(?:12 ?)?(?:noon|midday|mittags?|mediodía|midi)\b", text):
            return word[0], [time(12)]
        if word := re.search(r"\b(?:12 ?)?(?:midnight|mitternacht|medianoche|minuit|meia-noite)\b", text):
            return word[0], [time(0), time(23, 59)]
        if word := re.search(r"\b(?:eod|cob|end of (?:the )?day)\b", text):
            return word[0], [time(17), time(23, 59)]
        written = re.search(r"\d{1,2}(?:[:.h]\d{2})?(?: ?(?:[ap]\.?m\b\.?|h\b|uhr\b|o'clock))?", text)
        if not written:
            return None
        if clock := same_clock(written[0]):
            return written[0], [clock]
        bare = re.fullmatch(r"\d{1,2}", written[0])
        hour = int(written[0]) if bare else 24
        if not bare or hour > 23 or re.search(r"\d", text.replace(written[0], " ", 1)):
            return None
        return written[0], [time(hour), *([time(hour + 12)] if 0 < hour < 12 else [])]

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
    words = " ".join(str(_COUNTS.index(w)) if w in _COUNTS else w for w in words.split())
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
    if found := _RANGE.fullmatch(plain):
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


@dataclass(frozen=True)
class Span(Scalar):
    """A length of time, up to `most`."""

    most: timedelta = timedelta(days=366)
    says: str = N_("a length of time: `30 min`, `2 h`, `3 days`")
    example: str = "2 h"

    def parse(self, text: str) -> timedelta:
        if text in ("0", "none", "no"):
            return timedelta(0)
        span = timedelta(minutes=int(text)) if _BARE.fullmatch(text) else span_of(text)
        if span is None:
            either = spans_between(text)
            same = None if len(either) > 1 else same_span(text)
            fits = same is not None and same <= self.most
            raise Wrong("duration", f"`{text}` is not {self.says}.", write_span(same) if same and fits else "", either)
        if span > self.most:
            raise Wrong("range", f"`{text}` is longer than {write_span(self.most)}.")
        return span

    def doubt(self, text: str) -> Wrong | None:
        if not _BARE.fullmatch(text) or text == "0":
            return None
        return Wrong("unit", f"`{text}` has no unit and is taken as minutes.", write_span(timedelta(minutes=int(text))))

    def schema(self) -> Schema:
        return {
            "type": ["string", "integer"],
            "pattern": r"^(0|none|no|\d+ ?(m|min|h|d|w|minutes?|hours?|days?|weeks?))$",
        }


@dataclass(frozen=True)
class HoursValue(Scalar):
    """Two wall times in one day."""

    says: str = N_("two times of day: `08:00-22:00`")
    example: str = "08:00-22:00"
    _RANGE: ClassVar[re.Pattern[str]] = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})")

    def parse(self, text: str) -> tuple[time, time]:
        found = self._RANGE.fullmatch(text)
        start, end = (clock_of(found[1]), clock_of(found[2])) if found else (None, None)
        if start is None or end is None:
            parts = [same_clock(p) for p in re.split(r"\s*(?:-|–|—|\bto\b|\bbis\b)\s*", text.lower())]
            first, last = parts if len(parts) == 2 else (None, None)
            if bare := re.fullmatch(r"(\d{1,2}) ?(?:-|–|—|to|bis) ?(1[3-9]|2[0-3])(?: ?(?:h|uhr))?", text.lower()):
                first, last = time(int(bare[1])) if int(bare[1]) < 24 else None, time(int(bare[2]))
            good = f"{first:%H:%M}-{last:%H:%M}" if first and last and first < last else ""
            raise Wrong("moment", f"`{text}` is not {self.says}.", good)
        if start >= end:
            raise Wrong("order", f"The hours end at {end:%H:%M}, which is not after {start:%H:%M}.")
        return start, end

    def schema(self) -> Schema:
        return {"type": "string", "pattern": r"^\d{1,2}:\d{2}\s*(-|–|to)\s*\d{1,2}:\d{2}$"}
