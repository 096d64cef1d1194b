"""For how many learners an instant at which all meet is outside their waking hours."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.core.asking import asked_of
from bot.core.contributions import DATES, SUITED, Item, Suited
from bot.core.people import Cohort, Person
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.gate.slots import outside
from bot.course.loader import course_of
from bot.course.model import LiveRules
from bot.features.digests.store import DigestStore, Meeting

LIVE = "live/"

DAY = LiveRules()
"""08:00 to 22:00, also in a course that lets its sessions be at night."""


def meetings(turn: Turn[DigestStore], every: Sequence[Meeting]) -> list[Meeting]:
    """Of `every` what is within a week ahead, and live sessions also within the last one, if it is outside waking hours
    for some learners: live sessions first, and what suits the fewest."""
    since, until = turn.now - WEEK, turn.now + WEEK
    near = [one for one in every if (since if one.live else turn.now) <= one.at < until and one.outside]
    return sorted(near, key=lambda one: (not one.live, -one.without, -one.outside, one.at))


def every_meeting(turn: Turn[DigestStore], cohort: Cohort, learners: Sequence[Person]) -> list[Meeting]:
    """What all learners meet at one instant in the whole course, the earliest first."""
    joined = turn.people.first_joined(cohort.id)
    found = _sessions(turn, cohort) | _dates(turn, cohort, learners)
    made: list[Meeting] = []
    # The stored shares go by the hours of the course.
    usual = course_of(cohort.course_text).live_rules.waking == DAY.waking
    past = {f"{LIVE}{one.name}": one for one in turn.collect(SUITED, cohort)} if usual else {}
    for name, (title, minutes, instants) in found.items():
        until = min(turn.now, max(instants))
        zones = Counter(p.zone for p in learners if joined[p.id] <= until)
        if (one := past.get(name)) is not None and len(one.outside) == len(instants):
            made += _as_it_was(name, title, minutes, instants, one, zones)
            continue
        made += _weighed(name, title, minutes, instants, zones)
    return sorted(made, key=lambda one: one.at)


def _night(at: datetime, minutes: int, zones: Mapping[str, int]) -> frozenset[str]:
    return frozenset(zone for zone in zones if outside(at, minutes, zone, DAY))


_Found = dict[str, tuple[str, int, list[datetime]]]
"""A name -> the title, the minutes, and the instants, of which one is enough."""


def _sessions(turn: Turn[DigestStore], cohort: Cohort) -> _Found:
    found: _Found = {}
    for date in turn.collect(DATES, cohort, Person(0, "", cohort.zone)):
        if date.kind == "live":
            # The times of a session are alternatives.
            name = f"{LIVE}{date.id.rpartition('/')[0]}"
            found.setdefault(name, (date.subject, date.minutes, []))[2].append(date.at)
    return found


def _dates(turn: Turn[DigestStore], cohort: Cohort, learners: Sequence[Person]) -> _Found:
    """Dates that do not go by each learner's own clock, as one learner of each zone has them."""
    asked = list({p.zone: p for p in reversed(learners)}.values())
    items: dict[str, list[Item]] = defaultdict(list)
    for _person, item in asked_of(turn, cohort, asked):
        if not (item.own_clock or item.own_date or item.is_left_out):
            items[item.key].append(item)
    return {
        name: (same[0].title, 0, [Counter(item.due_at for item in same).most_common(1)[0][0]])
        for name, same in items.items()
    }


def _as_it_was(
    name: str, title: str, minutes: int, instants: Sequence[datetime], past: Suited, zones: Mapping[str, int]
) -> Iterator[Meeting]:
    """A session that took place: for those who were expected then, as its own page has it."""
    for at, share in zip(instants, past.outside, strict=True):
        out = round(share * past.of / 100)
        yield Meeting(name, title, at, out, past.of, past.without, True, _night(at, minutes, zones))


def _weighed(
    name: str, title: str, minutes: int, instants: Sequence[datetime], zones: Mapping[str, int]
) -> Iterator[Meeting]:
    nights = {at: _night(at, minutes, zones) for at in instants}
    everywhere = frozenset.intersection(*nights.values())
    without = sum(zones[zone] for zone in everywhere)
    for at, night in nights.items():
        out = sum(zones[zone] for zone in night)
        yield Meeting(name, title, at, out, sum(zones.values()), without, name.startswith(LIVE), night)
