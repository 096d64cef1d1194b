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

from bot.core.time import local, local_day
from bot.core.translation import N_, _
from bot.course.gate.slots import outside, too_many
from bot.course.gate.values import SLOTS, Circumstances, Failed
from bot.course.model import Course, Live, Moment

MOST = 6
"""Slots of a session: more are no choice any more, and fill a card."""

TWO = N_("Write two or more `slots` at different times, such as `slots: [Wed 08:00, Wed 20:00]`.")
TWO_APART = N_("Two times, {hours} h apart, reach most zones.")


@dataclass(frozen=True, slots=True)
class _Slot:
    """`awake`: the zones that it suits."""

    moment: Moment
    at: datetime
    awake: frozenset[str]

    @property
    def wall(self) -> str:
        """By the cohort's clock: 'Wed 08:00'."""
        return str(self.moment).removesuffix(" cohort")


Wrong = tuple[str, str, str]
"""Why, the fix, and the fix for people who read no keys if that differs."""


def times(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    """The first thing that is wrong with its slots."""
    for why, fix, how in _wrong(live, course, given):
        yield Failed(SLOTS, "slots", _("Are its times good?"), why, fix, how=how)
        return


def _wrong(live: Live, course: Course, given: Circumstances) -> Iterator[Wrong]:
    rules, table, now, told = course.live_rules, given.table, given.settled.now, given.told(live)
    two = _(TWO_APART, hours=rules.slots_apart)
    if not live.slots:
        yield _("It is offered at no time, and two times are the least."), _(TWO), two
    elif len(set(live.slots)) < 2 and not given.has_begun(live):
        yield _("It is offered once, and two times are the least."), _(TWO), two
    if len(live.slots) > MOST:
        why = _("It is offered at {n} times; {most} are the most.", n=len(live.slots), most=MOST)
        yield why, _("Keep those that suit most learners."), ""
    for moment in live.slots:
        if moment.zone != "cohort":
            why = _("“{time}” is another moment for each learner, and a call is one.", time=moment)
            wall = str(moment).rpartition(" ")[0]
            how = _("Write it as “{time}”, by the cohort's clock.", time=wall)
            yield why, _("Write `{time}`.", time=f"{wall} cohort"), how
    people = Counter(given.zones or (table.zone,))
    written = [_slot(moment, moment.at(table, live.week, table.zone), live, course, people) for moment in live.slots]
    slots, ahead = written, written
    if told is not None and now is not None and told.has_begun(now):
        # What has begun is a fact: the times ahead have to go with it.
        begun = [_slot(_moment(at, table.zone), at, live, course, people) for at in told.begun(now)]
        stands = told.ahead([slot.at for slot in written], now)
        ahead = [slot for slot in written if slot.at in stands]
        slots = [*begun, *ahead]
    for slot in ahead:
        if (week := table.week_on(local_day(slot.at, table.zone))) != live.week:
            why = _("“{time}” is in week {week}, not {meant}.", time=slot.wall, week=week, meant=live.week)
            yield why, _("Write a time of week {week}.", week=live.week), ""
    yield from _near(slots, live, two)
    if told is None or not told.keeps([slot.at for slot in slots], live.minutes, rules, now):
        yield from _at_night(ahead, live, course, people)
        yield from _idle(slots, people)
        yield from _close(slots, rules.slots_apart, two)
    # Last, so that a session whose week is over keeps the reason for which it was held.
    for slot in written:
        if now is not None and slot.at <= now and (told is None or slot.at not in told.slots):
            yield _("“{time}” has passed.", time=slot.wall), _("Choose another time for it, or leave it out."), ""


def _close(slots: Sequence[_Slot], hours: int, two: str) -> Iterator[Wrong]:
    """Times that all lie near one another, of which not each is somebody's only one."""
    apart = max((abs(b.at - a.at) for a, b in combinations(slots, 2)), default=timedelta(0))
    if len(slots) > 1 and apart < timedelta(hours=hours) and not all(_only(slot, slots) for slot in slots):
        why = _(
            "All of its slots lie within {hours} h, and one of them suits no zone that another does not.",
            hours=_hours(apart),
        )
        fix = _("Write two or more `slots`, {hours} h apart, such as `slots: [Wed 08:00, Wed 20:00]`.", hours=hours)
        yield why, fix, two


def _moment(at: datetime, zone: str) -> Moment:
    wall = local(at, zone)
    return Moment(wall.weekday(), wall.time(), "cohort")


def _slot(moment: Moment, at: datetime, live: Live, course: Course, zones: Counter[str]) -> _Slot:
    awake = frozenset(zone for zone in zones if not outside(at, live.minutes, zone, course.live_rules))
    return _Slot(moment, at, awake)


def _near(slots: Sequence[_Slot], live: Live, two: str) -> Iterator[Wrong]:
    for one, other in pairwise(sorted(slots, key=lambda slot: slot.at)):
        if other.at < one.at + timedelta(minutes=live.minutes):
            why = _("“{time}” begins before the one at “{before}” is over.", time=other.wall, before=one.wall)
            yield why, _(TWO), two


def _at_night(slots: Sequence[_Slot], live: Live, course: Course, people: Counter[str]) -> Iterator[Wrong]:
    start, end = (f"{at:%H:%M}" for at in course.live_rules.waking)
    for slot in slots:
        out = sum(n for zone, n in people.items() if zone not in slot.awake)
        if not too_many(out, people):
            continue
        share = round(100 * out / people.total())
        of: dict[str, object] = {"time": slot.wall, "minutes": live.minutes, "start": start, "end": end}
        why = _("“{time}”, for {minutes} min, is outside {start}-{end} for everybody.", **of)
        if share < 100:
            why = _(
                "“{time}”, for {minutes} min, is outside {start}-{end} for {share} % of the learners.",
                share=share,
                **of,
            )
        yield why, _("Choose another time for it, which suits at least half of them."), ""


def _idle(slots: Sequence[_Slot], people: Counter[str]) -> Iterator[Wrong]:
    """A slot without which nobody would be worse off, while somebody has none."""
    without = {zone: n for zone, n in people.items() if not any(zone in slot.awake for slot in slots)}
    idle = [slot for slot in slots if not _only(slot, slots)]
    if without and idle:
        share = max(1, round(100 * sum(without.values()) / people.total()))
        some = max(without, key=lambda zone: (without[zone], zone))
        why = _(
            "Everybody whom “{time}” suits has another time, and {share} % of the learners have none.",
            time=idle[0].wall,
            share=share,
        )
        yield why, _("Choose another time for it, in the day of {zone}.", zone=some), ""


def _only(slot: _Slot, slots: Sequence[_Slot]) -> frozenset[str]:
    """The zones that have this slot alone."""
    return slot.awake.difference(*(other.awake for other in slots if other is not slot))


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):.3g}"
