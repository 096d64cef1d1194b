"""What a session has to keep beside the six questions: as short as possible, rare, at times that every zone finds."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import combinations

from bot.core.time import local
from bot.course.gate.values import Circumstances, Failed
from bot.course.model import Course, Live, Moment


def limits(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    rules = course.live_rules
    if live.minutes > rules.longest:
        why = f"it takes {live.minutes} min, and {rules.longest} are the most."
        yield Failed("live-longest", "minutes", "is it as short as possible", why, f"Write `minutes: {rules.longest}`.")
    same = [other.title for other in given.passed if other.week == live.week]
    weeks = {other.week for other in given.passed} | {live.week}
    most = max(1, len(course.weeks) * rules.weeks_share // 100)
    if len(same) >= rules.per_week:
        why = f"week {live.week} has “{same[0]}” already."
        yield Failed("live-rare", "week", "is it rare", why, "Move it to a week without one, or join the two.")
    elif len(weeks) > most:
        why = f"it would be the {_nth(len(weeks))} of {len(course.weeks)} weeks with one; {most} are the most."
        yield Failed("live-rare", "week", "is it rare", why, "Join it with another one, or leave it out.")
    yield from _slots(live, course, given)


def _slots(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    question, rules = "does every zone find a time", course.live_rules
    fix = "Write two or more `slots`, twelve hours apart, such as `slots: [Wed 08:00, Wed 20:00]`."
    if len(set(live.slots)) < 2:
        why = f"it is offered {'once' if live.slots else 'at no time'}."
        yield Failed("live-slots", "slots", question, why, fix)
        return
    for slot in live.slots:
        if slot.zone != "cohort":
            why = f"`{slot}` is another moment for each learner, and a call is one."
            yield Failed("live-slots", "slots", question, why, f"Write `{str(slot).rpartition(' ')[0]} cohort`.")
            return
        if not any(_awake(_at(slot, live, given), zone, course) for zone in given.zones or (given.table.zone,)):
            start, end = rules.waking
            why = f"`{slot}` is outside {start:%H:%M}-{end:%H:%M} for everybody."
            yield Failed("live-slots", "slots", question, why, "Choose another time for this slot.")
            return
    times = [_at(slot, live, given) for slot in live.slots]
    apart = max(abs(b - a) for a, b in combinations(times, 2))
    for_all = given.zones and all(any(_awake(t, zone, course) for t in times) for zone in set(given.zones))
    if apart < timedelta(hours=rules.slots_apart) and not for_all:
        hours = f"{apart / timedelta(hours=1):.3g}"
        why = f"its slots lie within {hours} h; {rules.slots_apart} h apart, they reach other zones."
        yield Failed("live-slots", "slots", question, why, fix)


def _at(slot: Moment, live: Live, given: Circumstances) -> datetime:
    return slot.at(given.table, live.week, given.table.zone)


def _awake(at: datetime, zone: str, course: Course) -> bool:
    start, end = course.live_rules.waking
    return start <= local(at, zone).time() <= end


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return f"{number}{ending}"
