"""Pure decisions of the week card."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import Literal

from bot.core.message import Message
from bot.core.people import Cohort, Person
from bot.core.time import at_wall, local_day
from bot.core.timetable import DAY, WEEK, Timetable
from bot.course.calendar import week_opens
from bot.course.model import Course
from bot.features.weekcard.store import Entry, Own, Work

FRESH = 3 * DAY
"""How long a card that has to wait is still said; `/cohort` shows it at any time."""

CARRY = 2 * DAY
"""A Sunday's deadline 'anywhere on Earth' ends on a Tuesday, in the zones that are farthest ahead."""

Smallest = tuple[Entry, ...] | Literal["wrapup"]


# When


def card_at(table: Timetable, week: int, clock: time, zone: str, now: datetime) -> datetime | None:
    """When the card of a week comes for a clock in `zone`: on its first day, or, where that has passed, at the next
    such hour. None: the week is over by then."""
    end = week_end(table, week, zone)
    if end <= now:
        return None
    at = week_opens(table, week, clock, zone, after=now)
    return at if at < end else None


def week_end(table: Timetable, week: int, zone: str) -> datetime:
    """The end of the week's Sunday."""
    return at_wall(table.monday(week) + WEEK, time(0), zone)


def present(cohort: Cohort, zone: str, now: datetime) -> int:
    """The number of the week that it is on a clock in `zone`; below 1 before the start."""
    return cohort.week_on(local_day(now, zone))


def weeks_of(course: Course, milestone: str) -> set[int]:
    """The weeks whose cards say something about a milestone: its own, and those in which it is reviewed."""
    found = course.milestone(milestone)
    reviewed = {r.week for r in course.reviews if r.milestone == milestone}
    return reviewed | ({found.week} if found else set())


# What


def entries(course: Course, week: int) -> tuple[Entry, ...]:
    """What there is to do in a week: what is studied first, then what is handed in, discussed and reviewed."""
    found = course.week(week)
    return (
        *(Entry("study", "", m.title, m.minutes, m) for m in (found.materials if found else ())),
        *(Entry("hand in", m.id, m.title, m.minutes) for m in course.milestones if m.week == week),
        *(Entry("discuss", d.id, d.title, d.minutes) for d in course.discussions if d.week == week),
        *(Entry("review", r.id, r.title, r.minutes) for r in course.reviews if r.week == week),
    )


def closes(
    course: Course, table: Timetable, week: int, zone: str, moved: Mapping[str, int]
) -> tuple[tuple[str, datetime], ...]:
    """When discussions and reviews of a week are due for a clock in `zone`. A review moves with what it reviews."""
    discussions = [(d.id, d.window(table, zone)[1]) for d in course.discussions if d.week == week]
    reviews = [
        (r.id, r.window(table, zone, moved.get(r.milestone, 0) * DAY)[1]) for r in course.reviews if r.week == week
    ]
    return (*discussions, *reviews)


def works(
    course: Course,
    table: Timetable,
    week: int,
    zone: str,
    moved: Mapping[str, int],
    mine: Mapping[str, Work],
) -> tuple[Work, ...]:
    """The milestones of a week: as the learner has them, else as the course file has them for that clock."""
    return tuple(
        mine.get(m.id) or Work(m.id, m.window(table, zone, moved.get(m.id, 0) * DAY)[1])
        for m in course.milestones
        if m.week == week
    )


def carried(course: Course, table: Timetable, week: int, zone: str, mine: Mapping[str, Work]) -> tuple[Work, ...]:
    """What of earlier weeks is due in this one (a date that was moved, or given to a late joiner), the soonest first.

    A week goes from Wednesday to Wednesday here, so that last Sunday's deadline is not among them.
    """
    start = at_wall(table.monday(week), time(0), zone) + CARRY
    end = at_wall(table.monday(week) + WEEK, time(0), zone) + CARRY
    earlier = {m.id for m in course.milestones if m.week < week}
    found = [
        w for w in mine.values() if w.milestone in earlier and start <= w.due_at < end and not (w.done or w.optional)
    ]
    return tuple(sorted(found, key=lambda w: (w.due_at, w.milestone)))


def first_week(cohort: Cohort, person: Person, joined_at: datetime) -> int:
    """The week in which somebody joined."""
    return max(1, present(cohort, person.zone, joined_at))


def smallest(course: Course, week: int, own: Own) -> Smallest | None:
    """The smallest way through a week for whoever is short of time; None where there is nothing to choose.

    What must be done: the essential milestones, else the milestone that is due first. Where no milestone is asked,
    the wrap-up; where there is none either, the shortest thing to study. Nothing once what must be done is done.
    """
    found = entries(course, week)
    if len(found) < 2:
        return None
    essential = {m.id for m in course.milestones if m.essential}
    asked = sorted((w for w in own.works if not w.optional), key=lambda w: w.due_at)
    must = [w for w in asked if w.milestone in essential] or asked[:1]
    if must:
        left = {w.milestone for w in must if not w.done}
        return tuple(e for e in found if e.kind == "hand in" and e.id in left) or None
    if any(week in p.weeks for p in course.prompts):
        return "wrapup"
    study = [e for e in found if e.kind == "study" and e.minutes]
    return (min(study, key=lambda e: e.minutes),) if study else None


def may_shift(course: Course, own: Own) -> bool:
    """Whether a date on the card is the learner's own to move."""
    open_still = {w.milestone for w in (*own.works, *own.carried) if not (w.done or w.optional)}
    return any(
        m.id in open_still and m.extension.by == "learner" and m.extension.longest > timedelta(0)
        for m in course.milestones
    )


def to_hand_in(own: Own) -> str | None:
    """The milestone that the card's button is for: the first of the week that is not handed in."""
    left = [w for w in (*own.works, *own.carried) if not w.done]
    return next((w.milestone for w in sorted(left, key=lambda w: w.optional)), None)


def numbers(values: Collection[int]) -> str:
    """'3', '3 and 4', '3, 4 and 5'."""
    words = [str(v) for v in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def by_instant(pairs: Sequence[tuple[int, datetime]]) -> list[tuple[datetime, list[int]]]:
    """Numbers that share an instant together, the soonest first."""
    found: dict[datetime, list[int]] = {}
    for number, at in sorted(pairs, key=lambda p: (p[1], p[0])):
        found.setdefault(at, []).append(number)
    return list(found.items())


def fingerprint(message: Message) -> str:
    """Tells whether a card says something else than before."""
    return sha256(repr(message).encode()).hexdigest()[:12]
