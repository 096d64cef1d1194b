"""What a session has to keep beside the six questions: as short as possible, rare, at times that every zone finds."""

from collections.abc import Iterator

from bot.course.gate.times import times
from bot.course.gate.values import Circumstances, Failed
from bot.course.model import Course, Live


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
    yield from times(live, course, given)


def _nth(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10 if number % 100 not in (11, 12, 13) else 0, "th")
    return f"{number}{ending}"
