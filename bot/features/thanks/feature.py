"""Thanks: said with one gesture, heard in private, so that it costs nobody a message.

Those who were thanked and agree are named in 'the week together', without a count and without who thanked them.
"""

from collections.abc import Sequence

from bot.core.contributions import AGENDA, NAMELESS_THANKS, Upcoming
from bot.core.errors import NotFound
from bot.core.facts import NameChanged, NamingChanged, PersonErased, QuestionSolved, TogetherChanged
from bot.core.feature import Chosen, Press, Reply
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.time import local_day
from bot.core.translation import N_
from bot.core.turn import Turn
from bot.core.voice import Hush
from bot.features.thanks import reporting, saying, views
from bot.features.thanks.giving import anchor, ask, give
from bot.features.thanks.rules import EVER
from bot.features.thanks.store import ThanksStore, feature

__all__ = ["feature", "reporting", "saying"]


@feature.shortcut("thank", label=N_("Thank"), roles=MEMBERS)
def thank(turn: Turn[ThanksStore], chosen: Chosen) -> Reply:
    """Thank whoever wrote a message. They hear it with their next card, and nobody else does."""
    author = turn.people.owner(chosen.author.account) if chosen.author else None
    if author is None:
        private = turn.place is not None and turn.place.direct
        raise NotFound(reply=views.from_nobody(turn.collect(NAMELESS_THANKS, turn.here, turn.me) if private else ()))
    return give(turn, author, chosen.message)


# Who may be named


@feature.on(QuestionSolved)
def ask_helper(turn: Turn[ThanksStore], fact: QuestionSolved) -> None:
    """Whoever answered a question in the channel may be named, too."""
    if fact.private or fact.by is None:
        return
    if any(m.cohort == fact.cohort and m.role is Role.LEARNER for m in turn.people.memberships(fact.by)):
        ask(turn, fact.by, Role.LEARNER)


@feature.action("name_me", roles=MEMBERS, lane="private", after_end=True)
def agree(turn: Turn[ThanksStore], press: Press) -> Reply:
    return _say(turn, True)


@feature.action("not_me", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def disagree(turn: Turn[ThanksStore], press: Press) -> Reply:
    return _say(turn, False)


def _say(turn: Turn[ThanksStore], agreed: bool) -> Reply:
    cohort, me = turn.here, turn.me
    before = turn.store.naming(cohort.id).get(me.id)
    # Who has left without an answer is not named anyway.
    if before is not agreed and (before is not None or turn.roles):
        turn.store.set_naming(cohort.id, me.id, agreed)
        turn.happened(NamingChanged(cohort.id, me.id, agreed))
        _follow_all(turn, cohort, me.id)
    said, key = views.may_be_named(cohort.id, agreed), anchor(cohort.id, me.id)
    if turn.links.shown([key]):
        turn.show_to(me.id, key, said)
    else:
        turn.say(Hush(key))
    return None if turn.about == key else said


@feature.contributes(AGENDA)
def upcoming(turn: Turn[ThanksStore], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
    """What they said, and how to change it."""
    agreed = turn.store.naming(cohort.id).get(person.id)
    if agreed is None:
        return []
    return [Upcoming((views.naming_line(agreed),), None, views.name_button(cohort.id, not agreed), last=True)]


@feature.on(PersonErased)
def erase(turn: Turn[ThanksStore], fact: PersonErased) -> None:
    """In all cohorts, because they may have left one that named them."""
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        if turn.store.naming(cohort.id).get(fact.person):
            turn.store.set_naming(cohort.id, fact.person, False)
            _follow_all(turn, cohort, fact.person)


@feature.on(NameChanged)
def follow_name(turn: Turn[ThanksStore], fact: NameChanged) -> None:
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        if turn.store.naming(cohort.id).get(fact.person):
            _follow_all(turn, cohort, fact.person)


def _follow_all(turn: Turn[ThanksStore], cohort: Cohort, person: int) -> None:
    """Shows the posts of all weeks in which they were thanked without, or with, their name."""
    thanked = turn.store.received(cohort.id, person, EVER)
    for week in sorted({cohort.week_on(local_day(t.at, cohort.zone)) for t in thanked}):
        turn.happened(TogetherChanged(cohort.id, week))
