"""Absence: away for some days or until one says so, back to one card, and the one card after two silent weeks.

While somebody is away or silent, the voice says nothing unasked to them; it reads that from this feature's tables.
`away` holds going and coming back, `receipts` what falls due meanwhile, `catchup` the card that says where to go on,
`silence` who has not been heard, `offering` the pause that the course team offers, `wishes` what learners write in
private.
"""

from collections.abc import Iterator

from bot.core.due import Plan, Unplan
from bot.core.facts import ItemMoved, ItemsChanged, ItemTakenBack, Left
from bot.core.planning import Planning
from bot.core.turn import Turn
from bot.features.absence import away, catchup, following, offering, reporting, silence, wishes
from bot.features.absence.store import AbsenceStore, feature

__all__ = ["feature", "following", "offering", "reporting", "wishes"]


@feature.planned("begin", "back", "look", "missed", again=[ItemMoved, ItemTakenBack, ItemsChanged])
def plan(turn: Turn[AbsenceStore], planning: Planning) -> Iterator[Plan]:
    if planning.whole:
        yield from silence.plan(planning.cohort, turn.now)
    yield from away.plan(turn, planning)
    yield from catchup.plan_missed(turn, planning)


@feature.on(Left)
def forget_leaver(turn: Turn[AbsenceStore], fact: Left) -> None:
    turn.plan(Unplan(catchup.MISSED, fact.cohort, catchup.another_try(fact.cohort, fact.person)))
    turn.store.forget(fact.cohort, fact.person)
