"""What closes besides milestones: discussions, check-ins and wrap-ups, each as a milestone whose date can be moved."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.core.asking import asked_of
from bot.core.calendar import usual_items
from bot.core.contributions import Item
from bot.core.errors import NotFound
from bot.core.facts import ItemMoved, MoreTimeGiven
from bot.core.moving import Moved
from bot.core.people import Cohort, Person, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.features.milestones import dates, handing, rules
from bot.features.milestones.store import MilestoneStore, Request, Window, item_name

Milestones = Turn[MilestoneStore]

Movable = tuple[Milestone, Window, list[int]]
"""A date of a learner, and by how many days they may move it or ask."""


def name_of(meant: Milestone) -> str:
    """The name of its item."""
    return meant.id if rules.closes(meant.id) else item_name(meant.id)


# For the learner whose date it is


def movable(turn: Milestones, cohort: Cohort, person: Person) -> list[Movable]:
    """The dates that a learner may move or ask to move, soonest first: of milestones, and of what has opened."""
    stored, course = turn.store.moves(cohort.id), course_of(cohort.course_text)
    found = handing.movable(turn, cohort, person.id)
    for item in dates.closing(turn, cohort, [person]).values():
        meant, own = rules.as_milestone(course, item), dates.window_of(item, person.id)
        if item.done or item.opens_at > turn.now:
            continue
        if days := rules.choices(meant, rules.moved_for(stored, item.name, person.id), own, turn.now):
            found.append((meant, own, days))
    return sorted(found, key=lambda one: one[1].due_at)


def mine(turn: Milestones, meant: str) -> tuple[Milestone, Window]:
    """A date as the acting person has it. Raises NotFound if it is not theirs."""
    if not rules.closes(meant):
        return handing.mine(turn, meant)
    item = dates.closing(turn, turn.here, [turn.me]).get((meant, turn.me.id))
    if item is None:
        raise NotFound(_("This is not in the course any more. `/cohort` shows what is."))
    return rules.as_milestone(course_of(turn.here.course_text), item), dates.window_of(item, turn.me.id)


def is_done(turn: Milestones, meant: Milestone) -> bool:
    """Whether the acting learner has done it."""
    if not rules.closes(meant.id):
        return turn.store.submission(turn.here.id, meant.id, turn.me.id) is not None
    return dates.closing(turn, turn.here, [turn.me])[meant.id, turn.me.id].done


def meant_by(turn: Milestones, cohort: Cohort, requests: Sequence[Request]) -> dict[int, Milestone]:
    """What these requests are about, by their numbers; without what the course has no more."""
    course = course_of(cohort.course_text)
    there = dates.closing_asked(turn, cohort, requests)
    found = {}
    for request in requests:
        item = there.get((request.milestone, request.person))
        meant = rules.as_milestone(course, item) if item else course.milestone(request.milestone)
        if meant is not None:
            found[request.id] = meant
    return found


def left(turn: Milestones, cohort: Cohort, requests: Sequence[Request]) -> dict[int, Window]:
    """The dates that these requests are about, by their numbers; without what was done in time, or is not there any
    more. More time still makes good what came after the close."""
    who = {r.person for r in requests}
    windows = {(w.milestone, w.person): w for w in turn.store.windows(cohort.id, who)}
    done = turn.store.handed_in(cohort.id, who)
    windows = {key: window for key, window in windows.items() if key not in done}
    for key, item in dates.closing_asked(turn, cohort, requests).items():
        if not item.done or item.late:
            windows[key] = dates.window_of(item, key[1])
    return {r.id: window for r in requests if (window := windows.get((r.milestone, r.person)))}


# For the course team


def open_for_all(turn: Milestones) -> list[tuple[Milestone, datetime]]:
    """What is open for the cohort, with the close that most learners have, the soonest first."""
    found = [item for item in _usual(turn) if item.opens_at <= turn.now < item.due_at]
    course = course_of(turn.here.course_text)
    return [(rules.as_milestone(course, item), item.due_at) for item in sorted(found, key=lambda item: item.due_at)]


def known(turn: Milestones, meant: str) -> Milestone:
    """A milestone, or what closes as one. Raises NotFound."""
    if not rules.closes(meant):
        return handing.known(turn, meant)
    return rules.as_milestone(course_of(turn.here.course_text), _named(turn, meant))


def due(turn: Milestones, meant: str, who: Person | None) -> datetime:
    """When it closes for one learner, or (None) for most. Raises NotFound if it was never theirs."""
    if who is None:
        return _named(turn, meant).due_at
    return window(turn, meant, who).due_at


def window(turn: Milestones, meant: str, who: Person) -> Window:
    item = dates.closing(turn, turn.here, [who]).get((meant, who.id))
    if item is None:
        raise NotFound
    return dates.window_of(item, who.id)


def windows(turn: Milestones, meant: str, people: Sequence[Person]) -> list[Window]:
    """Those of the learners who have not done it."""
    found = dates.closing(turn, turn.here, people).items()
    return [dates.window_of(item, who) for (name, who), item in found if name == meant and not item.done]


# A date moves


def give(turn: Milestones, meant: Milestone, person: Person | None, days: int) -> list[Window]:
    """Moves a date by `days` more, for one learner or for all. Returns the windows of a milestone that changed."""
    if not rules.closes(meant.id):
        return dates.move(turn, meant, person, days)
    who = person.id if person else None
    before = turn.store.moves(turn.here.id).get((meant.id, who or 0), 0)
    turn.store.move(turn.here.id, meant.id, who, before + days, turn.me.id, turn.now)
    turn.happened(MoreTimeGiven(turn.here.id, who))
    turn.happened(ItemMoved(turn.here.id, meant.id, who))
    return []


def given(meant: Milestone, changed: Sequence[Window], foreseen: Sequence[Moved], usual: datetime) -> datetime:
    """When it is due after that: what closes moves only after the handler, as it was `foreseen`."""
    if changed:
        return changed[0].due_at
    return next((one.item.due_at for one in foreseen if one.item.name == name_of(meant)), usual)


def _usual(turn: Milestones) -> list[Item]:
    """By the cohort's clock, each under the name that its learners' items have."""
    names = {
        item.key: item.name for _, item in asked_of(turn, turn.here, turn.people.members(turn.here.id, Role.LEARNER))
    }
    return [
        replace(item, name=names[item.key])
        for item in usual_items(turn, turn.here, turn.here.zone)
        if dates.is_closing(item) and item.key in names
    ]


def _named(turn: Milestones, meant: str) -> Item:
    found = [item for item in _usual(turn) if item.name == meant]
    if not found:
        raise NotFound(_("This is not in the course any more. `/cohort` shows what is."))
    return found[0]
