"""The manager's week: one message a week for all cohorts, and `/cohort overview`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.calendar import dates_pass_at, taken_until
from bot.core.due import Due, Plan
from bot.core.errors import NotFound
from bot.core.facts import Missed
from bot.core.feature import Press, Reply
from bot.core.people import ANYONE, MANAGERS, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import local_day, next_monday
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.features.digests import rules, week_views
from bot.features.digests.charting import charted, in_row
from bot.features.digests.collecting import cohorts_of
from bot.features.digests.looking import look_at
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
        at = next_monday(at, person.hour, person.zone)
        yield Plan(WEEK_DUE, str(person.id), local_day(at, person.zone).isoformat(), at, person=person.id)


@feature.due("week", within=timedelta(days=3), fold=True)
def tell_the_week(turn: Turn[DigestStore], batch: Sequence[Due]) -> None:
    """One card a week for each manager, for all cohorts whose courses run. Once a course has had its last day, the card
    that it is over says how things stand."""
    for due in batch:
        person = turn.people.person(int(due.subject))
        cohorts = [c for c in cohorts_of(turn, person, Role.MANAGER) if rules.has_a_week(c, turn.now)]
        cohorts = [c for c in cohorts if _is_told(turn, c, turn.now)]
        if cohorts:
            following = next_monday(turn.now, person.hour, person.zone)
            shown = [_with_end(turn, one, following) for one in _shown(turn, cohorts)]
            card = week_views.overview(shown, may_end=False, paged=bool(turn.links.address))
            anchor = f"overview/{person.id}/{due.occurrence}"
            until = turn.now + WEEK
            turn.say(Card(person.id, cohorts[0].id, anchor, card, turn.now, until, Role.MANAGER, "core"))
        turn.plan(*_next_two(turn, person))


def _shown(turn: Turn[DigestStore], cohorts: Sequence[Cohort]) -> list[Overview]:
    """A message about one cohort has its picture; one about several has one picture of all, and leads to each."""
    found = [look_at(turn, cohort) for cohort in cohorts]
    return [charted(turn, found[0])] if len(found) == 1 else [in_row(turn, one) for one in found]


def _is_told(turn: Turn[DigestStore], cohort: Cohort, at: datetime) -> bool:
    """Whether a message at this instant tells of a course: until its last day, and then only while the card that it is
    over is more than a week away."""
    weeks = len(course_of(cohort.course_text).weeks)
    return at < max(cohort.timetable.over(weeks), dates_pass_at(replace(turn, cohort=cohort), cohort, weeks) - WEEK)


def _with_end(turn: Turn[DigestStore], one: Overview, following: datetime) -> Overview:
    """The same with the end of the course, if the following message does not tell of it any more."""
    there = replace(turn, cohort=one.cohort)
    last = not _is_told(turn, one.cohort, following)
    return replace(one, last=taken_until(there, one.cohort, one.weeks) if last else None)


# Commands


@dataclass(frozen=True)
class ShowOverview:
    """All your cohorts: who takes part, what waits, what wants a look."""


@feature.command("overview", example="/cohort overview", roles=MANAGERS, needs_cohort=False, after_end=True)
def show_overview(turn: Turn[DigestStore], typed: ShowOverview) -> Reply:
    """Ended cohorts are named below: late work may still come in."""
    here = turn.cohort
    running = [] if here is not None and here.ended_at else cohorts_of(turn, turn.me, Role.MANAGER)
    ended = [here] if here is not None and here.ended_at else cohorts_of(turn, turn.me, *MANAGERS, ended=True)
    return week_views.overview(
        _shown(turn, running), may_end=True, ended=ended, every_figure=True, paged=bool(turn.links.address)
    )


@feature.action("quiet", roles=MANAGERS, lane="private")
def show_at_risk(turn: Turn[DigestStore], press: Press) -> Reply:
    """The subject: the page, from 1; without one the first."""
    shown = look_at(turn, turn.here)
    return week_views.to_talk_to(turn.here, shown.at_risk, shown.silent, read_number(press.subject) or 1)


@feature.action("figures", roles=ANYONE, lane="private")
def show_figures(turn: Turn[DigestStore], press: Press) -> Reply:
    """All figures of a cohort: of the one whose message this is, or of the one that its manager chose from a list."""
    wanted = press.value or (str(turn.cohort.id) if turn.cohort else "")
    chosen = next((c for c in cohorts_of(turn, turn.me, Role.MANAGER) if str(c.id) == wanted), None)
    if chosen is None:
        raise NotFound(_("This cohort has ended, or you do not manage it any more. `/cohort overview` shows yours."))
    served = bool(turn.links.address)
    return week_views.overview(_shown(turn, [chosen]), may_end=True, every_figure=True, paged=served)
