"""Reporting how long a week took, by one tap, and what the course team reads of that."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.contributions import (
    AGENDA,
    DESK,
    FIGURES,
    MEASURES,
    ON_WEEK,
    SNAGS,
    Figure,
    Measure,
    Pile,
    Snag,
    Upcoming,
)
from bot.core.errors import NotFound, Refused
from bot.core.facts import DeskChanged
from bot.core.feature import Press, Reply
from bot.core.message import Message, Text
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.time import local_day
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush
from bot.course.loader import course_of
from bot.course.model import Item
from bot.features.ledger import rules, views
from bot.features.ledger.rules import Week
from bot.features.ledger.store import LedgerStore, Report, card, feature, on_desk

Ledger = Turn[LedgerStore]

LOOKED_BACK = 2
"""How many weeks the desk looks back."""


def week(turn: Ledger, cohort: Cohort, number: int) -> Week:
    entries, reports = turn.store.entries(cohort.id), turn.store.reports(cohort.id, number)
    return rules.week(course_of(cohort.course_text), number, entries, reports)


def _items(turn: Ledger, cohort: Cohort, week: int) -> list[Item]:
    """What can be named as having taken longer: what the week asks, and the live sessions that learners see."""
    course, entries = course_of(cohort.course_text), turn.store.entries(cohort.id)
    return [*rules.items_of(course, week), *rules.sessions_of(course, entries, week)]


def ask(turn: Ledger, cohort: Cohort, number: int) -> None:
    """Hands the question to the voice: it rides on the wrap-up's prompt."""
    found = week(turn, cohort, number)
    said = {r.person for r in turn.store.reports(cohort.id, number)}
    for person in turn.people.members(cohort.id, Role.LEARNER):
        if person.id not in said and found.planned:
            shown, anchor = views.asked(cohort.id, found, None, ()), card(cohort.id, person.id, number)
            turn.say(Card(person.id, cohort.id, anchor, shown, turn.now, turn.now + rules.ASKED_FOR))


@feature.action("ask", roles=MEMBERS, lane="private")
def ask_again(turn: Ledger, press: Press) -> Reply:
    return views.asked(turn.here.id, _meant(turn, press.subject), None, ())


@feature.action("took", roles=MEMBERS, lane="private")
def take(turn: Ledger, press: Press) -> Reply:
    """'WEEK.MINUTES'."""
    found, minutes = _meant(turn, press.subject), read_number(press.subject.partition(".")[2]) or 0
    if not rules.is_possible(minutes):
        raise NotFound
    before = _own(turn, found.week)
    new = Report(turn.here.id, turn.me.id, found.week, minutes, turn.now)
    if before is not None and minutes > found.planned:
        new = replace(new, item=before.item, name=before.name)
    return _keep(turn, found, new)


@feature.action("longer", roles=MEMBERS, lane="private")
def name_item(turn: Ledger, press: Press) -> Reply:
    """'WEEK.ITEM': what took longer than it should."""
    found, wanted = _meant(turn, press.subject), press.subject.partition(".")[2]
    own = _own(turn, found.week)
    item = next((i for i in _items(turn, turn.here, found.week) if rules.mark(i) == wanted), None)
    if own is None or item is None:
        raise NotFound
    return _keep(turn, found, replace(own, item=item.title, name=item.name))


def _keep(turn: Ledger, found: Week, own: Report) -> Message | None:
    turn.store.report(own)
    turn.happened(DeskChanged(turn.here.id, on_desk(turn.here.id, found.week)))
    items = sorted(_items(turn, turn.here, found.week), key=lambda i: -i.minutes)
    shown, anchor = views.asked(turn.here.id, found, own, items), card(turn.here.id, turn.me.id, found.week)
    if turn.links.shown([anchor]):
        turn.show_to(turn.me.id, anchor, shown)
    else:
        turn.say(Hush(anchor))
    return None if turn.about == anchor else shown


def _meant(turn: Ledger, subject: str) -> Week:
    """A week that has begun. Raises Refused."""
    if Role.LEARNER not in turn.roles:
        raise Refused(_("This is for learners. `/cohort week` has what they report, in total."))
    number = read_number(subject.partition(".")[0]) or 0
    if not 1 <= number <= min(_now(turn, turn.here, turn.me.zone), len(course_of(turn.here.course_text).weeks)):
        raise NotFound
    return week(turn, turn.here, number)


def _own(turn: Ledger, number: int) -> Report | None:
    return next((r for r in turn.store.reports(turn.here.id, number) if r.person == turn.me.id), None)


def _now(turn: Ledger, cohort: Cohort, zone: str) -> int:
    return cohort.week_on(local_day(turn.now, zone))


@feature.contributes(AGENDA)
def upcoming(turn: Ledger, person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    number = _now(turn, cohort, person.zone)
    if Role.LEARNER not in turn.roles or not 1 <= number <= len(course_of(cohort.course_text).weeks):
        return []
    reports = turn.store.reports(cohort.id, number)
    found = rules.week(course_of(cohort.course_text), number, turn.store.entries(cohort.id), reports)
    own = next((r for r in reports if r.person == person.id), None)
    return [views.upcoming(cohort.id, found, own)] if found.planned else []


@feature.contributes(ON_WEEK)
def on_the_week(turn: Ledger, cohort: Cohort) -> Sequence[Text]:
    course = course_of(cohort.course_text)
    number = min(max(_now(turn, cohort, cohort.zone), 1), len(course.weeks))
    entries = turn.store.entries(cohort.id)
    names = {by: turn.people.person(by).name for by in {e.by for e in entries if e.by is not None}}
    return views.on_the_week(week(turn, cohort, number), entries, names, course)


@feature.contributes(FIGURES)
def in_the_week(turn: Ledger, cohort: Cohort) -> Sequence[Figure]:
    """What learners report of the newest week that has been asked about, against the hours of a week."""
    now = min(_now(turn, cohort, cohort.zone), len(course_of(cohort.course_text).weeks))
    asked = next((n for n in range(now, 0, -1) if rules.asks_at(cohort, n) <= turn.now), 0)
    found = [week(turn, cohort, n) for n in (asked, asked - 1) if n > 0]
    if not found or found[0].reported is None:
        return []
    over = course_of(cohort.course_text).manager.takes_too_long(found[0].reported, found[0].budget)
    return [views.figure(found[0], found[1].reported if len(found) > 1 else None, over)]


@feature.contributes(SNAGS)
def where_people_get_stuck(turn: Ledger, cohort: Cohort) -> list[Snag]:
    """The weeks in which many report more than planned, by how much."""
    course, entries, found = course_of(cohort.course_text), turn.store.entries(cohort.id), []
    for week in course.weeks:
        reports = turn.store.reports(cohort.id, week.number)
        one = rules.week(course, week.number, entries, reports)
        if one.reported is not None and one.reported > one.planned:
            items = _items(turn, cohort, week.number)
            hard = rules.over(one, reports, course.privacy.smallest_group, items) is not None
            found.append(Snag("minutes", week.number, timedelta(minutes=one.reported - one.planned), hard=hard))
    return found


@feature.contributes(DESK)
def on_the_desk(turn: Ledger, cohort: Cohort, person: Person) -> Sequence[Pile]:
    """The last weeks, where many report more than planned."""
    if cohort.ended_at is not None:
        return []
    course, now = course_of(cohort.course_text), _now(turn, cohort, cohort.zone)
    entries, found = turn.store.entries(cohort.id), []
    for number in range(max(1, now - LOOKED_BACK), min(now, len(course.weeks)) + 1):
        reports = turn.store.reports(cohort.id, number)
        items, smallest = _items(turn, cohort, number), course.privacy.smallest_group
        one = rules.over(rules.week(course, number, entries, reports), reports, smallest, items)
        if one is not None:
            found.append((one, items, rules.asks_at(cohort, number)))
    return [views.pile(cohort.id, found)] if found else []


@feature.contributes(MEASURES)
def in_a_run(turn: Ledger, cohort: Cohort) -> list[Measure]:
    """Live minutes of those that are planned: the rest is asynchronous."""
    weeks = [week(turn, cohort, one.number) for one in course_of(cohort.course_text).weeks]
    planned, live = sum(one.planned for one in weeks), sum(one.live for one in weeks)
    return [Measure("ledger/live", _("Live minutes of all"), live, planned)] if planned else []
