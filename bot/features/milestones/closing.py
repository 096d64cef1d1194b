"""What closes besides milestones: discussions, check-ins and wrap-ups, each as a milestone whose date can be moved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.asking import asked_of
from bot.core.calendar import usual_items
from bot.core.contributions import Item
from bot.core.errors import NotFound
from bot.core.facts import ItemMoved, MoreTimeGiven
from bot.core.people import Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.model import Milestone
from bot.course.moment import Moment
from bot.features.milestones import rules
from bot.features.milestones.handing import known as milestone_of
from bot.features.milestones.store import MilestoneStore, Window, item_name

Milestones = Turn[MilestoneStore]


def is_one(meant: str) -> bool:
    """Whether this is the name of something that closes, and not the id of a milestone, which has no '/'."""
    return "/" in meant


def open_for(turn: Milestones, cohort: Cohort, person: Person) -> list[Item]:
    """What is open for a learner and not done."""
    found = (item for _, item in asked_of(turn, cohort, [person]))
    return [item for item in found if _closes(item) and item.opens_at <= turn.now < item.due_at and not item.done]


def open_for_all(turn: Milestones) -> list[tuple[Milestone, datetime]]:
    """What is open for the cohort, with the close that most learners have, the soonest first."""
    found = [item for item in _usual(turn) if item.opens_at <= turn.now < item.due_at]
    return [(as_milestone(item), item.due_at) for item in sorted(found, key=lambda item: item.due_at)]


def known(turn: Milestones, meant: str) -> Milestone:
    """A milestone, or what closes as one. Raises NotFound."""
    return as_milestone(_named(turn, meant)) if is_one(meant) else milestone_of(turn, meant)


def due(turn: Milestones, meant: str, who: Person | None) -> datetime:
    """When it closes for one learner, or (None) for most. Raises NotFound if it was never theirs."""
    if who is None:
        return _named(turn, meant).due_at
    return window(turn, meant, who).due_at


def window(turn: Milestones, meant: str, who: Person) -> Window:
    found = [item for _, item in asked_of(turn, turn.here, [who]) if item.name == meant]
    if not found:
        raise NotFound
    return Window(meant, who.id, found[0].opens_at, found[0].due_at, optional=found[0].optional)


def windows(turn: Milestones, meant: str, people: Sequence[Person]) -> list[Window]:
    """Those of the learners who have not done it."""
    found = asked_of(turn, turn.here, people)
    return [Window(meant, id, i.opens_at, i.due_at, optional=i.optional) for id, i in found if _waits(i, meant)]


def move(turn: Milestones, meant: str, person: Person | None, days: int) -> None:
    """Closes it `days` later, for one learner or for all."""
    who = person.id if person else None
    before = turn.store.moves(turn.here.id).get((meant, who or 0), 0)
    turn.store.move(turn.here.id, meant, who, before + days, turn.me.id, turn.now)
    turn.happened(MoreTimeGiven(turn.here.id, who))
    turn.happened(ItemMoved(turn.here.id, meant, who))


def as_milestone(item: Item) -> Milestone:
    """By its name, title and clock; its date is that of the item."""
    moment = Moment(0, rules.MIDNIGHT, "learner" if item.own_clock else "cohort")
    return Milestone(item.name, item.week, item.title, moment, moment)


def _closes(item: Item) -> bool:
    return item.closes and not item.name.startswith(item_name(""))


def _waits(item: Item, meant: str) -> bool:
    return item.name == meant and not item.done


def _usual(turn: Milestones) -> list[Item]:
    """By the cohort's clock, each under the name that its learners' items have."""
    names = {
        item.key: item.name for _, item in asked_of(turn, turn.here, turn.people.members(turn.here.id, Role.LEARNER))
    }
    return [
        replace(item, name=names[item.key])
        for item in usual_items(turn, turn.here, turn.here.zone)
        if _closes(item) and item.key in names
    ]


def _named(turn: Milestones, meant: str) -> Item:
    found = [item for item in _usual(turn) if item.name == meant]
    if not found:
        raise NotFound(_("This is not in the course any more. `/cohort` shows what is."))
    return found[0]
