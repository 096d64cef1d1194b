"""A cohort's calendar: all dates that features contribute, for a learner in one zone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Any, get_args

from bot.core.contributions import DATES, ITEMS, Date, DateKind, Item
from bot.core.people import Cohort, Person, Role
from bot.core.time import at_wall
from bot.core.timetable import WEEK
from bot.core.turn import Turn

_ORDER: Sequence[str] = get_args(DateKind)


def calendar(turn: Turn[Any], cohort: Cohort, zone: str, hour: int = 9) -> list[Date]:
    """All dates for a learner in `zone` with the message hour `hour` (0-23), in chronological order."""
    anybody = Person(0, "", zone, hour)
    found = [date for _, item in turn.collect(ITEMS, cohort, [anybody]) for date in _of(item)]
    found += turn.collect(DATES, cohort, anybody)
    # The cohort ends no earlier than its last item or report.
    last = max((d.at for d in found if d.kind in ("closes", "due", "report", "end")), default=turn.now)
    found = [replace(d, at=last) if d.kind == "end" else d for d in found]
    return sorted(found, key=lambda d: (d.at, _ORDER.index(d.kind), d.id))


def _of(item: Item) -> Iterator[Date]:
    yield Date(item.opens_at, "opens", item.id, item.title)
    yield Date(item.due_at, "closes" if item.closes else "due", item.id, item.title)
    if item.late_until is not None:
        yield Date(item.late_until, "late until", item.id, item.title)


def over_at(turn: Turn[Any], cohort: Cohort, weeks: int) -> datetime:
    """When a course of so many weeks is over: after its last day, once nothing that is still missing is accepted from
    any learner. Late work without an end counts until its date."""
    items = turn.collect(ITEMS, cohort, turn.people.members(cohort.id, Role.LEARNER))
    ends = at_wall(cohort.timetable.monday(max(1, weeks)) + WEEK, time(0), cohort.zone)
    missing = (item for _, item in items if not item.done and not item.optional)
    return max([ends, *(item.late_until or item.due_at + item.grace for item in missing)])
