"""A cohort's calendar: all dates that features contribute, for one person or for a learner in some zone."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, get_args

from bot.core.asking import asked_of
from bot.core.contributions import DATES, Date, DateKind, Item
from bot.core.items import LateEnd, late_end
from bot.core.people import Cohort, Person, Role
from bot.core.time import local, resolve
from bot.core.translation import N_, _
from bot.core.turn import Turn

_ORDER: Sequence[str] = get_args(DateKind)
_WORDS: Mapping[DateKind, str] = {
    "week": "{subject}",
    "opens": N_("{subject} opens"),
    "reminder": N_("Reminder: {subject}"),
    "live": N_("Live: {subject}"),
    "closes": N_("{subject} closes"),
    "due": N_("{subject} is due"),
    "late until": N_("{subject}: the end of late work"),
    "report": N_("{subject}: the cohort's report"),
    "end": N_("{subject} ends"),
}


def words(kind: DateKind, subject: str) -> str:
    """'The first draft is due'"""
    return _(_WORDS[kind], subject=subject)


def calendar(turn: Turn[Any], cohort: Cohort, zone: str, hour: int = 9, person: Person | None = None) -> list[Date]:
    """All dates in chronological order: those of a learner, or (None) those that most learners in `zone` have, with the
    message hour `hour` (0-23)."""
    if person is None:
        items = usual_items(turn, cohort, zone, hour)
    else:
        items = [item for _, item in asked_of(turn, cohort, [person])]
    found = [date for item in items if not item.is_left_out for date in _of(item)]
    found += turn.collect(DATES, cohort, person or Person(0, "", zone, hour))
    # The cohort ends no earlier than its last item or report.
    last = max((d.at for d in found if d.kind in ("closes", "due", "report", "end")), default=turn.now)
    found = [replace(d, at=last) if d.kind == "end" else d for d in found]
    return sorted(found, key=lambda d: (d.at, _ORDER.index(d.kind), d.id))


def usual_items(turn: Turn[Any], cohort: Cohort, zone: str, hour: int = 9) -> list[Item]:
    """What is asked of a learner in `zone`, with the dates that most learners have: see `most_have`."""
    learners = turn.people.members(cohort.id, Role.LEARNER)
    found = (item for _, item in asked_of(turn, cohort, [Person(0, "", zone, hour)]))
    planned = [item for item in found if not item.is_left_out]
    zones = {p.id: p.zone for p in learners}
    theirs = asked_of(turn, cohort, learners) if learners else ()
    return most_have(planned, ((zones[person], item) for person, item in theirs), zone)


def most_have(planned: Iterable[Item], theirs: Iterable[tuple[str, Item]], zone: str) -> list[Item]:
    """The planned items for a clock in `zone`, with the stored dates that most learners have (the earlier of two
    equally frequent ones). Where the due date depends on each learner's clock, the wall time that most have is taken.
    A date of somebody's own is private and never counts. Where no date counts, it is the planned one. `theirs`: items
    with the zone of their learner."""
    there: dict[str, Counter[tuple[datetime, datetime, datetime | None]]] = defaultdict(Counter)
    anywhere: dict[str, Counter[tuple[datetime, datetime | None]]] = defaultdict(Counter)
    for clock, item in theirs:
        if not item.optional and not item.own_date:
            due, late = item.due_at, item.late_until
            if item.own_clock:
                due, late = _same_wall(due, clock, zone), late and _same_wall(late, clock, zone)
            anywhere[item.key][due, late] += 1
            if clock == zone:
                there[item.key][item.opens_at, due, late] += 1
    found = []
    for item in planned:
        dates, counts = there[item.key], anywhere[item.key]
        if counts:
            due, late = min(counts, key=lambda d: (-counts[d], d[0]))
            item = replace(item, due_at=due, late_until=late)
            dates = Counter({d: n for d, n in dates.items() if d[1] == due})
        if dates:
            opens, due, late = min(dates, key=lambda d: (-dates[d], d[1], d[0]))
            item = replace(item, opens_at=opens, due_at=due, late_until=late)
        found.append(item)
    return found


@lru_cache(maxsize=16_384)
def _same_wall(at: datetime, clock: str, zone: str) -> datetime:
    """When a clock in `zone` shows what one in `clock` shows at an instant."""
    return at if clock == zone else resolve(local(at, clock), zone)


def _of(item: Item) -> Iterator[Date]:
    yield Date(item.opens_at, "opens", item.id, item.title)
    yield Date(item.due_at, "closes" if item.closes else "due", item.id, item.title)
    if item.late_until is not None:
        yield Date(item.late_until, "late until", item.id, item.title)


Stage = Literal["running", "late work", "over"]
"""'running': dates of the course are ahead. 'late work': they have passed, and something missing is still accepted."""


def stage(turn: Turn[Any], cohort: Cohort, weeks: int) -> Stage:
    """How far a course of so many weeks has come, by the stored dates of its learners. A date that is one learner's
    alone (`Item.own_date`) counts as late work."""
    if turn.now < cohort.timetable.over(weeks):
        return "running"
    items = _asked(turn, cohort)
    if turn.now < _dates_pass_at(items, cohort, weeks):
        return "running"
    return "over" if _has_passed(late_end(items, cohort.timetable.over(weeks)), turn.now) else "late work"


def last_running(cohort: Cohort, weeks: int, now: datetime) -> datetime:
    """`now`, or when a course of so many weeks had its last day or its cohort ended. What was on the desk then stays
    there."""
    return min(now, cohort.timetable.over(weeks), cohort.ended_at or now)


def dates_pass_at(turn: Turn[Any], cohort: Cohort, weeks: int) -> datetime:
    """When a course of so many weeks stops running: after its last day, and the last date that is not one learner's
    alone."""
    return _dates_pass_at(_asked(turn, cohort), cohort, weeks)


def taken_until(turn: Turn[Any], cohort: Cohort, weeks: int) -> LateEnd:
    """Until when a course of so many weeks accepts something of a learner: see `stage`."""
    return late_end(_asked(turn, cohort), cohort.timetable.over(weeks))


def _asked(turn: Turn[Any], cohort: Cohort) -> list[Item]:
    items = asked_of(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    return [item for _, item in items if not item.optional]


def _dates_pass_at(items: Iterable[Item], cohort: Cohort, weeks: int) -> datetime:
    return max([cohort.timetable.over(weeks), *(item.due_at for item in items if not item.own_date)])


def _has_passed(end: LateEnd, now: datetime) -> bool:
    return not end.some_without and (end.at is None or end.at <= now)
