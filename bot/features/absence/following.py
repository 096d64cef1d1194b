"""Cards and receipts follow the dates that they name, and the clock of their reader."""

from collections.abc import Collection

from bot.core.facts import CameUp, DatesMoved, ItemDone, ItemMoved, ItemsChanged, ItemTakenBack, ZoneChanged
from bot.core.people import Role
from bot.core.turn import Turn
from bot.features.absence import catchup, receipts
from bot.features.absence.store import AbsenceStore, feature

Absences = Turn[AbsenceStore]


@feature.on(ItemMoved)
def follow_move(turn: Absences, fact: ItemMoved) -> None:
    _show_again(turn, None if fact.person is None else {fact.person})


def follow_dates(turn: Absences, fact: DatesMoved | CameUp) -> None:
    _show_again(turn, None)


feature.on(DatesMoved)(follow_dates)
feature.on(CameUp)(follow_dates)


def follow_work(turn: Absences, fact: ItemDone | ItemTakenBack) -> None:
    _show_again(turn, {fact.person})


feature.on(ItemDone)(follow_work)
feature.on(ItemTakenBack)(follow_work)


@feature.on(ItemsChanged)
def follow_items(turn: Absences, fact: ItemsChanged) -> None:
    _show_again(turn, None if fact.person is None else {fact.person})


@feature.on(ZoneChanged)
def follow_clock(turn: Absences, fact: ZoneChanged) -> None:
    for membership in turn.people.memberships(fact.person):
        home = turn.people.cohort(membership.cohort)
        if home is not None and membership.role is Role.LEARNER:
            turn.cohort = home
            _show_again(turn, {fact.person})


def _show_again(turn: Absences, people: Collection[int] | None) -> None:
    catchup.show_again(turn, people)
    receipts.show_again(turn, turn.here, people)
