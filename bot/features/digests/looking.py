"""A cohort's week as values: the source of everything that managers read about it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.contributions import ACTIVITY, FIGURES, TROUBLE, Attention, Figure
from bot.core.people import Cohort, Person, Role
from bot.core.time import local_day
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.digests import rules, week_views
from bot.features.digests.collecting import stage_of, whom_to_mind
from bot.features.digests.fairness import meetings
from bot.features.digests.store import DigestStore, Overview

MEETINGS = 3
"""Calls and dates outside waking hours in a cohort's figures."""


def look_at(turn: Turn[DigestStore], cohort: Cohort) -> Overview:
    there = replace(turn, cohort=cohort)
    course, learners = course_of(cohort.course_text), turn.people.members(cohort.id, Role.LEARNER)
    active = there.active(cohort, turn.uptime.ago(WEEK), turn.now)
    active &= {p.id for p in learners}
    expected = frozenset(turn.people.expected(cohort.id, turn.now - WEEK, turn.now, active))
    why = rules.unclear(cohort, len(learners), len(expected), turn.now)
    stage = stage_of(turn, cohort)
    minded, here = whom_to_mind(there, cohort, stage), expected - set(turn.people.away(cohort.id))
    at_risk = {p: [a for a in minded[p] if a.at_risk] for p in minded if p in here}
    at_risk = {p: reasons for p, reasons in at_risk.items() if reasons}
    many = course.manager.too_many_at_risk(len(at_risk), len(expected))
    figure, silent = _active(there, cohort, learners, expected, active & expected, judged=not why)
    own = [
        figure,
        week_views.may_drop_out(cohort, len(at_risk), len(expected), many),
    ]
    figures = rules.compared(
        cohort, [*own, *there.collect(FIGURES, cohort), *_outside(there, cohort, learners)], turn.now
    )
    week, weeks = cohort.week_on(local_day(turn.now, cohort.zone)), len(course.weeks)
    away = len(learners) - len(expected)
    silent = {p: reasons for p, reasons in silent.items() if p not in at_risk}
    trouble = there.collect(TROUBLE, cohort)
    quiet = {p: one.since for p, reasons in at_risk.items() for one in reasons if one.quiet}
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
    )


def _outside(turn: Turn[DigestStore], cohort: Cohort, learners: Sequence[Person]) -> list[Figure]:
    course = course_of(cohort.course_text)
    found = meetings(turn, cohort, learners)[:MEETINGS]
    many = [one.live and course.manager.too_many_outside(one.without, len(learners)) for one in found]
    return [week_views.outside(cohort, one, len(learners), look) for one, look in zip(found, many, strict=True)]


def _active(
    turn: Turn[DigestStore],
    cohort: Cohort,
    learners: Sequence[Person],
    expected: frozenset[int],
    active: frozenset[int],
    judged: bool,
) -> tuple[Figure, dict[int, Sequence[Attention]]]:
    """The figure 'active', over the last seven days in which the bot ran; and if few were, who was not, with the
    reasons."""
    since, earlier = turn.uptime.ago(WEEK), turn.uptime.ago(2 * WEEK)
    here = {p.id for p in learners}
    # Of messages in channels only the last day is known, so the change is that of everything else.
    now_known, before_known = (_known(turn, cohort, *span) & here for span in ((since, turn.now), (earlier, since)))
    before = max(0, len(active) + len(before_known) - len(now_known & active))
    few = judged and course_of(cohort.course_text).manager.too_few(len(active), len(expected))
    silent = [p for p in learners if few and p.id in expected - active]
    away = len(learners) - len(expected)
    done = turn.completed(cohort, silent) if silent else ()
    listed: dict[int, Sequence[Attention]] = {p.id: [week_views.silent(p, since)] for p in silent if p.id not in done}
    return week_views.active(cohort, len(active), len(expected), before, away, few), listed


def _known(turn: Turn[DigestStore], cohort: Cohort, since: datetime, until: datetime) -> frozenset[int]:
    """Who took part in a span, by what is known of every span."""
    return frozenset(a.person for a in turn.collect(ACTIVITY, cohort, since, until) if not a.newest)
