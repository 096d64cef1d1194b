"""Two times for a session that together leave as few learners as possible outside waking hours. The gate lets them
pass (see `times`)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import combinations

from bot.core.time import local, local_day
from bot.core.timetable import DAY, Timetable
from bot.course.model import LiveRules, Moment

WORKDAYS = range(5)
MIDWEEK = 2


Away = tuple[tuple[datetime, datetime | None], ...]
"""Spans in which somebody is away; None: without an end."""


@dataclass(frozen=True, slots=True)
class Learner:
    """Whom a time has to suit: their zone, their usual hour, and when they are away."""

    zone: str
    hour: int = 9
    away: Away = ()


@dataclass(frozen=True, slots=True)
class Suggested:
    """A time by the cohort's clock. `outside`: for how many percent of the learners it is outside waking hours."""

    moment: Moment
    at: datetime
    outside: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    """As bits, the groups of learners in whose waking hours it is, and those of them who are not away (`there`)."""

    moment: Moment
    at: datetime
    awake: int
    there: int


def outside(at: datetime, minutes: int, zone: str, rules: LiveRules) -> bool:
    """Whether a slot begins or ends outside waking hours in a zone."""
    first, last = rules.waking
    begins, ends = local(at, zone), local(at + timedelta(minutes=minutes), zone)
    return not (first <= begins.time() and ends.time() <= last and begins.date() == ends.date())


def out_of(at: datetime, minutes: int, people: Mapping[str, int], rules: LiveRules) -> int:
    """For how many people a slot is outside waking hours. `people`: how many a zone has."""
    return sum(n for zone, n in people.items() if outside(at, minutes, zone, rules))


def too_many(out: int, people: Mapping[str, int]) -> bool:
    """Whether a slot is outside waking hours for more than half of the learners."""
    return 2 * out > sum(people.values())


def suggested(
    week: int,
    minutes: int,
    table: Timetable,
    learners: Sequence[Learner],
    rules: LiveRules,
    after: datetime,
    host: str = "",
) -> tuple[Suggested, ...]:
    """Two times in a week, on no free day; nothing if the week has no two after `after` that the gate lets pass.
    Without learners the cohort's clock counts. `host`: the zone of whoever holds it, if known."""
    people = list(learners) or [Learner(table.zone)]
    groups = Counter((one.zone, one.away) for one in people)
    weights = _Weights(list(groups.values()))
    found = list(_candidates(week, minutes, table, list(groups), weights, rules, after))
    apart, span, everybody = timedelta(hours=rules.slots_apart), timedelta(minutes=minutes), (1 << len(groups)) - 1
    best: list[tuple[_Candidate, _Candidate]] = []
    least: tuple[int, int, int, bool] | None = None
    for one, other in combinations(found, 2):
        both = one.awake | other.awake
        near, needless = other.at - one.at < apart, both in (one.awake, other.awake)
        if other.at < one.at + span or (needless and (near or both != everybody)):
            continue
        # Whoever holds it sits up at night only where that suits somebody better.
        night = sum(outside(at, minutes, host or table.zone, rules) for at in (one.at, other.at))
        key = (-weights(one.there | other.there), -weights(one.there) - weights(other.there), night, near)
        if least is None or key < least:
            least, best = key, []
        if key == least:
            best.append((one, other))
    if not best:
        return ()
    hours = Counter((one.zone, one.hour) for one in people)
    pair = min(best, key=lambda two: (_from_hours(two, hours), _from_midweek(two)))
    return tuple(Suggested(c.moment, c.at, round(100 - 100 * weights(c.awake) / len(people))) for c in pair)


def _candidates(
    week: int,
    minutes: int,
    table: Timetable,
    groups: Sequence[tuple[str, Away]],
    weights: "_Weights",
    rules: LiveRules,
    after: datetime,
) -> Iterator[_Candidate]:
    """The hours that suit at least half of the learners."""
    monday = table.monday(week)
    days = [n for n in range(7) if table.free(monday + n * DAY) == monday + n * DAY >= table.starts_on]
    for weekday in [n for n in days if n in WORKDAYS] or days:
        for hour in range(24):
            moment = Moment(weekday, time(hour), "cohort")
            at = moment.at(table, week, table.zone)
            if at <= after or local_day(at, table.zone) != monday + weekday * DAY:
                continue
            suits = [n for n, (zone, _away) in enumerate(groups) if not outside(at, minutes, zone, rules)]
            awake, there = sum(1 << n for n in suits), sum(1 << n for n in suits if not _is_away(at, groups[n][1]))
            if 2 * weights(awake) >= weights((1 << len(groups)) - 1):
                yield _Candidate(moment, at, awake, there)


def _is_away(at: datetime, away: Away) -> bool:
    return any(since <= at and (until is None or at < until) for since, until in away)


class _Weights:
    """How many learners a set of groups has."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers, self._known = numbers, dict[int, int]()

    def __call__(self, bits: int) -> int:
        if bits not in self._known:
            self._known[bits] = sum(number for n, number in enumerate(self._numbers) if bits >> n & 1)
        return self._known[bits]


def _from_hours(pair: Sequence[_Candidate], people: Mapping[tuple[str, int], int]) -> int:
    """How far the nearer of two times is from learners' usual hours, in all."""
    return sum(
        number * min(abs(local(one.at, zone).hour - hour) for one in pair) for (zone, hour), number in people.items()
    )


def _from_midweek(pair: Sequence[_Candidate]) -> int:
    return sum(abs(one.moment.weekday - MIDWEEK) for one in pair)
