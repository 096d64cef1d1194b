"""At which times a session is offered: two or more that are ahead, apart, in its own week, and in waking hours.

`live_rules.waking` holds for the beginning and the end of a slot, by each learner's clock. No slot is outside for more
than half of the learners. Where somebody has no slot at all, each one has to be somebody's only one: a slot that all of
its people could do without would better be theirs who have none.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations, pairwise

from bot.core.time import local_day
from bot.course.gate.slots import outside
from bot.course.gate.values import Circumstances, Failed
from bot.course.model import Course, Live, Moment

MOST = 6
"""Slots of a session: more are no choice any more, and fill a card."""

TWO = "Write two or more `slots` at different times, such as `slots: [Wed 08:00, Wed 20:00]`."


@dataclass(frozen=True, slots=True)
class _Slot:
    """`awake`: the zones that it suits."""

    moment: Moment
    at: datetime
    awake: frozenset[str]


def times(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    """The first thing that is wrong with its slots."""
    for why, fix in _wrong(live, course, given):
        yield Failed("live-slots", "slots", "does it suit every zone", why, fix)
        return


def _wrong(live: Live, course: Course, given: Circumstances) -> Iterator[tuple[str, str]]:
    rules, table = course.live_rules, given.table
    if len(set(live.slots)) < 2:
        yield f"it is offered {'once' if live.slots else 'at no time'}.", TWO
    if len(live.slots) > MOST:
        yield f"it is offered at {len(live.slots)} times; {MOST} are the most.", "Keep those that suit most learners."
    for moment in live.slots:
        if moment.zone != "cohort":
            why = f"`{moment}` is another moment for each learner, and a call is one."
            yield why, f"Write `{str(moment).rpartition(' ')[0]} cohort`."
    people = Counter(given.zones or (table.zone,))
    slots = [_slot(moment, live, course, given, people) for moment in live.slots]
    for slot in slots:
        if (week := table.week_on(local_day(slot.at, table.zone))) != live.week:
            yield f"`{slot.moment}` is in week {week}, not {live.week}.", f"Write a time of week {live.week}."
    yield from _near(slots, live)
    yield from _at_night(slots, live, course, people)
    yield from _idle(slots, people)
    apart = max(abs(b.at - a.at) for a, b in combinations(slots, 2))
    if apart < timedelta(hours=rules.slots_apart) and not all(_only(slot, slots) for slot in slots):
        why = f"all of its slots lie within {_hours(apart)} h, and one of them suits no zone that another does not."
        yield why, f"Write two or more `slots`, {rules.slots_apart} h apart, such as `slots: [Wed 08:00, Wed 20:00]`."
    # Last, so that a session whose week is over keeps the reason for which it was held.
    for slot in slots:
        if given.now is not None and slot.at <= given.now and slot.at not in given.told.get(live.id, ()):
            yield f"`{slot.moment}` has passed.", "Choose another time for it, or leave it out."


def _slot(moment: Moment, live: Live, course: Course, given: Circumstances, zones: Counter[str]) -> _Slot:
    at = moment.at(given.table, live.week, given.table.zone)
    awake = frozenset(zone for zone in zones if not outside(at, live.minutes, zone, course.live_rules))
    return _Slot(moment, at, awake)


def _near(slots: Sequence[_Slot], live: Live) -> Iterator[tuple[str, str]]:
    for one, other in pairwise(sorted(slots, key=lambda slot: slot.at)):
        if other.at < one.at + timedelta(minutes=live.minutes):
            yield f"`{other.moment}` begins before the one at `{one.moment}` is over.", TWO


def _at_night(slots: Sequence[_Slot], live: Live, course: Course, people: Counter[str]) -> Iterator[tuple[str, str]]:
    start, end = course.live_rules.waking
    for slot in slots:
        out = sum(n for zone, n in people.items() if zone not in slot.awake)
        if 2 * out > people.total():
            share = round(100 * out / people.total())
            whom = "everybody" if share == 100 else f"{share} % of the learners"
            what = f"`{slot.moment}`, for {live.minutes} min,"
            fix = "Choose another time for it, which suits at least half of them."
            yield f"{what} is outside {start:%H:%M}-{end:%H:%M} for {whom}.", fix


def _idle(slots: Sequence[_Slot], people: Counter[str]) -> Iterator[tuple[str, str]]:
    """A slot without which nobody would be worse off, while somebody has none."""
    without = {zone: n for zone, n in people.items() if not any(zone in slot.awake for slot in slots)}
    idle = [slot for slot in slots if not _only(slot, slots)]
    if without and idle:
        share = max(1, round(100 * sum(without.values()) / people.total()))
        some = max(without, key=lambda zone: (without[zone], zone))
        why = f"everybody whom `{idle[0].moment}` suits has another time, and {share} % of the learners have none."
        yield why, f"Choose another time for it, in the day of {some}."


def _only(slot: _Slot, slots: Sequence[_Slot]) -> frozenset[str]:
    """The zones that have this slot alone."""
    return slot.awake.difference(*(other.awake for other in slots if other is not slot))


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):.3g}"
