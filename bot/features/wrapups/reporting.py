"""What wrap-ups report to the course team: on the desk, and in the manager's week."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta

from bot.core.calendar import last_running
from bot.core.contributions import (
    ACTIVITY,
    AGENDA,
    DEALT_WITH,
    DESK,
    FIGURES,
    OUTLINE,
    Activity,
    DeskItem,
    Figure,
    Pile,
    Upcoming,
)
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored
from bot.core.message import Text
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.time import at_wall, local, monday_of
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Week
from bot.features.wrapups import counting, desk, desk_views, rules
from bot.features.wrapups.store import WrapupStore, feature, on_desk

Wrapups = Turn[WrapupStore]

SHOWN_FOR = timedelta(days=28)
"""How long after a round's close its private answers are on the desk while the course runs. Those that are there on the
last day stay."""


@feature.contributes(ACTIVITY)
def activity(turn: Wrapups, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [Activity(person, at) for person, at in turn.store.last_answered(cohort.id, since, until).items()]


# On the desk


@feature.contributes(DESK)
def on_the_desk(turn: Wrapups, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """What learners told the instructors only, and from Friday on the instructor's own wrap-up."""
    teaches = any(p.id == person.id for p in turn.people.members(cohort.id, Role.INSTRUCTOR))
    piles = [_private_answers(turn, cohort)] if teaches else []
    if (week := _own_week(turn, cohort, person)) is not None:
        since = at_wall(monday_of(local(turn.now, person.zone).date()), time(0), person.zone)
        following = course_of(cohort.course_text).week(week.number + 1)
        piles.append(desk_views.own_wrapup(cohort, week, following, turn.collect(OUTLINE, cohort, since)))
    return [pile for pile in piles if pile is not None]


def _private_answers(turn: Wrapups, cohort: Cohort) -> Pile | None:
    names = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    since = last_running(cohort, len(course_of(cohort.course_text).weeks), turn.now) - SHOWN_FOR
    items: list[DeskItem] = []
    for round in turn.store.rounds(cohort.id):
        if round.seen and round.closes_at > since:
            items += [
                desk_views.private_answer(round, answer, names[answer.person], told)
                for answer in turn.store.answers(round.id)
                if answer.person in names and (told := rules.told_privately(round, answer))
            ]
    return desk_views.private_answers(items) if items else None


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Wrapups, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("wrapups/") for name in names):
        return []
    people = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    return [
        (name, (f"{people[answer.person]}, {round.name}",))
        for round in turn.store.rounds(cohort.id)
        if round.seen
        for answer in turn.store.answers(round.id)
        if answer.person in people and (name := on_desk(answer)) in names
    ]


def _own_week(turn: Wrapups, cohort: Cohort, person: Person) -> Week | None:
    """The week for which an instructor records a wrap-up: from Friday on, while the course runs."""
    wall = local(turn.now, person.zone)
    if cohort.ended_at is not None or not rules.tells_the_week(wall):
        return None
    return course_of(cohort.course_text).week(cohort.week_on(wall.date()))


@feature.contributes(AGENDA)
def own_wrapup(turn: Wrapups, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    week = _own_week(turn, cohort, person) if Role.INSTRUCTOR in turn.roles else None
    return [] if week is None else [desk_views.record(cohort, week)]


@feature.action("recording", roles=STAFF, lane="form")
def ask_recording(turn: Wrapups, press: Press) -> Reply:
    return desk.recording_form(turn, press.subject)


def stored_recording(turn: Wrapups, filled: Submission) -> list[Stored]:
    return desk.stored_recording(turn, filled)


@feature.form("recording", roles=STAFF, replaces=stored_recording)
def take_recording(turn: Wrapups, filled: Submission) -> Reply:
    return desk.take_recording(turn, filled)


# In the manager's week


@feature.contributes(FIGURES)
def in_the_week(turn: Wrapups, cohort: Cohort) -> Sequence[Figure]:
    """The newest round that was asked, compared with the one before it."""
    asked = [r for r in turn.store.rounds(cohort.id) if r.seen][-2:]
    counted = [counting.counted(turn, cohort, r) for r in asked]
    if not asked:
        return []
    few = asked[-1].closes_at <= turn.now and course_of(cohort.course_text).manager.too_few(*counted[-1])
    return [desk_views.answered(asked[-1], counted[-1], counted[:-1], few)]
