"""Asks an author what a message is, and finds out what it can become."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from bot.core.contributions import FILLABLE, Fillable, Upcoming
from bot.core.due import Plan
from bot.core.effects import Direct
from bot.core.facts import CardChanged
from bot.core.forms import Form
from bot.core.labelled import filled
from bot.core.message import Message, Text
from bot.core.people import STAFF, Cohort, MessageRef, Role
from bot.core.private import Asked, Meaning, Said, answer_to
from bot.core.time import at_wall, local_day
from bot.core.translation import _
from bot.core.turn import Turn
from bot.features.talk import rules, views
from bot.features.talk.store import Awaited, PrivateMessage, TalkStore, Waiting

Talk = Turn[TalkStore]
Mine = Sequence[tuple[Cohort, frozenset[Role]]]

FORGET = "talk.forget"
UNREAD = "talk.unread"


def cohorts(turn: Talk, person: int) -> list[tuple[Cohort, frozenset[Role]]]:
    """The running cohorts of a person, with their roles."""
    roles: dict[int, set[Role]] = {}
    for m in turn.people.memberships(person):
        roles.setdefault(m.cohort, set()).add(m.role)
    found = ((turn.people.cohort(id), frozenset(own)) for id, own in roles.items())
    return [(cohort, own) for cohort, own in found if cohort is not None]


def reached(turn: Talk, person: int) -> list[tuple[Cohort, frozenset[Role]]]:
    """The cohorts whose course team a person's messages can reach: the running ones, or else the one that ended last
    lately."""
    if running := cohorts(turn, person):
        return running
    memberships = turn.people.memberships(person, ended=True)
    last = turn.people.cohort(memberships[0].cohort) if memberships else None
    if last is None or last.ended_at is None or last.cut_short or turn.now - last.ended_at > rules.AFTER_END:
        return []
    return [(last, frozenset(m.role for m in memberships if m.cohort == last.id))]


def inside(turn: Talk, cohort: Cohort, roles: frozenset[Role]) -> Talk:
    """The same turn, about this cohort."""
    return replace(turn, cohort=cohort, roles=roles)


def _opens(turn: Talk, person: int) -> Text:
    """What will take private messages, and from when. Empty if nothing will."""
    author = turn.people.person(person)
    found = (u for c, roles in cohorts(turn, person) for u in turn.features.upcoming(inside(turn, c, roles), author, c))
    return next((u.text for u in found if u.answers_later), ())


def outside(turn: Talk, person: int, reading: rules.Reading) -> Message:
    """The answer to a person in no running cohort, with what they can still do in the one that ended last."""
    memberships = turn.people.memberships(person, ended=True)
    last = turn.people.cohort(memberships[0].cohort) if memberships else None
    author = turn.people.person(person)
    if last is None:
        return views.stranger(reading, author.greeted)
    roles = frozenset(m.role for m in memberships if m.cohort == last.id)
    left = turn.features.upcoming(inside(turn, last, roles), author, last)
    return views.after_end(reading, author.greeted, last, left)


def is_staff(mine: Mine) -> bool:
    return any(roles & STAFF for _, roles in mine)


def is_learner(mine: Mine) -> bool:
    return any(Role.LEARNER in roles for _, roles in mine)


def first(turn: Talk, mine: Mine) -> tuple[Cohort, Upcoming] | None:
    """The one thing that the person could do next."""
    found = [(c, u) for c, roles in mine for u in turn.features.upcoming(inside(turn, c, roles), turn.me, c)]
    found = [f for f in found if not f[1].last]
    return min(found, key=lambda f: (not f[1].first, f[1].at is None, f[1].at or turn.now), default=None)


def all_meanings(turn: Talk, said: Said) -> list[Meaning]:
    """Everything that a message may become."""
    return [
        meaning
        for cohort, roles in reached(turn, said.person)
        for meaning in turn.features.meanings(inside(turn, cohort, roles), said, cohort)
    ]


def meanings(turn: Talk, kept: PrivateMessage) -> list[Meaning]:
    """What a message may become, most likely first: one of each group."""
    found = all_meanings(turn, kept.said)
    asked = answers_asked(found, turn.store.awaited(kept.said.person))
    names = {c.name for c in turn.features.commands}
    offered = rules.one_of_each(found, kept.said.text, asked)
    careful = (
        not cohorts(turn, kept.said.person)
        or rules.speaks_of_few(kept.said.text)
        or rules.names_somebody(kept.said.text, _others(turn, kept.said.person))
    )
    return rules.in_order(offered, kept.said.text, rules.read(kept.said.text, names), asked, careful)


def _others(turn: Talk, person: int) -> set[str]:
    """The names of everybody else in a person's cohorts."""
    return {p.name for c, _ in reached(turn, person) for p in turn.people.members(c.id) if p.id != person}


def forms(turn: Talk, said: Said) -> list[tuple[Cohort, Fillable, Form]]:
    """The forms that a message was written for, by the labels of its parts, with these in their fields."""
    author = turn.people.person(said.person)
    found = []
    for cohort, roles in reached(turn, said.person):
        for one in inside(turn, cohort, roles).collect(FILLABLE, cohort, author):
            form = filled(one.form, said.text, one.team)
            if form is not None:
                found.append((cohort, one, form))
    return found


def answers_asked(found: Sequence[Meaning], awaited: Awaited | None) -> Meaning | None:
    """The meaning that answers what a person was asked last, or None if that is already answered."""
    if awaited is None:
        return None
    key = (awaited.kind, awaited.cohort, awaited.asked.subject)
    return next((m for m in found if (m.kind, m.cohort, m.subject) == key and not m.filled), None)


def ask(turn: Talk, kept: PrivateMessage, problem: str = "") -> None:
    """Shows the choices below a message."""
    offered = meanings(turn, kept)
    if not offered:
        turn.store.settle(kept.id, "dropped")
        answer(turn, kept.said.person, kept.said.ref, outside(turn, kept.said.person, "words"))
        return
    mine = cohorts(turn, kept.said.person)
    if not mine and not problem:
        problem = views.has_ended(reached(turn, kept.said.person)[0][0])
    staff = is_staff(mine)
    possible = all_meanings(turn, kept.said)
    more = len([m for m in possible if not m.asked_only]) > len(offered)
    whole = [(cohort, form) for cohort, _one, form in forms(turn, kept.said)]
    if not problem and not whole and rules.answers_several(kept.said.text, possible):
        problem = _(views.SEVERAL)
    names = {c.name for c in turn.features.commands}
    learning = learns_in(turn, kept.said.person)
    suggested = views.beside(rules.helps(kept.said.text), names, learning.id if learning is not None else None)
    beside = [b for b in suggested if b.label not in {m.label for m in offered}]
    coming = () if any(m.field for m in possible) else _opens(turn, kept.said.person)
    opening = next((m.opening for m in offered if m.opening), "")
    thanking = learning is not None and not rules.has_wish(offered) and rules.thanks_somebody(kept.said.text)
    card = views.what_is_it(
        kept, offered, staff, problem, more, beside, coming, opening, thanking=thanking, forms=whole
    )
    answer(turn, kept.said.person, kept.said.ref, card)
    at = turn.now + rules.KEPT_FOR
    turn.plan(Plan(FORGET, str(kept.id), at.date().isoformat(), at))
    if learning is not None:
        zone = turn.people.person(kept.said.person).zone
        over = at_wall(local_day(kept.said.at, zone) + timedelta(days=1), time(0), zone)
        turn.plan(Plan(UNREAD, str(kept.id), "", over, learning.id))


def ask_about_words(turn: Talk, kept: PrivateMessage) -> None:
    """What a message asked for is done, and nobody has read its words: the course team may, if their author likes."""
    answer(turn, kept.said.person, kept.said.ref, views.words_left(kept, for_the_team(turn, kept)))


def for_the_team(turn: Talk, kept: PrivateMessage) -> list[Meaning]:
    """How the words of a message can go to the course team."""
    return [m for m in meanings(turn, kept) if m.audience == "team" and not m.field and m.fits != "wish"]


def learns_in(turn: Talk, person: int) -> Cohort | None:
    """A running cohort of which somebody is a learner."""
    return next((cohort for cohort, roles in cohorts(turn, person) if Role.LEARNER in roles), None)


def answer(turn: Talk, person: int, ref: MessageRef, message: Message) -> None:
    """Answers a message, where it was written."""
    turn.show(answer_to(ref), Direct(person, ref.workspace), message)


def wait(turn: Talk, kind: str, cohort: int, asks: Asked | None, anchor: str) -> None:
    """The person's next message answers what they were asked."""
    if asks is None:
        turn.store.stop_waiting(turn.me.id)
        return
    turn.store.wait(turn.me.id, Awaited(kind, cohort, asks, anchor, turn.now))


def pass_by(turn: Talk, person: int, state: Waiting = "passed") -> None:
    """Removes the question from a card when its reader turned to something else."""
    awaited = turn.store.awaited(person)
    if awaited is None or awaited.state == "stopped":
        return
    if awaited.state == "open":
        turn.happened(card_changed(person, awaited, asks=False))
    if awaited.state != state:
        turn.store.wait(person, replace(awaited, state=state))


def card_changed(person: int, awaited: Awaited, *, asks: bool) -> CardChanged:
    """Has the card that asked a person something shown again."""
    asked = awaited.asked
    return CardChanged(awaited.cohort, person, awaited.kind, asked.subject, asked.card, awaited.anchor, asks)
