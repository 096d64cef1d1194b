"""What check-ins report to the course team: on the desk, and in the manager's week."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.calendar import last_running
from bot.core.contributions import (
    ACTIVITY,
    DEALT_WITH,
    DESK,
    FIGURES,
    RECAP,
    SNAGS,
    Activity,
    DeskItem,
    Figure,
    Passage,
    Pile,
    Snag,
)
from bot.core.message import Text
from bot.core.people import Cohort, Person, Role
from bot.core.small_words import says_nothing
from bot.core.timetable import WEEK
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.checkins import posting, rules, views
from bot.features.checkins.contributing import counted
from bot.features.checkins.store import CheckinStore, Round, Update, desk_name, feature

Checkins = Turn[CheckinStore]

SHOWN_FOR = timedelta(days=14)
"""How long what somebody is stuck on is on the desk while the course runs."""


@feature.contributes(ACTIVITY)
def activity(turn: Checkins, cohort: Cohort, since: datetime, until: datetime) -> Sequence[Activity]:
    return [Activity(person, at) for person, at in turn.store.last(cohort.id, since, until).items()]


@feature.contributes(DESK)
def on_the_desk(turn: Checkins, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """Where learners are stuck, for instructors."""
    if not turn.teaches(person.id, cohort.id):
        return []
    items: list[DeskItem] = [
        views.stuck_item(cohort, round, update, who, person.zone) for update, round, who in _stuck(turn, cohort)
    ]
    return [views.stuck(items)] if items else []


@feature.contributes(DEALT_WITH)
def dealt_with(turn: Checkins, cohort: Cohort, names: Collection[str]) -> Sequence[tuple[str, Text]]:
    if not any(name.startswith("checkins/") for name in names):
        return []
    return [
        (name, views.whose(round, who, cohort.zone))
        for update, round, who in _stuck(turn, cohort)
        if (name := desk_name(update)) in names
    ]


def _stuck(turn: Checkins, cohort: Cohort) -> Iterator[tuple[Update, Round, str]]:
    """What says where a present learner is stuck, with its round and the learner's name."""
    course, known = course_of(cohort.course_text), turn.store.known(cohort.id)
    if not known:
        return
    names = {p.id: p.name for p in turn.people.members(cohort.id, Role.LEARNER)}
    rounds = {r.key: r for r in posting.rounds(turn, cohort)}
    since = last_running(cohort, len(course.weeks), turn.now) - SHOWN_FOR
    for update in turn.store.stuck(cohort.id, since):
        if update.person in names and not says_nothing(update.stuck):
            round = rounds.get(update.key) or rules.gone(update.key, known, update.first_at)
            yield update, round, names[update.person]


@feature.contributes(RECAP)
def in_the_recap(turn: Checkins, cohort: Cohort, week: int, since: datetime, until: datetime) -> Sequence[Passage]:
    """How many are stuck, and nobody's words."""
    smallest = course_of(cohort.course_text).privacy.smallest_group
    stuck = {update.person for update, round, _who in _stuck(turn, cohort) if round.week == week}
    return [views.many_stuck(len(stuck), len(stuck) >= smallest)] if stuck else []


@feature.contributes(SNAGS)
def where_people_get_stuck(turn: Checkins, cohort: Cohort) -> list[Snag]:
    found: dict[int, list[tuple[int, str]]] = {}
    for update, round, _who in _stuck(turn, cohort):
        found.setdefault(round.week, []).append((update.person, update.stuck))
    return [Snag("stuck", week, len({who for who, _ in words}), words=words) for week, words in found.items()]


@feature.contributes(FIGURES)
def in_the_week(turn: Checkins, cohort: Cohort) -> Sequence[Figure]:
    """The newest round of each check-in that closed in the last seven days, compared with the one before it."""
    newest: dict[str, list[Round]] = {}
    for round in rules.last_two_closed(posting.rounds(turn, cohort), turn.now):
        newest.setdefault(round.checkin, []).append(round)
    found = []
    for closed in newest.values():
        if closed[-1].closes_at > turn.now - WEEK:
            came, base = counted(turn, cohort, closed[-1])
            before = counted(turn, cohort, closed[0])[0] if len(closed) > 1 else None
            found.append(views.figure(closed[-1], cohort.zone, came, base, before))
    return found
