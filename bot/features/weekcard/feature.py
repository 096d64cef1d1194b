"""The week card: at each learner's own hour what the week is for, what to study, what to do and by when.

Each learner gets it once, on the week's first day. The card is edited when an item on it opens, is done or moved. The
cohort's channel gets one post, which opens the week's thread.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.asking import extras_of
from bot.core.calendar import usual_items
from bot.core.contributions import EXTRAS
from bot.core.due import Due, Plan
from bot.core.errors import NotFound, Refused
from bot.core.facts import CameUp, ItemDone, ItemMoved, ItemsChanged, ItemTakenBack
from bot.core.feature import Press, Reply
from bot.core.people import MEMBERS, STAFF, Role
from bot.core.planning import Planning
from bot.core.translation import N_, _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.weekcard import cards, contributing, rules, views
from bot.features.weekcard.store import Own, WeekcardStore, feature

__all__ = ["contributing", "feature"]

USEFUL = timedelta(days=5)
"""How late a card is still useful."""


# Planning


@feature.planned("open", "together", "begin")
def plan(turn: Turn[WeekcardStore], planning: Planning) -> Iterator[Plan]:
    return cards.plan(turn, planning)


# What comes with time


@feature.due("open", within=USEFUL, fold=True, title=N_("Week cards"))
def open_for_learners(turn: Turn[WeekcardStore], batch: Sequence[Due]) -> None:
    by_week: dict[int, set[int]] = {}
    for due in batch:
        if due.person is not None:
            by_week.setdefault(cards.week_of(due.occurrence), set()).add(due.person)
    for week, people in by_week.items():
        cards.hand_out(turn, turn.here, week, people)


@feature.due("together", within=USEFUL, fold=True, title=N_("The post that opens a week"), by_day=True)
def open_for_cohort(turn: Turn[WeekcardStore], batch: Sequence[Due]) -> None:
    for due in batch:
        cards.post_opening(turn, turn.here, cards.week_of(due.occurrence))


@feature.due("begin", within=USEFUL)
def follow_begins(turn: Turn[WeekcardStore], batch: Sequence[Due]) -> None:
    cards.follow_begins(turn, turn.here, {int(due.subject.partition("/")[2]) for due in batch})


# What changes on a card


def follow_item(turn: Turn[WeekcardStore], fact: ItemDone | ItemTakenBack | ItemMoved) -> None:
    about = None if fact.person is None else turn.people.person(fact.person)
    cards.follow_item(turn, turn.here, fact.name, about)


feature.on(ItemDone)(follow_item)
feature.on(ItemTakenBack)(follow_item)
feature.on(ItemMoved)(follow_item)


@feature.on(ItemsChanged)
def follow_items(turn: Turn[WeekcardStore], fact: ItemsChanged) -> None:
    cards.follow_items(turn, turn.here, None if fact.person is None else turn.people.person(fact.person))


@feature.on(CameUp)
def follow_downtime(turn: Turn[WeekcardStore], fact: CameUp) -> None:
    cards.follow_items(turn, turn.here, None)


# On request


@feature.action("show", roles=MEMBERS, lane="private")
def show(turn: Turn[WeekcardStore], press: Press) -> Reply:
    """The present card of this week or of the given one; the course team sees the card of a learner in their zone."""
    cohort, me = turn.here, turn.me
    course = course_of(cohort.course_text)
    now = rules.present(cohort, me.zone, turn.now)
    if now < 1:
        return views.not_yet(cohort, rules.first_day(cohort, me, 1))
    meant = read_number(press.subject) if press.subject else now
    week = cards.content_of(turn, cohort, min(meant or 0, now, len(course.weeks)))
    if week is None:
        raise NotFound
    learns = Role.LEARNER in turn.roles
    extras = extras_of(turn, cohort, week.number, [me])[me.id] if learns else turn.collect(EXTRAS, cohort, week.number)
    return views.page(cohort.id, week, _own(turn, week.number), turn.now, extras)


@feature.action("preview", roles=STAFF, lane="private")
def preview(turn: Turn[WeekcardStore], press: Press) -> Reply:
    """Next week's card, or that of the given week."""
    cohort, me = turn.here, turn.me
    following = max(1, rules.present(cohort, me.zone, turn.now) + 1)
    week = cards.content_of(turn, cohort, (read_number(press.subject) or 0) if press.subject else following)
    if week is None:
        raise Refused(_("No week is ahead any more, so there is no card to preview."))
    extras = turn.collect(EXTRAS, cohort, week.number)
    return views.preview(cohort, week, _own(turn, week.number), extras, rules.first_day(cohort, me, week.number))


def _own(turn: Turn[WeekcardStore], week: int) -> Own:
    """The learner's own card; for the course team, that of most learners in their zone."""
    cohort, me = turn.here, turn.me
    if Role.LEARNER in turn.roles:
        items = cards.items_of(turn, cohort, [me])
    else:
        usual = usual_items(turn, cohort, me.zone, me.hour)
        # Nobody is late on a card for the course team.
        passed = {i.name: replace(i, essential=False, required=False) for i in usual if not i.is_ahead(turn.now)}
        items = {me.id: [passed.get(i.name, i) for i in usual]}
    return cards.own(turn, cohort, week, [me], items)[me.id]
