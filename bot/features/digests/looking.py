"""A cohort's week as values: the source of everything that managers read about it."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.contributions import FIGURES, TROUBLE, WRITTEN, Attention, Figure
from bot.core.errors import Refused
from bot.core.people import Cohort, Person, Role
from bot.core.time import at_wall, local_day
from bot.core.timetable import DAY, WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.digests import rules, week_views
from bot.features.digests.charting import known
from bot.features.digests.collecting import stage_of, whom_to_mind
from bot.features.digests.fairness import every_meeting, meetings
from bot.features.digests.rules import MIDNIGHT
from bot.features.digests.store import DigestStore, Overview

A_WEEKS_NEWS = DAY
"""On the day after a week, when its message comes, what is so now is told of it."""

MEETINGS = 3
"""Calls and dates outside waking hours in a cohort's figures."""


def look_at(turn: Turn[DigestStore], cohort: Cohort) -> Overview:
    there = replace(turn, cohort=cohort)
    course, learners = course_of(cohort.course_text), turn.people.members(cohort.id, Role.LEARNER)
    active = there.active(cohort, rules.last_week(cohort, turn.uptime), turn.now)
    active &= {p.id for p in learners}
    expected = frozenset(turn.people.expected(cohort.id, turn.now - WEEK, turn.now, active))
    why = rules.unclear(cohort, len(learners), len(expected), turn.now)
    stage = stage_of(turn, cohort)
    minded, here = whom_to_mind(there, cohort, stage), expected - set(turn.people.away(cohort.id))
    at_risk = {p: [a for a in minded[p] if a.at_risk] for p in minded if p in here}
    at_risk = {p: reasons for p, reasons in at_risk.items() if reasons}
    many = course.manager.too_many_at_risk(len(at_risk), len(expected))
    figure, silent = _active(there, cohort, learners, expected, active & expected, judged=not why)
    quiet = {p: one.since for p, reasons in at_risk.items() for one in reasons if one.quiet}
    written = turn.collect(WRITTEN, cohort, quiet)
    told = [(turn.people.person(by).name, at) for _to, by, at in written]
    own = [
        figure,
        week_views.may_drop_out(cohort, len(at_risk), len(expected), many, told),
    ]
    figures = rules.compared(
        cohort, [*own, *there.collect(FIGURES, cohort), *_outside(there, cohort, learners)], turn.now
    )
    week, weeks = cohort.week_on(local_day(turn.now, cohort.zone)), len(course.weeks)
    away = len(learners) - len(expected)
    silent = {p: reasons for p, reasons in silent.items() if p not in at_risk}
    trouble = there.collect(TROUBLE, cohort)
    return Overview(
        cohort,
        week,
        weeks,
        len(learners),
        figures,
        at_risk,
        why,
        stage,
        away=away,
        silent=silent,
        trouble=trouble,
        quiet=quiet,
        written=frozenset(to for to, *_by in written),
    )


def look_back(turn: Turn[DigestStore], cohort: Cohort, week: int) -> Overview:
    """A cohort as it was at the end of a week of its course: only what follows from what happened until then. Raises
    Refused."""
    weeks = len(course_of(cohort.course_text).weeks)
    if not 1 <= week <= weeks:
        raise Refused(_("{title} has the weeks 1 to {weeks}.", title=cohort.title, weeks=weeks))
    begins, ends = (at_wall(cohort.timetable.monday(n), MIDNIGHT, cohort.zone) for n in (week, week + 1))
    if turn.now < begins:
        raise Refused(_("Week {week} of {title} has not begun.", week=week, title=cohort.title))
    if turn.now < ends + A_WEEKS_NEWS:
        return replace(look_at(turn, cohort), running=turn.now < ends)
    there = replace(turn, cohort=cohort, now=ends)
    active = known(there, cohort, begins, ends)
    expected = frozenset(turn.people.expected(cohort.id, begins, ends, active))
    learners = turn.people.members(cohort.id, Role.LEARNER)
    why = rules.unclear(cohort, len(learners), len(expected), ends)
    before = known(there, cohort, begins - WEEK, begins)
    few = not why and course_of(cohort.course_text).manager.too_few(len(active & expected), len(expected))
    shown = week_views.active(cohort, len(active & expected), len(expected), len(before & expected), 0, few)
    figures = [shown, *(f for f in there.collect(FIGURES, cohort) if f.dated), *_outside(there, cohort, learners)]
    figures = [replace(f, button=None) for f in rules.compared(cohort, figures, ends)]
    return Overview(cohort, week, weeks, len(learners), figures, {}, why, past=True)


def _outside(turn: Turn[DigestStore], cohort: Cohort, learners: Sequence[Person]) -> list[Figure]:
    """A session that too many could not come to wants a look as long as it, or a later one like that, can be moved."""
    manager, every = course_of(cohort.course_text).manager, every_meeting(turn, cohort, learners)
    bad = [one for one in every if one.live and manager.too_many_outside(one.without, one.of)]
    ahead = [one for one in bad if turn.now < one.at]
    figures = []
    for one in meetings(turn, every)[:MEETINGS]:
        movable = one if one.live and turn.now < one.at else next(iter(ahead), None) if one in bad else None
        figures.append(week_views.outside(cohort, one, movable, one in bad and movable is not None))
    return figures


def _active(
    turn: Turn[DigestStore],
    cohort: Cohort,
    learners: Sequence[Person],
    expected: frozenset[int],
    active: frozenset[int],
    judged: bool,
) -> tuple[Figure, dict[int, Sequence[Attention]]]:
    """The figure 'active', over the cohort's last week; and if few were, who was not, with the reasons."""
    since = rules.last_week(cohort, turn.uptime)
    earlier = min(turn.uptime.ago(2 * WEEK), since - WEEK)
    here = {p.id for p in learners}
    # Of messages in channels only the last day is known, so the change is that of everything else.
    now_known, before_known = (known(turn, cohort, *span) & here for span in ((since, turn.now), (earlier, since)))
    before = max(0, len(active) + len(before_known) - len(now_known & active))
    few = judged and course_of(cohort.course_text).manager.too_few(len(active), len(expected))
    missing = expected - active if few else frozenset()
    silent = [p for p in learners if p.id in missing]
    away = len(learners) - len(expected)
    done = turn.completed(cohort, silent) if silent else ()
    listed: dict[int, Sequence[Attention]] = {p.id: [week_views.silent(p, since)] for p in silent if p.id not in done}
    return week_views.active(cohort, len(active), len(expected), before, away, few), listed
