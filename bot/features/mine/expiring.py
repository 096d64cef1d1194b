"""A course may say how long it keeps what is its learners'. After that they are erased, as if each had asked for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core.contributions import AGENDA_AFTER_END, ON_FINAL, ON_WELCOME, Extra, Upcoming
from bot.core.due import Due, Plan, Unplan
from bot.core.facts import CohortEnded, CohortPlanned
from bot.core.message import Text
from bot.core.people import Cohort, Person, Role
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.mine import views
from bot.features.mine.store import MineStore, feature

Mine = Turn[MineStore]

AT_ONCE = 20
"""People who are erased in one unit of work, so that nobody waits for it."""

LONGEST_DOWN = timedelta(days=3650)


@feature.on(CohortEnded)
def plan_end(turn: Mine, fact: CohortEnded) -> None:
    for person in turn.people.joined(fact.cohort, ever=True):
        if (until := _kept_until(turn, person)) is not None:
            turn.plan(Plan("mine.expire", f"{fact.cohort}/{person}", until.isoformat(), until, fact.cohort, person))


@feature.on(CohortPlanned)
def plan_again(turn: Mine, fact: CohortPlanned) -> None:
    """A cohort that is open again keeps everything until its next end."""
    turn.plan(Unplan("mine.expire", fact.cohort))


@feature.contributes(ON_WELCOME)
def on_the_welcome_card(turn: Mine, cohort: Cohort, person: Person, role: Role) -> Sequence[Extra]:
    return [Extra(line) for line in on_the_final_card(turn, cohort, person)] if role is Role.LEARNER else []


@feature.contributes(ON_FINAL)
def on_the_final_card(turn: Mine, cohort: Cohort, person: Person) -> Sequence[Text]:
    days = course_of(cohort.course_text).privacy.keep_days
    return [views.kept_for(days)] if days else []


@feature.contributes(AGENDA_AFTER_END)
def after_the_end(turn: Mine, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    until = _kept_until(turn, person.id)
    return [views.expires(until)] if until is not None else []


@feature.due("expire", within=LONGEST_DOWN, after_end=True)
def expire(turn: Mine, batch: Sequence[Due]) -> None:
    """Whoever was in a later cohort meanwhile stays for as long as that keeps them."""
    people = list(dict.fromkeys(due.person for due in batch if due.person is not None))
    for person in people[:AT_ONCE]:
        until = _kept_until(turn, person)
        if until is not None and until <= turn.now:
            turn.log("erased a learner, as the course says how long they are kept")
            turn.erase(person)
    soon = turn.now + timedelta(minutes=1)
    for person in people[AT_ONCE:]:
        subject = f"{turn.here.id}/{person}"
        turn.plan(Plan("mine.expire", subject, turn.now.isoformat(), soon, turn.here.id, person))


def _kept_until(turn: Mine, person: int) -> datetime | None:
    """Until when the last of all cohorts that a person was in keeps what is theirs. None if one of them runs or keeps
    all, or if they were in its course team."""
    last: datetime | None = None
    for number, roles in turn.store.been(person).items():
        cohort = turn.people.cohort(number)
        if cohort is None or cohort.ended_at is None or roles != {Role.LEARNER}:
            return None
        until = course_of(cohort.course_text).privacy.kept_until(cohort.ended_at)
        if until is None:
            return None
        last = max(until, last or until)
    return last
