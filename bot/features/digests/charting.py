"""What the picture of a cohort shows: participation by week, and how far its milestones have come."""

from dataclasses import replace
from datetime import datetime

from bot.core.contributions import ACTIVITY, STEPS
from bot.core.people import Cohort
from bot.core.time import at_wall, local_day
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.digests.rules import MIDNIGHT
from bot.features.digests.store import IN_ROW, Chart, DigestStore, Overview, Share

WEEKS = 12
"""Weeks in one picture, the newest."""

STEPS_SHOWN = 8
"""Milestones in one picture, the newest."""


def charted(turn: Turn[DigestStore], one: Overview) -> Overview:
    """The same with what its picture shows; without one before the first week in which somebody was there is over.
    Weeks and milestones of nobody are left out."""
    there = replace(turn, cohort=one.cohort)
    weeks = _weeks(there, one.cohort)
    return replace(one, chart=Chart(weeks, _steps(there, one.cohort))) if weeks else one


def in_row(turn: Turn[DigestStore], one: Overview) -> Overview:
    """The same with its newest weeks alone, for the picture of several cohorts."""
    weeks = _weeks(replace(turn, cohort=one.cohort), one.cohort, IN_ROW)
    return replace(one, chart=Chart(weeks, ())) if weeks else one


def _weeks(turn: Turn[DigestStore], cohort: Cohort, most: int = WEEKS) -> list[Share]:
    """Who took part in each week that is over, by what is known of every week: of messages in channels only the last
    day is."""
    last = min(cohort.week_on(local_day(turn.now, cohort.zone)) - 1, len(course_of(cohort.course_text).weeks))
    found = []
    for week in range(max(1, last - most + 1), last + 1):
        begins, ends = (at_wall(cohort.timetable.monday(n), MIDNIGHT, cohort.zone) for n in (week, week + 1))
        active = known(turn, cohort, begins, ends)
        expected = turn.people.expected(cohort.id, begins, ends, active)
        found.append(Share(str(week), len(active & set(expected)), len(expected)))
    return [share for share in found if share.base]


def _steps(turn: Turn[DigestStore], cohort: Cohort) -> list[Share]:
    found = [Share(one.title, one.came, one.asked, one.late) for one in turn.collect(STEPS, cohort)]
    return [share for share in found if share.base][-STEPS_SHOWN:]


def known(turn: Turn[DigestStore], cohort: Cohort, since: datetime, until: datetime) -> frozenset[int]:
    """Who took part in a span, by what is known of every span."""
    return frozenset(a.person for a in turn.collect(ACTIVITY, cohort, since, until) if not a.newest)
