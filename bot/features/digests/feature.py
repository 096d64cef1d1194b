"""Digests: the instructor's desk, and the manager's one message a week.

They collect what features contribute, and know no other feature.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from bot.core.actions import Action, read_number
from bot.core.contributions import AGENDA_AFTER_END, DESK, Pile, Upcoming
from bot.core.due import Due, Plan
from bot.core.facts import LearnerWritten, Missed, WordsWithdrawn, WorkHandedIn, WrapupAnswered
from bot.core.feature import Press, Reply
from bot.core.people import STAFF, Cohort, Person, Role
from bot.core.planning import Planning
from bot.core.time import local, local_day, next_hour, say
from bot.core.timetable import WEEK
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Card, Line
from bot.features.digests import rules, views, week
from bot.features.digests.collecting import cohorts_of, ended_cohorts_of, whom_to_mind
from bot.features.digests.store import Desk, DigestStore, feature

__all__ = ["feature", "week"]

DESK_DUE = "digests.desk"
WEEK_DUE = "digests.week"

KEPT_APART = timedelta(days=80)
"""How far back posted desks are looked for. Less than the store remembers which of them were replaced."""


# When


@feature.planned(roles=STAFF, again=[Missed])
def plan(turn: Turn[DigestStore], planning: Planning) -> Iterator[Plan]:
    """Each desk plans the next one; a skipped one has planned none."""
    for person in planning.people:
        yield from _next_two(turn, person)


def _next_two(turn: Turn[DigestStore], person: Person) -> Iterator[Plan]:
    """The next two desks; each day has one, in any zone.

    Two, because the first may have happened already today: a new hour or zone then moves the second.
    """
    at = turn.now
    for __ in range(2 if any(m.role is Role.INSTRUCTOR for m in turn.people.memberships(person.id)) else 0):
        at = next_hour(at, person.hour, person.zone, workdays_only=True)
        yield Plan(DESK_DUE, str(person.id), local_day(at, person.zone).isoformat(), at, person=person.id)


@feature.due("desk", within=timedelta(hours=12), fold=True)
def lay_desks(turn: Turn[DigestStore], batch: Sequence[Due]) -> None:
    """One card a workday for each instructor, none when nothing waits."""
    for due in batch:
        person = turn.people.person(int(due.subject))
        cohorts = cohorts_of(turn, person, Role.INSTRUCTOR)
        desks = [_desk(turn, c, person) for c in cohorts]
        if any(not d.is_empty for d in desks):
            until = next_hour(turn.now, person.hour, person.zone)
            card = views.desk(desks, f"{local(turn.now, person.zone):%A}", turn.now)
            anchor = _desk_anchor(person, local_day(turn.now, person.zone))
            turn.say(Card(person.id, cohorts[0].id, anchor, card, turn.now, until, Role.INSTRUCTOR, "core"))
            _replace(turn, person, _posted(turn, person))
        turn.plan(*_next_two(turn, person))


def _desk_anchor(person: Person, day: date) -> str:
    return f"desk/{person.id}/{day.isoformat()}"


@feature.on(WordsWithdrawn)
def clear_desks(turn: Turn[DigestStore], fact: WordsWithdrawn) -> None:
    """Only the newest desk of each instructor quotes anybody."""
    for person in turn.people.members(fact.cohort, Role.INSTRUCTOR):
        _update(turn, person)


@feature.on(LearnerWritten)
def mark_handled(turn: Turn[DigestStore], fact: LearnerWritten) -> None:
    """What led to the message is off the desk of the course team, and the newest desks say who wrote."""
    cohort, writer = turn.people.cohort(fact.cohort), turn.people.person(fact.by)
    if cohort is None:
        return
    act = views.write_action(cohort.id, fact.subject)
    piles = [p for p in _desk(turn, cohort, writer).piles if p.can_be_seen]
    handled = [i for p in piles for i in p.items if act in {b.action for b in i.buttons}]
    if handled:
        turn.store.see(cohort.id, rules.names(handled))
        for person in turn.people.members(cohort.id, Role.INSTRUCTOR):
            _update(turn, person, views.has_written(writer, turn.people.person(fact.person)))


def _posted(turn: Turn[DigestStore], person: Person) -> list[str]:
    """The anchors of a person's desks that still quote somebody, the newest first."""
    today = local_day(turn.now, person.zone)
    anchors = [_desk_anchor(person, today - timedelta(days=n)) for n in range(KEPT_APART.days)]
    replaced = turn.store.seen(_home(turn, person))
    posted = turn.links.refs(anchors)
    return [a for a in anchors if a in posted and a not in replaced]


def _update(turn: Turn[DigestStore], person: Person, *handled: str) -> None:
    """Shows the newest desk as things stand, and replaces those before it. `handled`: what was just done."""
    for newest, *before in filter(None, [_posted(turn, person)]):
        _show_again(turn, person, newest, *handled)
        _replace(turn, person, before)


def _show_again(turn: Turn[DigestStore], person: Person, anchor: str, *handled: str) -> None:
    desks = [_desk(turn, c, person) for c in cohorts_of(turn, person, Role.INSTRUCTOR)]
    day = f"{local(turn.now, person.zone):%A}"
    turn.show_to(person.id, anchor, views.desk(desks, day, turn.now, handled))


def _replace(turn: Turn[DigestStore], person: Person, anchors: Sequence[str]) -> None:
    """Desks before the newest one quote nobody."""
    for anchor in anchors:
        day = date.fromisoformat(anchor.rpartition("/")[2])
        turn.show_to(person.id, anchor, views.earlier(f"{day:%A}"))
    turn.store.see(_home(turn, person), anchors)


def _home(turn: Turn[DigestStore], person: Person) -> int:
    """The cohort under which the store remembers which desks of a person were replaced: their first."""
    memberships = [*turn.people.memberships(person.id), *turn.people.memberships(person.id, ended=True)]
    return min(m.cohort for m in memberships)


@feature.on(Missed)
def own_up(turn: Turn[DigestStore], fact: Missed) -> None:
    """Reports what was skipped after downtime to the people who can do something about it."""
    for person in turn.people.members(fact.cohort, Role.INSTRUCTOR):
        when = say(fact.at, person.zone)
        text = (_("I was away, and left out what was planned for {when}: it was too late to be of use.", when=when),)
        key = f"missed/{fact.cohort}/{fact.kind}/{fact.at.isoformat()}"
        turn.say(Line(person.id, fact.cohort, key, text, turn.now + WEEK, Role.INSTRUCTOR))


@feature.on(WorkHandedIn)
def tell_of_late_work(turn: Turn[DigestStore], fact: WorkHandedIn) -> None:
    _came_late(turn, fact.cohort)


@feature.on(WrapupAnswered)
def tell_of_late_answers(turn: Turn[DigestStore], fact: WrapupAnswered) -> None:
    _came_late(turn, fact.cohort)


def _came_late(turn: Turn[DigestStore], cohort_id: int) -> None:
    """After the end nobody looks by themselves, so the instructors (or managers) are told about late work, in one
    line."""
    cohort = turn.people.cohort(cohort_id)
    if cohort is None or cohort.ended_at is None:
        return
    instructors = turn.people.members(cohort.id, Role.INSTRUCTOR)
    role = Role.INSTRUCTOR if instructors else Role.MANAGER
    for person in instructors or turn.people.members(cohort.id, role):
        line = views.came_late(cohort)
        turn.say(Line(person.id, cohort.id, f"late/{cohort.id}", line, turn.now + 2 * WEEK, role))


# Commands


@dataclass(frozen=True)
class ShowDesk:
    """What waits for you, with its age: questions, work that came in, FAQ drafts, your own wrap-up."""


@feature.command("desk", example="/cohort desk", roles=STAFF, needs_cohort=False, after_end=True)
def show_desk(turn: Turn[DigestStore], typed: ShowDesk) -> Reply:
    """The desk of the channel's cohort, elsewhere of all cohorts."""
    if turn.cohort is not None:
        return _show_desk(turn)
    cohorts = (
        cohorts_of(turn, turn.me, Role.INSTRUCTOR)
        or cohorts_of(turn, turn.me, Role.MANAGER)
        or ended_cohorts_of(turn, STAFF)
    )
    desks = [_desk(turn, c, turn.me) for c in cohorts]
    return views.desk(desks, f"{local(turn.now, turn.me.zone):%A}", turn.now)


@feature.action("desk", roles=STAFF, lane="private", after_end=True)
def press_desk(turn: Turn[DigestStore], press: Press) -> Reply:
    return _show_desk(turn)


def _show_desk(turn: Turn[DigestStore]) -> Reply:
    desk = _desk(turn, turn.here, turn.me)
    return views.desk([desk], f"{local(turn.now, turn.me.zone):%A}", turn.now)


@feature.action("faq", roles=STAFF, lane="private", after_end=True)
def show_faq_week(turn: Turn[DigestStore], press: Press) -> Reply:
    """For desks that were posted earlier."""
    return Action("faq", "week", turn.here.id)


@feature.action("recording", roles=STAFF, lane="form")
def link_recording(turn: Turn[DigestStore], press: Press) -> Reply:
    """For desks that were posted earlier."""
    return Action("wrapups", "recording", turn.here.id, press.subject)


@feature.action("pile", roles=STAFF, lane="private", after_end=True)
def show_pile(turn: Turn[DigestStore], press: Press) -> Reply:
    """The whole pile, in pages. The subject: the pile's name, then '.' and the page from 1."""
    name, _, page = press.subject.rpartition(".")
    found = next((p for p in _desk(turn, turn.here, turn.me).piles if p.name == name), None)
    return views.pile(turn.here, found, read_number(page) or 1, turn.now)


@feature.action("seen", roles=STAFF, lane="private", after_end=True)
def mark_seen(turn: Turn[DigestStore], press: Press) -> Reply:
    """Takes an item, or the items of a page, off the desk of the course team."""
    piles = _desk(turn, turn.here, turn.me).piles
    items = rules.listed(piles, press.subject)
    if items is None:
        return views.pile(turn.here, next(p for p in piles if p.name == press.subject), 1, turn.now)
    turn.store.see(turn.here.id, rules.names(items))
    if turn.about is None or not turn.about.startswith(f"desk/{turn.me.id}/"):
        return _show_desk(turn)
    _show_again(turn, turn.me, turn.about)
    return None


@feature.contributes(AGENDA_AFTER_END)
def what_came_late(turn: Turn[DigestStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """For the course team: where to read late work."""
    if not turn.roles & STAFF:
        return ()
    return (Upcoming((_("What comes in late is on your desk."),), None, views.desk_button(cohort.id)),)


# What the features contribute


def _desk(turn: Turn[DigestStore], cohort: Cohort, person: Person) -> Desk:
    there, seen = replace(turn, cohort=cohort), turn.store.seen(cohort.id)
    piles = [*there.collect(DESK, cohort, person), *_attention(there, cohort)]
    return Desk(cohort, rules.by_urgency([rules.unseen(pile, seen) for pile in piles]))


def _attention(turn: Turn[DigestStore], cohort: Cohort) -> list[Pile]:
    """Learners to talk to, as a pile of the desk."""
    people = whom_to_mind(turn, cohort)
    return [views.attention(cohort, people)] if people else []
