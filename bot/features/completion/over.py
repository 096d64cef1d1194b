"""The card for the course team after the last day of a course: who completed it, what is open, and the end of the
cohort. Late work may go on."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from bot.core.calendar import dates_pass_at
from bot.core.contributions import FIGURES
from bot.core.due import Due, Plan
from bot.core.facts import ItemDone, ItemTakenBack
from bot.core.feature import Press, Reply
from bot.core.figures import is_told
from bot.core.people import MANAGERS, STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import next_hour
from bot.core.timetable import WEEK
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.features.completion import closing, rules, team_views
from bot.features.completion.standing import Completion, standings
from bot.features.completion.store import feature

OVER = "completion.over"

USEFUL_FOR = 2 * WEEK

FOLLOWS_FOR = 4 * WEEK
"""How long after the last day a card follows what comes in."""

LONGEST_DOWN = timedelta(days=365)
"""The card is of use as long as the cohort is open, so it also comes after a long downtime."""

LONGEST_AFTER = 8 * WEEK
"""How long after the last day of a course its last date may pass."""


@feature.planned("over", roles=STAFF)
def plan(turn: Completion, planning: Planning) -> Iterator[Plan]:
    """One card for each member of the course team; another one if the course gets a new end.

    Until the last day it is planned for that day, because learners' dates may still be planned. After it their dates
    decide.
    """
    cohort = planning.cohort
    over = rules.over_at(course_of(cohort.course_text), cohort)
    if over <= turn.now:
        over = _over_at(turn, cohort)
    for person in planning.people:
        yield _plan(planning.cohort, person, over, turn.now)


def _over_at(turn: Completion, cohort: Cohort) -> datetime:
    return dates_pass_at(turn, cohort, len(course_of(cohort.course_text).weeks))


def _plan(cohort: Cohort, person: Person, over: datetime, now: datetime) -> Plan:
    """On their next workday, so that whoever decides about the end is not the last to hear of it."""
    at = next_hour(over, person.hour, person.zone, workdays_only=True)
    return Plan(OVER, f"{cohort.id}/{person.id}", over.isoformat(), max(at, now), cohort.id, person.id)


def _manages(turn: Completion, cohort: Cohort, person: Person) -> bool:
    return any(m.cohort == cohort.id and m.role is Role.MANAGER for m in turn.people.memberships(person.id))


@feature.due("over", within=LONGEST_DOWN)
def tell_over(turn: Completion, batch: Sequence[Due]) -> None:
    """Planned again for later if the course got later dates meanwhile. Who had the card of this last day gets no
    other."""
    cohort, over = turn.here, _over_at(turn, turn.here)
    ids = dict.fromkeys(due.person for due in batch if due.person is not None)
    people = [turn.people.person(id) for id in ids]
    if over > turn.now:
        turn.plan(*(_plan(cohort, person, over, turn.now) for person in people))
        return
    last = rules.last_day(course_of(cohort.course_text), cohort)
    told = _told(turn, cohort, people, last)
    people = [person for person in people if person.id not in told]
    turn.say(*_cards(turn, cohort, people))


def _cards(turn: Completion, cohort: Cohort, people: Sequence[Person]) -> Iterator[Card]:
    """A manager's has the figures of the last week, which no other message tells."""
    last = rules.last_day(course_of(cohort.course_text), cohort)
    found = standings(turn, cohort, turn.people.members(cohort.id, Role.LEARNER))
    outlook = closing.outlook(turn, cohort)
    figures = [figure for figure in turn.collect(FIGURES, cohort) if is_told(figure)]
    for person in people:
        manages = _manages(turn, cohort, person)
        card = team_views.over(cohort, found, outlook, figures if manages else (), may_end=manages)
        anchor = _anchor(cohort, person, last)
        role, until = Role.MANAGER if manages else Role.INSTRUCTOR, turn.now + USEFUL_FOR
        yield Card(person.id, cohort.id, anchor, card, turn.now, until, role, "core", joins=True)


def follow(turn: Completion, fact: ItemDone | ItemTakenBack) -> None:
    """Shows the cards again as late work comes in, for as long as they are of use."""
    cohort, course = turn.here, course_of(turn.here.course_text)
    over = rules.over_at(course, cohort)
    if cohort.ended_at is not None or not over <= turn.now < over + FOLLOWS_FOR:
        return
    team = {p.id: p for role in STAFF for p in turn.people.members(cohort.id, role)}
    anchors = {_anchor(cohort, person, rules.last_day(course, cohort)): person for person in team.values()}
    shown = turn.links.shown(anchors)
    if shown:
        turn.show_again(list(_cards(turn, cohort, [anchors[anchor] for anchor in sorted(shown)])))


feature.on(ItemDone)(follow)
feature.on(ItemTakenBack)(follow)


def _anchor(cohort: Cohort, person: Person, day: date) -> str:
    return f"over/{cohort.id}/{person.id}/{day.isoformat()}"


def _told(turn: Completion, cohort: Cohort, people: Sequence[Person], last: date) -> set[int]:
    """Those who have the card of this last day. Cards were once named by the day on which the last date passed."""
    days = [last + timedelta(days=n) for n in range(LONGEST_AFTER.days)]
    names = {_anchor(cohort, person, day): person.id for person in people for day in days}
    return {names[anchor] for anchor in turn.links.refs(names)}


@feature.action("end", roles=MANAGERS, lane="private")
def end(turn: Completion, press: Press) -> Reply:
    """Ends the cohort at once if nothing is open, and otherwise asks."""
    found = closing.outlook(turn, turn.here)
    if found.promises or found.open_ends:
        return team_views.sure_to_close(turn.here, found)
    return closing.end_and_archive(turn, cut_short=False)
