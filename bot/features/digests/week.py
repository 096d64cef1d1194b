"""The manager's week: one message a week for all cohorts, and `/cohort overview`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.core.actions import read_number
from bot.core.contributions import FIGURES, Figure
from bot.core.due import Due, Plan
from bot.core.facts import Missed
from bot.core.feature import Press, Reply
from bot.core.people import MANAGERS, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import at_wall, local_day, monday_of
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.features.digests import rules, week_views
from bot.features.digests.collecting import cohorts_of, ended_cohorts_of, whom_to_mind
from bot.features.digests.store import DigestStore, Overview, feature

WEEK_DUE = "digests.week"

# When


@feature.planned(roles=MANAGERS, again=[Missed])
def plan(turn: Turn[DigestStore], planning: Planning) -> Iterator[Plan]:
    """Each week plans the next one; a skipped one has planned none."""
    for person in planning.people:
        yield from _next_two(turn, person)


def _next_two(turn: Turn[DigestStore], person: Person) -> Iterator[Plan]:
    """The next two Mondays of a manager: the first may have happened already, and then a new hour moves the second."""
    at = turn.now
    for __ in range(2 if any(m.role is Role.MANAGER for m in turn.people.memberships(person.id)) else 0):
        at = _next_monday(at, person)
        yield Plan(WEEK_DUE, str(person.id), local_day(at, person.zone).isoformat(), at, person=person.id)


def _next_monday(after: datetime, person: Person) -> datetime:
    monday = monday_of(local_day(after, person.zone))
    at = at_wall(monday, time(person.hour), person.zone)
    return at if at > after else at_wall(monday + WEEK, time(person.hour), person.zone)


@feature.due("week", within=timedelta(days=3), fold=True)
def tell_the_week(turn: Turn[DigestStore], batch: Sequence[Due]) -> None:
    """One card a week for each manager, for all cohorts."""
    for due in batch:
        person = turn.people.person(int(due.subject))
        cohorts = [c for c in cohorts_of(turn, person, Role.MANAGER) if rules.has_a_week(c, turn.now)]
        if cohorts:
            card = week_views.overview([_overview(turn, c) for c in cohorts], may_end=False)
            anchor = f"overview/{person.id}/{due.occurrence}"
            until = turn.now + WEEK
            turn.say(Card(person.id, cohorts[0].id, anchor, card, turn.now, until, Role.MANAGER, "core"))
        turn.plan(*_next_two(turn, person))


# Commands


@dataclass(frozen=True)
class ShowOverview:
    """All your cohorts: who takes part, what waits, what wants a look."""


@feature.command("overview", example="/cohort overview", roles=MANAGERS, needs_cohort=False, after_end=True)
def show_overview(turn: Turn[DigestStore], typed: ShowOverview) -> Reply:
    """Ended cohorts are named below: late work may still come in."""
    here = turn.cohort
    running = [] if here is not None and here.ended_at else cohorts_of(turn, turn.me, Role.MANAGER)
    ended = [here] if here is not None and here.ended_at else ended_cohorts_of(turn, MANAGERS)
    return week_views.overview([_overview(turn, c) for c in running], may_end=True, ended=ended)


@feature.action("quiet", roles=MANAGERS, lane="private")
def show_at_risk(turn: Turn[DigestStore], press: Press) -> Reply:
    """The subject: the page, from 1; without one the first."""
    return week_views.at_risk(turn.here, _overview(turn, turn.here).at_risk, read_number(press.subject) or 1)


def _overview(turn: Turn[DigestStore], cohort: Cohort) -> Overview:
    there = replace(turn, cohort=cohort)
    at_risk = [a for reasons in whom_to_mind(there, cohort).values() for a in reasons if a.at_risk]
    return Overview(
        cohort,
        cohort.week_on(local_day(turn.now, cohort.zone)),
        len(course_of(cohort.course_text).weeks),
        len(turn.people.members(cohort.id, Role.LEARNER)),
        rules.compared(cohort, [_active(there, cohort), *there.collect(FIGURES, cohort)], turn.now),
        rules.by_person(at_risk),
    )


def _active(turn: Turn[DigestStore], cohort: Cohort) -> Figure:
    """(active in the last seven days, expected)."""

    def active(until: datetime) -> tuple[int, int]:
        expected = set(turn.people.expected(cohort.id, until - WEEK, until))
        return len(turn.active(cohort, until - WEEK, until) & expected), len(expected)

    now, base = active(turn.now)
    before, __ = active(turn.now - WEEK)
    return Figure("digests/active", _("Active"), now, base, before)
