"""Pure decisions of the week card."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time

from bot.core import bounds
from bot.core.contributions import Extra, Item, Paid
from bot.core.items import late_end, named_button
from bot.core.message import Button
from bot.core.people import Cohort, Person
from bot.core.time import at_wall, local_day
from bot.core.timetable import DAY, WEEK, Timetable
from bot.course.calendar import week_opens
from bot.course.loader import course_of
from bot.course.model import Material, Week
from bot.course.titles import same_title
from bot.features.weekcard.store import Own

FRESH = 3 * DAY
"""How long a delayed card is still sent; `/cohort` shows it at any time."""

CARRY = 2 * DAY
"""A Sunday's deadline 'anywhere on Earth' ends on a Tuesday in the zones that are farthest ahead."""

Entry = Material | Item
"""One thing to do in a week: something to study, or an item of a feature."""


# When


def card_at(table: Timetable, week: int, clock: time, zone: str, now: datetime) -> datetime | None:
    """When the card of a week is sent for a clock in `zone`: on its first day, or, if that has passed, at the next such
    hour. None: the week is over by then."""
    end = week_end(table, week, zone)
    if end <= now:
        return None
    at = week_opens(table, week, clock, zone, after=now)
    return at if at < end else None


def post_at(cohort: Cohort, week: int, hour: int, now: datetime) -> datetime | None:
    """When the post that opens a week comes: at `hour` of its first day or, if that has passed, at the next hour at
    which the channel gets posts, so that nothing of the week precedes it. None: the week is over by then."""
    messages, table, zone = course_of(cohort.course_text).messages, cohort.timetable, cohort.zone
    opens = week_opens(table, week, messages.hour(hour), zone)
    at = opens if opens > now else messages.posting(now, zone)
    return at if at < week_end(table, week, zone) else None


def said_at(cohort: Cohort, week: int, person: Person, items: Sequence[Item], now: datetime) -> datetime:
    """When a card that is handed out now is sent. One that comes in the middle of the week, such as to a late joiner,
    shares the message of what opens by itself later that day: a day has one message."""
    messages, today = course_of(cohort.course_text).messages, local_day(now, person.zone)
    at = messages.waking(now, person.hour, person.zone)
    opens = week_opens(cohort.timetable, week, messages.hour(person.hour), person.zone)
    if local_day(opens, person.zone) < today == local_day(at, person.zone):
        apart = (messages.waking(i.opens_at, person.hour, person.zone) for i in items if i.apart and not i.done)
        return min((then for then in apart if then > at and local_day(then, person.zone) == today), default=at)
    return at


def first_day(cohort: Cohort, person: Person, week: int) -> datetime:
    """When somebody gets or got the card of a week."""
    clock = course_of(cohort.course_text).messages.hour(person.hour)
    return week_opens(cohort.timetable, week, clock, person.zone)


def week_end(table: Timetable, week: int, zone: str) -> datetime:
    """The end of the week's Sunday."""
    return at_wall(table.monday(week) + WEEK, time(0), zone)


def present(cohort: Cohort, zone: str, now: datetime) -> int:
    """The number of the current week by a clock in `zone`; below 1 before the start."""
    return cohort.week_on(local_day(now, zone))


# What


def own(
    table: Timetable,
    week: int,
    zone: str,
    items: Sequence[Item],
    now: datetime,
    optional_before: int = 0,
    last: bool = False,
) -> Own:
    """The parts of a week's card that are the learner's own, as they stand `now`, or at the nearest instant of the
    week.

    Items of earlier weeks are carried over if they are due in this one (their date was moved, or given to a late
    joiner, or last Sunday's end anywhere on Earth is this Monday noon), soonest first. The week lasts until Wednesday
    here: the next card repeats what is due from its own Monday on. What was due before is carried as long as it is
    accepted late; without an end only essential work is, and any other by the card of the next week. What is optional
    and was due before, such as what closed before they joined, is left out.
    """
    start = at_wall(table.monday(week), time(0), zone)
    end = at_wall(table.monday(week) + WEEK, time(0), zone) + CARRY
    at = min(max(now, start), end - CARRY)
    mine = tuple(i for i in items if i.week == week and (i.done or not i.optional or i.due_at >= now))
    before = [i for i in items if i.week < week and i.state and i.is_asked and not i.apart]
    carried = [
        i
        for i in before
        if (start <= i.due_at < end and not i.is_lost(at))
        or (i.due_at < start and i.is_pending(at) and (i.essential or i.late_until or i.week == week - 1))
    ]
    lost = tuple(i for i in (*before, *mine) if i.state and not i.apart and i.is_lost(at))
    listed = [i for i in mine if not i.apart and not i.is_left_out]
    carried.sort(key=lambda i: (i.due_at, i.name))
    more = sum(max(len(some) - bounds.WEEK, 0) for some in (listed, carried))
    # The card does not show the state of a wrap-up.
    apart = next((i.apart for i in mine if i.apart), "")
    late = late_end(i for i in items if (i.late_until or i.late_without_end) and i.is_pending(at)) if last else None
    shown = tuple(listed[: bounds.WEEK]), tuple(carried[: bounds.WEEK])
    return Own(*shown, apart, optional_before, more, last, late, lost[: bounds.WEEK])


def entries(week: Week, own: Own) -> tuple[Entry, ...]:
    """What there is to do in a week: studying first, then features' items."""
    return (*week.materials, *own.items)


def without(week: Week, paid: Sequence[Paid]) -> Week:
    """The week without the minutes that its materials give up; one that gives up all is left out, unless it stays. The
    author's figure goes down by what all of its items give up."""
    mine = [p for p in paid if p.week == week.number]
    if not mine:
        return week
    kept = []
    for material in week.materials:
        pays = [p for p in mine if same_title(p.item, material.title)]
        left = max(0, material.minutes - sum(p.minutes for p in pays))
        if left or not material.minutes or not pays:
            kept.append(replace(material, minutes=left))
    stated = max(0, (week.minutes or 0) - sum(p.minutes for p in mine if not p.instead))
    return replace(week, materials=tuple(kept), minutes=stated or None)


def minutes(week: Week, own: Own, extras: Sequence[Extra]) -> int:
    """The planned minutes of a week: the author's figure, or the sum of its parts if that is more; and what comes on
    top."""
    parts = sum(e.minutes for e in entries(week, own)) + sum(e.minutes for e in extras if not e.on_top)
    return max(week.minutes or 0, parts) + sum(e.minutes for e in extras if e.on_top)


def first_week(cohort: Cohort, person: Person, joined_at: datetime) -> int:
    """The week in which somebody joined. Those who join within two days of the start are no late joiners, also where
    the first week was only a weekend."""
    if local_day(joined_at, person.zone) <= cohort.starts_on + 2 * DAY:
        return 1
    return max(1, present(cohort, person.zone, joined_at))


def smallest(week: Week, own: Own) -> Sequence[Entry] | str | None:
    """The smallest way through a week for learners who are short of time; None if there is nothing to choose.

    It has what must be done: the items that are essential or without which the course cannot be completed, or else the
    one that is due first, until any is done. Without any item it has what comes apart (the wrap-up), and without that
    the shortest thing to study. It is empty once what must be done is done.
    """
    if len(entries(week, own)) < 2:
        return None
    open_still = [i for i in own.items if i not in own.lost]
    asked = sorted((i for i in open_still if i.state and not i.optional), key=lambda i: i.due_at)
    if asked:
        must = [i for i in asked if i.matters] or ([] if any(i.done for i in asked) else asked[:1])
        return [i for i in own.items if i in must and not i.done] or None
    if own.apart:
        return own.apart
    study = [m for m in week.materials if m.minutes]
    return [min(study, key=lambda m: m.minutes)] if study else None


def buttons(own: Own, now: datetime) -> tuple[list[Button], Button | None]:
    """(buttons for what is open and still to do, the button that moves one of the learner's own dates). Each label
    occurs once, and required items precede optional ones. What is carried is named where another item has the same
    label."""
    left = [i for i in (*own.items, *own.carried) if not i.done and i not in own.lost]
    found: dict[str, Button] = {}
    for item in sorted(left, key=lambda i: i.optional):
        if item.button is not None and item.opens_at <= now:
            named = named_button(item) if item in own.carried and item.button.label in found else None
            button = named or item.button
            found.setdefault(button.label, button)
    return list(found.values()), next((i.shift for i in left if i.shift and not i.optional), None)


def by_date(pairs: Sequence[tuple[int, Item]], now: datetime) -> list[tuple[datetime, bool, list[int]]]:
    """Numbers grouped by instant, soonest first, with whether they have closed then."""
    found: dict[tuple[datetime, bool], list[int]] = {}
    for number, item in sorted(pairs, key=lambda p: (p[1].due_at, p[0])):
        found.setdefault((item.due_at, item.closes and item.due_at < now), []).append(number)
    return [(at, closed, numbers) for (at, closed), numbers in found.items()]
