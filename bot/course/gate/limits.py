"""What a session has to keep beside the six questions: as short as possible, rare, at times that every zone finds."""

from collections.abc import Iterator

from bot.core.translation import _, _n, all_of
from bot.course.gate.times import times
from bot.course.gate.values import Circumstances, Failed
from bot.course.model import Course, Live


def limits(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    rules = course.live_rules
    if live.minutes > rules.longest:
        why = _("It takes {minutes} min, and {most} are the most.", minutes=live.minutes, most=rules.longest)
        fix = _("Write `minutes: {most}`.", most=rules.longest)
        how = _("Plan at most {minutes} min.", minutes=rules.longest)
        yield Failed("live-longest", "minutes", _("Is it as short as possible?"), why, fix, how=how)
    yield from _rare(live, course, given)
    yield from times(live, course, given)


def _rare(live: Live, course: Course, given: Circumstances) -> Iterator[Failed]:
    if why := too_often(live.week, course, given):
        named = all_of([f"“{other.title}”" for other in given.passed])
        how = _("Choose a week that has room for one, or take one out first: {named}.", named=named)
        fix = _("Move it to a week without one, join it with another one, or leave it out.")
        yield Failed("live-rare", "week", _("Is it rare?"), why, fix, how=how)


def too_often(week: int, course: Course, given: Circumstances) -> str:
    """Why one more session in a week would come too often; empty: it would not."""
    rules = course.live_rules
    same = [other.title for other in given.passed if other.week == week]
    weeks = len({other.week for other in given.passed} | {week})
    most = max(1, len(course.weeks) * rules.weeks_share // 100)
    if len(same) >= rules.per_week:
        return _(
            "Week {week} has “{title}” already, and {most} a week is the most.",
            week=week,
            title=same[0],
            most=rules.per_week,
        )
    if weeks > most:
        return _n(
            "With it, {weeks} of {all} weeks would have a session, and {n} is the most.",
            "With it, {weeks} of {all} weeks would have a session, and {n} are the most.",
            most,
            weeks=weeks,
            all=len(course.weeks),
        )
    return ""
