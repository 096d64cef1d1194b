"""Saying by one tap how long a week took, and what the course team reads of that."""

from collections.abc import Sequence
from datetime import time, timedelta

from bot.core.actions import read_number
from bot.core.contributions import DESK, FIGURES, MEASURES, SNAGS, Figure, Measure, Pile, Snag
from bot.core.errors import NotFound
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.people import INSTRUCTORS, Cohort, Person, Role
from bot.core.time import at_wall, local_day
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.teamtime import rules, views
from bot.features.teamtime.store import Spent, TeamtimeStore, feature

Teamtime = Turn[TeamtimeStore]


@feature.contributes(DESK)
def on_the_desk(turn: Teamtime, cohort: Cohort, person: Person) -> Sequence[Pile]:
    today = local_day(turn.now, person.zone)
    week = rules.asked_on(cohort, today, len(course_of(cohort.course_text).weeks))
    if week is None or cohort.ended_at is not None or not _teaches(turn, cohort, person):
        return []
    own = [one for one in turn.store.spent(cohort.id) if one.person == person.id]
    if any(one.week == week for one in own):
        return []
    friday = today - timedelta(days=today.weekday() - rules.FRIDAY)
    since = at_wall(friday, time(0), person.zone)
    return [views.pile(cohort, person.id, week, since, rules.suggested(own))]


def _teaches(turn: Teamtime, cohort: Cohort, person: Person) -> bool:
    return any(p.id == person.id for p in turn.people.members(cohort.id, Role.INSTRUCTOR))


@feature.action("ask", roles=INSTRUCTORS, lane="private")
def ask(turn: Teamtime, press: Press) -> Reply:
    return views.asked(turn.here, _meant(turn, press.subject))


@feature.action("took", roles=INSTRUCTORS, lane="private")
def take(turn: Teamtime, press: Press) -> Reply:
    """'WEEK.MINUTES'."""
    week, minutes = _meant(turn, press.subject), read_number(press.subject.partition(".")[2])
    if minutes not in rules.CHOICES:
        raise NotFound
    turn.store.spend(Spent(turn.here.id, turn.me.id, week, minutes, turn.now))
    turn.happened(DeskChanged(turn.here.id, views.on_desk(turn.here.id, turn.me.id, week)))
    return views.noted(turn.here, week, minutes)


def _meant(turn: Teamtime, subject: str) -> int:
    """A week that has begun. Raises NotFound."""
    week, now = read_number(subject.partition(".")[0]) or 0, turn.here.week_on(local_day(turn.now, turn.me.zone))
    if not 1 <= week <= min(now, len(course_of(turn.here.course_text).weeks)):
        raise NotFound
    return week


@feature.contributes(FIGURES)
def in_the_week(turn: Teamtime, cohort: Cohort) -> Sequence[Figure]:
    """The newest week that has had its Friday; nothing if nobody said anything about it."""
    course, today = course_of(cohort.course_text), local_day(turn.now, cohort.zone)
    week = min(cohort.week_on(today) - (today.weekday() < rules.FRIDAY), len(course.weeks))
    spent = turn.store.spent(cohort.id)
    now, before = ([one for one in spent if one.week == n] for n in (week, week - 1))
    if not now:
        return []
    mean, of = rules.mean(now), turn.people.members(cohort.id, Role.INSTRUCTOR)
    look, earlier = course.manager.takes_the_team_too_long(mean), rules.mean(before) if before else None
    return [views.figure(cohort, week, mean, earlier, len(now), max(len(of), len(now)), look)]


@feature.contributes(MEASURES)
def in_a_run(turn: Teamtime, cohort: Cohort) -> list[Measure]:
    spent = turn.store.spent(cohort.id)
    return [views.measure(rules.mean(spent) if spent else None, len(spent))]


@feature.contributes(SNAGS)
def by_week(turn: Teamtime, cohort: Cohort) -> list[Snag]:
    spent = turn.store.spent(cohort.id)
    weeks = {week: [one for one in spent if one.week == week] for week in {one.week for one in spent}}
    return [views.snag(week, rules.total(said), len(said)) for week, said in sorted(weeks.items())]
