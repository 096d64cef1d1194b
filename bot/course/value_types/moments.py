"""Moments of a week, and hours of a day."""

import re
from dataclasses import dataclass
from datetime import time
from difflib import get_close_matches
from typing import ClassVar

from bot.core.translation import N_
from bot.course.moment import WEEKDAYS, Clockface, Moment
from bot.course.value_types.numbers import COUNTS
from bot.course.value_types.scalar import Scalar, Schema, Wrong

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


_ALL_DAYS = ("daily", "everyday", "day", "days", "täglich", "tag", "diariamente", "dia", "diario", "día", "jour")
_WORKDAYS = ("weekday", "weekdays", "workday", "workdays", "werktags", "werktag")
_EACH_DAY = dict.fromkeys(_ALL_DAYS, range(7)) | dict.fromkeys(_WORKDAYS, range(5))
"""Words for all days of a week, or for all its workdays."""


_CLOCKS: tuple[Clockface, ...] = ("learner", "cohort", "aoe")


_FOREIGN = re.compile(
    r"\(?\b(?:(?:utc|gmt)(?: ?[+-]\d{1,2}(?::?\d{2})?)?|[ecmp][sd]?t|ce?s?t|cest|eest|eet|bst|ist|jst|wes?t|aes?t|msk|"
    r"(?:eastern|central|mountain|pacific)(?: (?:standard|daylight))?|local|server|office|school|"
    r"(?:africa|america|asia|atlantic|australia|europe|indian|pacific|etc)/[a-z_/+-]{2,40}|"
    r"berlin|london|paris|madrid|lisbon|lisboa|new york|nyc|mez|mesz|ortszeit|hora local)\b(?: time\b)?\)?"
)
"""Clocks that people write and a course does not know."""


_MOMENT = re.compile(r"(?:week (\d{1,3}) )?([a-z]+) (\d{1,2}:\d{2})(?: ([a-z]+))?", re.IGNORECASE)


def clock_of(text: str) -> time | None:
    """A wall time such as 16:00, None for any other text."""
    found = _TIME.fullmatch(text)
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    return time(int(found[1]), int(found[2]))


_TIME_IN = re.compile(r"\d{1,2}(?:(?:[:.]| ?h ?)\d{2})?(?: ?(?:[ap]\.?m\b\.?|h\b|uhr\b|o'clock))?")


_DATE_IN = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./](?:\d{2,4})?")


_NUMBERS = "|".join(COUNTS[1:])
_WEEK = re.compile(rf"\b(?:(?:week|woche|semana|semaine) ?(\d{{1,3}}|{_NUMBERS})|(?:w|wk|kw) ?(\d{{1,3}}))\b")
"""The week in which a moment lies."""


_WRITTEN_TIME = re.compile(r"(\d{1,2})(?:(?:[:.]| ?h ?)(\d{2}))? ?(?:([ap])\.?m\.?|h|uhr|o'clock)?", re.IGNORECASE)


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
        clocks = "`learner`, `cohort` or `aoe`, anywhere on earth"
        return f"a weekday and a time, `{self.usual}`, by the clock of {clocks} (else {self.zone})"

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
        if not meant and _FOREIGN.fullmatch(text.lower()):
            usual = self.parse(self.usual)
            meant = [str(Moment(usual.weekday, usual.time, face)) for face in _CLOCKS]
        why = self._why(text, found, weekday, clock)
        if len(meant) == 1 and found and weekday is not None and clock is not None:
            why = f"`{text}` is not written as {self.says}."
        raise Wrong("moment", why, meant[0] if len(meant) == 1 else "", meant, "" if meant else self._like(text))

    def _like(self, text: str) -> str:
        """An example with the day and the time of a text that says more."""
        usual = self.parse(self.usual)
        words = [word for word in re.findall(r"[^\W\d]+(?:-[^\W\d]+)*", text.lower()) if word in _SAME_DAYS]
        rest = _DATE_IN.sub(" ", text.lower())
        times = [clock for found in _TIME_IN.findall(rest) if (clock := same_clock(found))]
        if len(set(words)) > 1 or len(set(times)) > 1 or not (words or times):
            return ""
        day = _SAME_DAYS[words[0]] if words else usual.weekday
        return self.write(Moment(day, times[0] if times else usual.time, usual.zone))

    def several(self, text: str) -> list[str]:
        """For several days in one line: `Tue and Thu at 9`, `daily`."""
        words = re.findall(r"[^\W\d_]+", text.lower())
        named = (_SAME_DAYS.get(word, _SAME_DAYS.get(word.removesuffix("s"))) for word in words)
        known = [day for day in named if day is not None]
        days = list(dict.fromkeys(known)) or next((list(_EACH_DAY[word]) for word in words if word in _EACH_DAY), [])
        if len(days) < 2:
            return []
        written = _TIME_IN.findall(text)
        usual = self.parse(self.usual)
        if len(written) == len(days) == len(known):
            each = [same_clock(one) for one in written]
            clocks = [[clock for clock in each if clock]] if all(each) else []
        else:
            meant = self._times(text.lower()) if len(set(written)) == 1 else None
            times = meant[1] if meant else [] if written else [usual.time]
            clocks = [[clock] * len(days) for clock in times]
        lists = ([self.write(Moment(d, at, usual.zone)) for d, at in zip(days, row, strict=True)] for row in clocks)
        return [f"[{', '.join(one)}]" for one in lists]

    def write(self, moment: Moment) -> str:
        """A moment as the value of this key, without the key's default clock."""
        return str(moment).removesuffix(f" {self.zone}")

    def _why(self, text: str, found: re.Match[str] | None, weekday: int | None, clock: time | None) -> str:
        if _DATE_IN.search(text):
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
        week = _WEEK.search(rest)
        rest = rest.replace(week[0], " ") if week else rest
        rest = re.sub(r"\b(aoe|learner|cohort) time\b", r"\1", rest)
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
        for word in (each.rstrip(".") for each in rest.split()):
            zone = next((z for z in _CLOCKS if get_close_matches(word, (z,), 1, 0.75)), None)
            near = get_close_matches(word, _SAME_DAYS, 2, 0.66)
            if zone:
                zones.append(zone)
            elif (
                near
                and word not in _EACH_DAY
                and len({_SAME_DAYS[n] for n in near if n == near[0] or word not in _SAME_DAYS}) == 1
            ):
                days.append(_SAME_DAYS[near[0]])
            else:
                return []
        if len(days) != 1 or len(zones) > 1:
            return []
        faces = zones or (list(_CLOCKS) if foreign else [self.zone])
        number = _number(week[1] or week[2]) if week else None
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
        written = _TIME_IN.search(text)
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


def _number(word: str) -> int:
    return int(word) if word.isdigit() else COUNTS.index(word)


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
