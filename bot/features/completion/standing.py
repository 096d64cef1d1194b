"""Where learners stand at the end: their progress, their final card, their certificate."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.asking import asked_of
from bot.core.codes import new_code
from bot.core.contributions import CREDITS, MEASURES, ON_FINAL, Credit, Measure
from bot.core.due import Plan
from bot.core.facts import ItemMoved, ItemsChanged
from bot.core.message import Message, note
from bot.core.people import Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import local_day
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.features.completion import rules, views
from bot.features.completion.store import Certificate, CompletionStore, Standing, feature, final_card

Completion = Turn[CompletionStore]

FINAL = "completion.final"
CLOSED = "completion.closed"
USEFUL_FOR = 2 * WEEK
"""How long the budget may delay a final card."""


def standings(turn: Completion, cohort: Cohort, people: Sequence[Person]) -> list[Standing]:
    credits: dict[int, list[Credit]] = {p.id: [] for p in people}
    for person, credit in turn.collect(CREDITS, cohort, people):
        credits[person].append(credit)
    issued = turn.store.certificates(cohort.id, credits)
    return [Standing(p, tuple(credits[p.id]), issued.get(p.id)) for p in people]


@feature.planned("final", "closed", again=[ItemMoved, ItemsChanged])
def plan(turn: Completion, planning: Planning) -> Iterator[Plan]:
    """When each learner gets their final card. Those who join after that get none."""
    cohort, course = planning.cohort, course_of(planning.cohort.course_text)
    over: dict[int, datetime] = {}
    items = asked_of(turn, cohort, planning.people)
    for id, item in items:
        if not item.optional:
            over[id] = max(over.get(id, item.in_time_until), item.in_time_until)
    if planning.whole and turn.now < rules.over_at(course, cohort):
        _take_back(turn, cohort)
    for person in planning.people:
        final = rules.final_at(course, cohort, person.zone, person.hour, over.get(person.id))
        if (at := planning.when(final, turn.now)) is not None:
            day = local_day(final, person.zone).isoformat()
            yield Plan(FINAL, f"{cohort.id}/{person.id}", day, at, cohort.id, person.id)
    for at in {i.late_until for _id, i in items if i.late_until is not None and i.late_until > turn.now}:
        yield Plan(CLOSED, str(cohort.id), at.isoformat(), at, cohort.id)


def _take_back(turn: Completion, cohort: Cohort) -> None:
    """Removes final cards that name what is missing from a course that runs (again): another one follows at its end."""
    told = turn.store.told(cohort.id)
    again = told - turn.store.certificates(cohort.id, told).keys()
    for person in again:
        turn.withdraw(final_card(cohort.id, person))
    if again:
        turn.store.untell(cohort.id, again)


def tell(turn: Completion, cohort: Cohort, people: Collection[int]) -> None:
    """Hands these learners' final cards to the voice; those who completed get their certificate with it."""
    present = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in people]
    for one in standings(turn, cohort, present):
        found = certified(turn, cohort, one)
        turn.say(_card(turn, cohort, found))
    turn.store.tell(cohort.id, [p.id for p in present])


def final(turn: Completion, cohort: Cohort, one: Standing) -> Message:
    return views.final(cohort, one).with_blocks(*(note(*line) for line in turn.collect(ON_FINAL, cohort, one.person)))


def _card(turn: Completion, cohort: Cohort, one: Standing, at: datetime | None = None) -> Card:
    """A final card for now, or for `at`."""
    anchor, card, at = final_card(cohort.id, one.person.id), final(turn, cohort, one), at or turn.now
    return Card(one.person.id, cohort.id, anchor, card, at, at + USEFUL_FOR, rank="core")


def show(turn: Completion, ended: Cohort, one: Standing, new: bool) -> None:
    """Shows the final card at the end, or hands it to the voice if it is new and the learner sleeps."""
    at = course_of(ended.course_text).messages.waking(turn.now, one.person.hour, one.person.zone)
    if new and at > turn.now:
        turn.say(_card(turn, ended, one, at))
    else:
        turn.show_to(one.person.id, final_card(ended.id, one.person.id), final(turn, ended, one))


def tell_again(turn: Completion, cohort: Cohort, person: int) -> None:
    """The final card of somebody who was away or silent when it was due."""
    if turn.store.told(cohort.id, {person}) and turn.links.ref(final_card(cohort.id, person)) is None:
        tell(turn, cohort, {person})


def follow(turn: Completion, cohort: Cohort, people: Collection[int] | None = None) -> None:
    """Edits final cards that named something missing. Learners who have completed since then get the certificate.
    `people`: only theirs."""
    # After the end there is no later card for people who were away: what they still hand in is answered at once.
    over = cohort.ended_at is not None and people is not None
    told = frozenset(people or ()) if over else turn.store.told(cohort.id, people)
    open_still = told - turn.store.certificates(cohort.id, told).keys()
    if not open_still:
        return
    present = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in open_still]
    turn.cohort = cohort
    found = [certified(turn, cohort, one) for one in standings(turn, cohort, present)]
    for one in found:
        if one.certificate is not None:
            anchor = final_card(cohort.id, one.person.id)
            turn.say(Hush(anchor))
            turn.show_to(one.person.id, anchor, final(turn, cohort, one))
    turn.show_again([_card(turn, cohort, one) for one in found if one.certificate is None])


def certified(turn: Completion, cohort: Cohort, one: Standing) -> Standing:
    """The same standings, with new certificates for those who completed."""
    if one.certificate is not None or not one.complete:
        return one
    course = course_of(cohort.course_text)
    code = new_code(turn.store.choose, rules.CODE_LENGTH)
    while turn.store.certificate(code) is not None:
        code = new_code(turn.store.choose, rules.CODE_LENGTH)
    days = rules.days_of(course, cohort, turn.now)
    certificate = Certificate(code, cohort.id, one.person.id, one.person.name, course.title, turn.now, *days)
    turn.store.issue(certificate)
    return replace(one, certificate=certificate)


@feature.contributes(MEASURES)
def in_a_run(turn: Completion, cohort: Cohort) -> list[Measure]:
    """Of everybody who ever joined, also those who left."""
    joined = turn.people.joined(cohort.id, ever=True)
    there = [p for p in turn.people.members(cohort.id, Role.LEARNER) if p.id in joined]
    done = sum(one.certificate is not None or one.complete for one in standings(turn, cohort, there))
    return [Measure("completion/completed", _("Completed"), done, len(joined), people=True)] if joined else []
