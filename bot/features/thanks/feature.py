"""Thanks: said with one gesture, heard in private, so that it costs nobody a message.

Those who were thanked and agree are named in 'the week together', without a count and without who thanked them.
"""

from collections.abc import Sequence

from bot.core.contributions import AGENDA, Upcoming
from bot.core.errors import NotFound, Refused
from bot.core.facts import NameChanged, NamingChanged, PersonErased, QuestionSolved, TogetherChanged
from bot.core.feature import Chosen, Press, Reply
from bot.core.people import MEMBERS, Cohort, Person, Role
from bot.core.time import local_day
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.core.voice import Card, Hush, Line
from bot.features.thanks import reporting, views
from bot.features.thanks.rules import A_WEEK, EVER, USEFUL, since
from bot.features.thanks.store import Thanks, ThanksStore, feature

__all__ = ["feature", "reporting"]


@feature.shortcut("thank", label=N_("Thank"), roles=MEMBERS)
def thank(turn: Turn[ThanksStore], chosen: Chosen) -> Reply:
    """Thank whoever wrote a message. They hear it with their next card, and nobody else does."""
    author = turn.people.owner(chosen.author.account) if chosen.author else None
    if author is None:
        raise NotFound(_("There is nobody to thank for this: it was written by no member of the cohort."))
    if author.id == turn.me.id:
        raise Refused(_("This is your own message. Well done, all the same."))
    roles = [m.role for m in turn.people.memberships(author.id) if m.cohort == turn.here.id]
    if not roles:
        raise NotFound(_("{name} is not in this cohort any more.", name=author.name))
    given = turn.store.given(turn.here.id, turn.me.id, since(turn.now))
    if any(t.message == chosen.message for t in given):
        return views.thanked(author.name, A_WEEK - len(given))
    if len(given) >= A_WEEK:
        raise Refused(
            _(
                "You have thanked {a_week} times in seven days, which is as often as it counts. A reply works, too.",
                a_week=A_WEEK,
            )
        )
    turn.store.add(Thanks(turn.here.id, turn.me.id, author.id, chosen.message, turn.now))
    role = Role.LEARNER if Role.LEARNER in roles else roles[0]
    _tell(turn, author.id, role)
    _ask(turn, author.id, role)
    if turn.store.naming(turn.here.id).get(author.id):
        turn.happened(TogetherChanged(turn.here.id, turn.here.week_on(local_day(turn.now, turn.here.zone))))
    return views.thanked(author.name, A_WEEK - len(given) - 1)


def _tell(turn: Turn[ThanksStore], person: int, role: Role) -> None:
    """One line for everybody who thanked a person lately; it goes with their next message."""
    lately = turn.store.received(turn.here.id, person, since(turn.now))
    names = list(dict.fromkeys(turn.people.person(t.giver).name for t in lately))
    key = f"thanks/{turn.here.id}/{person}"
    turn.say(Line(person, turn.here.id, key, views.line(names, lately[-1].message), turn.now + USEFUL, role))


# Who may be named


def _anchor(cohort: int, person: int) -> str:
    return f"thanks/naming/{cohort}/{person}"


def _ask(turn: Turn[ThanksStore], person: int, role: Role) -> None:
    """Asks once whether somebody may be named; the question rides on their next card."""
    cohort = turn.here.id
    if role is Role.LEARNER and person not in turn.store.naming(cohort):
        turn.store.set_naming(cohort, person, None)
        asked = views.may_be_named(cohort, None)
        turn.say(Card(person, cohort, _anchor(cohort, person), asked, turn.now, turn.now + USEFUL))


@feature.on(QuestionSolved)
def ask_helper(turn: Turn[ThanksStore], fact: QuestionSolved) -> None:
    """Whoever answered a question in the channel may be named, too."""
    if fact.private or fact.by is None:
        return
    if any(m.cohort == fact.cohort and m.role is Role.LEARNER for m in turn.people.memberships(fact.by)):
        _ask(turn, fact.by, Role.LEARNER)


@feature.action("name_me", roles=MEMBERS, lane="private", after_end=True)
def agree(turn: Turn[ThanksStore], press: Press) -> Reply:
    return _say(turn, True)


@feature.action("not_me", roles=MEMBERS, lane="private", after_end=True)
def disagree(turn: Turn[ThanksStore], press: Press) -> Reply:
    return _say(turn, False)


def _say(turn: Turn[ThanksStore], agreed: bool) -> Reply:
    cohort, me = turn.here, turn.me
    before = turn.store.naming(cohort.id).get(me.id)
    turn.store.set_naming(cohort.id, me.id, agreed)
    if before is not agreed:
        turn.happened(NamingChanged(cohort.id, me.id, agreed))
        _follow_all(turn, cohort, me.id)
    said, anchor = views.may_be_named(cohort.id, agreed), _anchor(cohort.id, me.id)
    if turn.links.shown([anchor]):
        turn.show_to(me.id, anchor, said)
    else:
        turn.say(Hush(anchor))
    return None if turn.about == anchor else said


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
