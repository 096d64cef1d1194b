"""Silence: a learner who was not heard from for two weeks gets one card, and then nothing until they are heard from
again."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from types import MappingProxyType

from bot.core.contributions import ACTIVITY
from bot.core.due import Due, Plan
from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, MessagePosted
from bot.core.facts import CameBack
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, Cohort, Role
from bot.core.time import at_wall, next_time
from bot.core.timetable import Weekly, occurrences
from bot.core.turn import Turn
from bot.core.voice import Card, Hush, Line
from bot.course.loader import course_of
from bot.features.absence import rules, views
from bot.features.absence.store import AbsenceStore, Silence, feature

Absences = Turn[AbsenceStore]

LOOK = "absence.look"
LOOKS = [Weekly(day, time(9), "cohort") for day in range(7)]

USEFUL_FOR = timedelta(days=6)
"""How long the card waits when the message budget is used up."""


def plan(cohort: Cohort, now: datetime) -> Iterator[Plan]:
    """One check a day from the second week on, so that the card comes at the learner's first hour after the two weeks.
    The last check is on the Monday of the last week: the final card comes soon after, and reaches nobody silent."""
    last = len(course_of(cohort.course_text).weeks)
    for rule in LOOKS:
        weeks = range(2, last + 1 if rule.weekday == 0 else last)
        for each in occurrences(rule, cohort.timetable, weeks, cohort.zone):
            if each.at > now:
                yield Plan(LOOK, str(cohort.id), f"{each.key}/{rule.weekday}", each.at, cohort.id)


def last_signs(
    turn: Absences, cohort: Cohort, heard: Mapping[int, datetime] = MappingProxyType({})
) -> dict[int, datetime]:
    """When each learner last did something under their name, joined, came back, or was `heard` in another way."""
    found = dict(turn.people.joined(cohort.id))
    active = [(a.person, a.at) for a in turn.collect(ACTIVITY, cohort, began(cohort), turn.now)]
    for person, at in (*active, *heard.items(), *turn.store.returned(cohort.id).items()):
        if person in found:
            found[person] = max(found[person], at)
    return found


def began(cohort: Cohort) -> datetime:
    return at_wall(cohort.starts_on, time(0), cohort.zone)


def quiet_since(cohort: Cohort, signs: Mapping[int, datetime]) -> dict[int, datetime]:
    """Nobody is quiet before the course has begun."""
    return {person: max(began(cohort), at) for person, at in signs.items()}


@feature.due("look", within=timedelta(days=5), fold=True)
def look(turn: Absences, batch: Sequence[Due]) -> None:
    cohort, store = turn.here, turn.store
    messages = course_of(cohort.course_text).messages
    heard = quiet_since(cohort, last_signs(turn, cohort, store.heard(cohort.id)))
    for wrong in rules.wrongly_silent(store.silences(cohort.id), heard, turn.uptime, cohort.timetable):
        store.end_silence(wrong)
        _end(turn, wrong)
    silent = set(rules.fallen_silent(heard, store.gone(cohort.id), turn.uptime, cohort.timetable))
    people = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in silent]
    store.fall_silent([Silence(cohort.id, p.id, turn.now) for p in people])
    for person in people:
        at = next_time(turn.now - timedelta(seconds=1), messages.hour(person.hour), person.zone)
        anchor = Silence(cohort.id, person.id, turn.now).anchor
        days = rules.quiet_days(heard[person.id], turn.uptime, cohort.timetable)
        message = views.quiet(cohort.id, person.greeted, cohort.title, days)
        turn.say(Card(person.id, cohort.id, anchor, message, at, at + USEFUL_FOR, rank="first"))


def hear(turn: Absences, event: object) -> None:
    """Any activity shows that a person is here. Others may notice it only where they see who it was: in a channel."""
    if turn.person is not None:
        in_public = isinstance(event, MessagePosted) and not event.place.direct
        for silence in turn.store.hear(turn.person.id, in_public):
            _end(turn, silence)


def _end(turn: Absences, silence: Silence) -> None:
    turn.say(Hush(silence.anchor))
    turn.happened(CameBack(silence.cohort, silence.person, unnoticed=True))


for kind in (MessagePosted, CommandIssued, ButtonPressed, FormSubmitted):
    feature.on(kind)(hear)


@feature.action("next_run", roles=MEMBERS, lane="private")
def want_next_run(turn: Absences, press: Press) -> Reply:
    """Stores it for the managers. Leaving itself belongs to enrolment, which asks for confirmation."""
    if Role.LEARNER not in turn.roles:
        return views.for_learners()
    if turn.store.note_interest(turn.here.id, turn.me.id):
        turn.log("would like the next run")
        for manager in turn.people.members(turn.here.id, Role.MANAGER):
            key = f"nextrun/{turn.here.id}/{turn.me.id}"
            text = views.wants_next_run(turn.me.name, turn.here.title)
            turn.say(Line(manager.id, turn.here.id, key, text, turn.now + timedelta(days=30), Role.MANAGER))
    return views.next_run(turn.here.id, turn.here.title)
