"""Judges the calls of a calendar: essential, substitutable or unclear, with the signs; and when they are for whom."""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.app.look.calendars import Event
from bot.app.look.hiding import ONE_TO_ONE
from bot.app.look.signs import ESSENTIAL, INSTEAD, KINDS, Kind, Sign, found_in, of_chat, of_shape, of_words, weigh
from bot.core.history import PastMessage
from bot.core.time import local_day, monday_of
from bot.course.gate.slots import outside
from bot.course.model import LiveRules
from bot.features.faq.scoring import words

Verdict = Literal["essential", "substitutable", "unclear"]

BEFORE, AFTER = timedelta(hours=24), timedelta(hours=48)
"""How long before and after a call people talk about it."""

PAD = timedelta(weeks=8)
"""Calls that are longer before or after the chat belong to something else."""

HEARD = 500
"""Characters of a message that are looked at."""

_ABOUT = re.compile(
    r"(?i)\b(?:(?:the|our|today's|yesterday's|tonight's|last|next|this) (?:call|session|meeting|class|lecture)|zoom|"
    r"google meet|(?:the|a) recording)\b"
)


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its verdict. `outside`: for how many percent of the people it is outside waking hours, over all
    times; None if no zone is known. `kind` is None where the verdict is unclear."""

    event: Event
    title: str
    outside: int | None
    verdict: Verdict
    why: tuple[str, ...]
    kind: Kind | None
    replacement: str | None

    def as_json(self) -> dict[str, object]:
        return {
            "title": self.title,
            "minutes": self.event.minutes,
            "times": len(self.event.times),
            "outside": self.outside,
            "verdict": self.verdict,
            "why": list(self.why),
            "kind": self.kind,
            "replacement": self.replacement,
        }


def judge(event: Event, heard: Mapping[tuple[Kind, str], int]) -> tuple[Verdict, Kind | None, tuple[str, ...]]:
    """The kind whose words weigh most decides. Under two signs, or where the words of both sides weigh the same, it is
    unclear."""
    signs = [*of_words(event), *of_chat(heard), *of_shape(event)]
    weights = weigh(signs)
    best = max(KINDS, key=lambda kind: (weights[kind], _number(signs, kind)))
    if not weights[best]:
        # A crowd that listens for an hour again and again needs no name.
        shape = [sign for sign in signs if sign.kind == "content"]
        if len(shape) == 3:
            return "substitutable", "content", tuple(sign.why for sign in shape)
        return "unclear", None, ("no word says what people do in it: ask who acts, and who only listens",)
    own = [sign for sign in signs if sign.kind == best]
    why = tuple(sign.why for sign in own)
    rival = max((kind for kind in KINDS if (kind in ESSENTIAL) != (best in ESSENTIAL)), key=lambda kind: weights[kind])
    if weights[rival] >= weights[best]:
        against = next(sign.why for sign in signs if sign.kind == rival)
        return "unclear", None, (why[0], f"but {against}")
    if len(own) < 2:
        return "unclear", None, (f"one sign alone: {why[0]}",)
    return ("essential" if best in ESSENTIAL else "substitutable"), best, why


def _number(signs: Sequence[Sign], kind: Kind) -> int:
    return sum(sign.kind == kind for sign in signs)


class Around:
    """Listens to the chat for what is said around each call."""

    def __init__(self, events: Sequence[Event]) -> None:
        self._times = sorted((at, n) for n, event in enumerate(events) for at, _ in event.times)
        self._starts = [at for at, _ in self._times]
        self._titles = [frozenset(words(event.title)) for event in events]
        self.heard: dict[int, Counter[tuple[Kind, str]]] = defaultdict(Counter)

    def hear(self, message: PastMessage) -> None:
        first, last = bisect_left(self._starts, message.at - AFTER), bisect_left(self._starts, message.at + BEFORE)
        near = {n for _, n in self._times[first:last]}
        if not near:
            return
        text = message.text[:HEARD]
        said = frozenset(words(text))
        # A message is about the call whose title it names, or about the only one there is.
        meant = {n for n in near if len(self._titles[n] & said) >= 2}
        if not meant and len(near) == 1 and _ABOUT.search(text):
            meant = near
        for kind, word, _ in found_in(text) if meant else ():
            for n in meant:
                self.heard[n][kind, word] += 1


def in_time(events: Sequence[Event], begins: datetime, ends: datetime) -> tuple[list[Event], int]:
    """The calls at about the time of the chat, and how many are not. All, if none is."""
    found = []
    for event in events:
        times = tuple(one for one in event.times if begins - PAD <= one[0] <= ends + PAD)
        if times:
            found.append(replace(event, times=times))
    return found or list(events), len(events) - len(found)


def share_outside(event: Event, zones: Mapping[str, int], rules: LiveRules) -> int | None:
    """`zones`: zone -> how many people live there."""
    people = sum(zones.values())
    if not people:
        return None
    away = sum(
        number for at, minutes in event.times for zone, number in zones.items() if outside(at, minutes, zone, rules)
    )
    return round(100 * away / (people * len(event.times)))


def decide(event: Event, title: str, heard: Mapping[tuple[Kind, str], int], zones: Mapping[str, int]) -> Call:
    # Who meets whom there is the whole title of some calls.
    verdict, kind, why = judge(replace(event, title=title) if title == ONE_TO_ONE else event, heard)
    instead = INSTEAD[kind] if kind is not None and verdict == "substitutable" else None
    return Call(event, title, share_outside(event, zones, LiveRules()), verdict, why, kind, instead)


def by_week(calls: Collection[Call], zone: str) -> dict[date, int]:
    """Monday -> the minutes of calls in its week, from the first week to the last."""
    found: Counter[date] = Counter()
    for call in calls:
        for at, minutes in call.event.times:
            found[monday_of(local_day(at, zone))] += minutes
    if not found:
        return {}
    first, last = min(found), max(found)
    return {first + timedelta(weeks=n): found[first + timedelta(weeks=n)] for n in range((last - first).days // 7 + 1)}
