"""The week card: at each learner's own hour what the week is for, what to study, what to hand in and by when.

It is handed out once, on the week's first day, and kept true where it stands: a handed in milestone, a date that
moved. The cohort's channel gets one post, which opens the week's thread.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core.actions import read_number
from bot.core.due import Due, Plan
from bot.core.errors import NotFound, Refused
from bot.core.facts import MilestoneMoved, WorkHandedIn, WorkTakenBack
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import local_day
from bot.core.turn import Turn, Upcoming
from bot.course.calendar import week_opens
from bot.course.loader import course_of
from bot.features.weekcard import cards, rules, views
from bot.features.weekcard.store import WeekcardStore, feature

__all__ = ["feature"]

USEFUL = timedelta(days=5)
"""How late a card is still useful."""


# Planning


@feature.planned("open", "together")
def plan(turn: Turn[WeekcardStore], planning: Planning) -> Iterator[Plan]:
    return cards.plan(turn, planning)


# What comes with time


@feature.due("open", within=USEFUL, fold=True)
def open_for_learners(turn: Turn[WeekcardStore], batch: Sequence[Due]) -> None:
    by_week: dict[int, set[int]] = {}
    for due in batch:
        if due.person is not None:
            by_week.setdefault(cards.week_of(due.occurrence), set()).add(due.person)
    for week, people in by_week.items():
        cards.hand_out(turn, turn.here, week, people)


@feature.due("together", within=USEFUL, fold=True)
def open_for_cohort(turn: Turn[WeekcardStore], batch: Sequence[Due]) -> None:
    for due in batch:
        cards.post_opening(turn, turn.here, cards.week_of(due.occurrence))


# What changes on a card


@feature.on(WorkHandedIn)
def show_handed_in(turn: Turn[WeekcardStore], fact: WorkHandedIn) -> None:
    _follow(turn, fact.cohort, fact.milestone, fact.person)


@feature.on(WorkTakenBack)
def show_taken_back(turn: Turn[WeekcardStore], fact: WorkTakenBack) -> None:
    _follow(turn, fact.cohort, fact.milestone, fact.person)


@feature.on(MilestoneMoved)
def show_moved(turn: Turn[WeekcardStore], fact: MilestoneMoved) -> None:
    _follow(turn, fact.cohort, fact.milestone, fact.person)


def _follow(turn: Turn[WeekcardStore], cohort_id: int, milestone: str, person: int | None) -> None:
    cohort = turn.people.cohort(cohort_id)
    if cohort is not None:
        about = None if person is None else turn.people.person(person)
        cards.follow_milestone(turn, cohort, milestone, about)


# Asked for


@feature.action("show", roles=MEMBERS, lane="private")
def show(turn: Turn[WeekcardStore], press: Press) -> Reply:
    """The card as it stands now, of this week or of the one that was named; to the course team as to a learner in
    their zone."""
    cohort, me = turn.here, turn.me
    course = course_of(cohort.course_text)
    now = rules.present(cohort, me.zone, turn.now)
    if now < 1:
        return views.not_yet(cohort, _first_day(cohort, me, 1))
    meant = read_number(press.subject) if press.subject else now
    week = course.week(min(meant or 0, now, len(course.weeks)))
    if week is None:
        raise NotFound
    return views.page(cohort.id, course, week, cards.own(turn, cohort, week.number, [me])[me.id])


@feature.action("preview", roles=STAFF, lane="private")
def preview(turn: Turn[WeekcardStore], press: Press) -> Reply:
    """Next week's card, or that of the week named."""
    cohort, me = turn.here, turn.me
    course = course_of(cohort.course_text)
    following = max(1, rules.present(cohort, me.zone, turn.now) + 1)
    week = course.week((read_number(press.subject) or 0) if press.subject else following)
    if week is None:
        raise Refused("No week is ahead any more, so there is no card to preview.")
    own = cards.own(turn, cohort, week.number, [me])[me.id]
    return views.preview(cohort, course, week, own, _first_day(cohort, me, week.number))


def _first_day(cohort: Cohort, person: Person, week: int) -> datetime:
    """When the card of a week comes to somebody, or came."""
    clock = course_of(cohort.course_text).messages.hour(person.hour)
    return week_opens(cohort.timetable, week, clock, person.zone)


@feature.agenda
def upcoming(turn: Turn[WeekcardStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    week = rules.present(cohort, person.zone, turn.now)
    if Role.LEARNER not in turn.roles or course_of(cohort.course_text).week(week) is None:
        return []
    if cohort.timetable.is_break(local_day(turn.now, person.zone)):
        return []
    button = views.this_week_button(cohort.id)
    return [Upcoming(("This week's card: what to study, and what to hand in",), None, button)]
