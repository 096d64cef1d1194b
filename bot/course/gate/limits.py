"""What a session has to keep beside the six questions: as short as possible, rare, at times that every zone finds."""

from collections.abc import Iterator

from bot.core.translation import _, _n
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
    rules, question = course.live_rules, _("Is it rare?")
    how = _("Choose another week for it, or join it with the other one.")
    same = [other.title for other in given.passed if other.week == live.week]
    weeks = len({other.week for other in given.passed} | {live.week})
    most = max(1, len(course.weeks) * rules.weeks_share // 100)
    if len(same) >= rules.per_week:
        why = _(
            "Week {week} has “{title}” already, and {most} a week is the most.",
            week=live.week,
            title=same[0],
            most=rules.per_week,
        )
        yield Failed("live-rare", "week", question, why, _("Move it to a week without one, or join the two."), how=how)
    elif weeks > most:
        why = _n(
            "With it, {weeks} of {all} weeks would have a session, and {n} is the most.",
            "With it, {weeks} of {all} weeks would have a session, and {n} are the most.",
            most,
            weeks=weeks,
            all=len(course.weeks),
        )
        yield Failed("live-rare", "week", question, why, _("Join it with another one, or leave it out."), how=how)
