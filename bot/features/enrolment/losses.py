"""What the managers are told of channels that take nothing: one message for each cause, kept true where it stands.

A cause that comes back within a day changes the message of the day before, so a channel that is lost and found again
and again is one message. A cause that concerns a whole workspace is one message about all of a manager's cohorts there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.errors import NOT_THE_CHANNEL
from bot.core.message import Text, message, paragraph
from bot.core.naming import name_of
from bot.core.people import Channel, Cohort, Person, Place, Role
from bot.core.turn import Turn
from bot.core.voice import Awaited, Hush, Line
from bot.course.loader import course_of
from bot.features.enrolment import setup_views as views
from bot.features.enrolment.store import EnrolmentStore

TELL_WITHIN = timedelta(days=14)
SAME = 2
"""For so many days, beginning today, the message of a cause is the same."""

WORKSPACE = "workspace/"
"""The cause for which the channels of a lost workspace are lost."""


@dataclass(frozen=True, slots=True)
class Loss:
    """A `cause` for which channels of a workspace take nothing. `cohort`: whose channels; None if all of the workspace
    is concerned."""

    workspace: str
    cause: str
    cohort: Cohort | None = None

    @property
    def of(self) -> str:
        return str(self.cohort.id) if self.cohort is not None else self.workspace


@dataclass(frozen=True, slots=True)
class _Told:
    """A manager who is told of a loss, the keys of its messages, and their cohorts whose channels are lost for it."""

    manager: Person
    keys: Sequence[str]
    cohorts: Sequence[Cohort]
    lost: Sequence[Cohort]


def loss_of(cohort: Cohort, place: Place, cause: str) -> Loss:
    """The loss of a cohort's channel."""
    whole = cause == WORKSPACE or cause.partition("/")[0] in NOT_THE_CHANNEL
    return Loss(place.workspace, cause, None if whole else cohort)


def places(turn: Turn[EnrolmentStore], cohort: Cohort, cause: str) -> Sequence[Place]:
    """The channels of a cohort that are lost for a cause."""
    return [place for place, why in turn.store.lost(cohort.id).items() if why == cause]


def by_cause(turn: Turn[EnrolmentStore], cohort: Cohort) -> Mapping[str, Sequence[Channel]]:
    """The channels of a cohort in which nothing can be posted, by cause."""
    causes = turn.store.lost(cohort.id) if any(bound.lost_at is not None for bound in cohort.channels) else {}
    found: dict[str, list[Channel]] = {}
    for bound in cohort.channels:
        if bound.place in causes:
            found.setdefault(causes[bound.place], []).append(bound)
    return found


def hears_at(turn: Turn[EnrolmentStore], loss: Loss) -> datetime | None:
    """When the first manager hears of a loss, or now if one has heard of it; None if nobody can be told."""
    found = []
    for told in _reached(turn, loss):
        if turn.links.shown(told.keys):
            return turn.now
        if turn.links.waiting(told.keys):
            course, manager = course_of(told.cohorts[0].course_text), told.manager
            found.append(course.messages.waking(turn.now, manager.hour, manager.zone))
    return min(found, default=None)


def tell(turn: Turn[EnrolmentStore], loss: Loss) -> None:
    """Tells the managers a loss, where they were told it last if that is not long ago."""
    until = turn.now + TELL_WITHIN
    for told in _reached(turn, loss):
        if not told.lost:
            continue
        turn.cohort, keys, text = told.lost[0], told.keys, _lost(turn, loss, told)
        turn.say(Hush(_again(keys[0])))
        there = turn.links.shown(keys[:SAME])
        if there:
            turn.show_to(told.manager.id, next(k for k in keys if k in there), message(paragraph(*text)))
        else:
            turn.say(Line(told.manager.id, turn.here.id, keys[0], text, until, Role.MANAGER, urgent=True))


def correct(turn: Turn[EnrolmentStore], loss: Loss, purpose: str = "") -> None:
    """Changes what the managers were told, when the channel for `purpose`, or a workspace, is found.

    Nobody who has not heard of the loss yet hears of it once nothing is lost for it any more, and nobody looks at a
    changed message after days.
    """
    until = turn.now + TELL_WITHIN
    for told in _reached(turn, loss):
        turn.cohort, keys, manager = (told.lost or told.cohorts)[0], told.keys, told.manager.id
        text = _lost(turn, loss, told) if told.lost else _found(turn, loss, told, purpose)
        waiting, there = turn.links.waiting(keys), turn.links.shown(keys)
        for key in waiting:
            line = Line(manager, turn.here.id, key, text, until, Role.MANAGER, urgent=True)
            turn.say(line if told.lost else Hush(key))
        if there:
            key = next(k for k in keys if k in there)
            turn.show_to(manager, key, message(paragraph(*text)))
            if not told.lost and key not in keys[:SAME]:
                turn.say(Awaited(manager, turn.here.id, _again(keys[0]), text, until))


def drop(turn: Turn[EnrolmentStore], loss: Loss) -> None:
    """Takes back what the managers were told of a cause that another one has replaced everywhere."""
    for told in _reached(turn, loss):
        if told.lost:
            continue
        turn.cohort = told.cohorts[0]
        for key in turn.links.waiting(told.keys):
            turn.say(Hush(key))
        for key in turn.links.shown(told.keys):
            turn.withdraw(key)


def _reached(turn: Turn[EnrolmentStore], loss: Loss) -> Iterator[_Told]:
    """The managers who can be told: nobody hears in a workspace that is lost, and later it is not true any more."""
    near = [c for c in turn.people.cohorts() if any(b.place.workspace == loss.workspace for b in c.channels)]
    cohorts = [loss.cohort] if loss.cohort is not None else near
    managers = {p.id: p for c in cohorts for p in turn.people.members(c.id, Role.MANAGER)}
    lost = {c.id for c in cohorts if any(p.workspace == loss.workspace for p in places(turn, c, loss.cause))}
    for manager in managers.values():
        account = turn.people.account(manager.id)
        if account is None or (loss.cause == WORKSPACE and account.workspace == loss.workspace):
            continue
        mine = [c for c in cohorts if manager.id in {p.id for p in turn.people.members(c.id, Role.MANAGER)}]
        yield _Told(manager, _keys(turn, loss, manager.id), mine, [c for c in mine if c.id in lost])


def _lost(turn: Turn[EnrolmentStore], loss: Loss, told: _Told) -> Text:
    names = [name_of(turn.people, told.manager.id, c) for c in told.lost]
    if loss.cause == WORKSPACE:
        return views.workspace_lost(names)
    lost = {place for c in told.lost for place in places(turn, c, loss.cause)}
    why, _slash, needs = loss.cause.partition("/")
    return views.channels_lost(names, [b.purpose for c in told.lost for b in c.channels if b.place in lost], why, needs)


def _found(turn: Turn[EnrolmentStore], loss: Loss, told: _Told, purpose: str) -> Text:
    names = [name_of(turn.people, told.manager.id, c) for c in told.cohorts]
    return views.channels_found(names, [purpose]) if purpose else views.workspace_found(names)


def _keys(turn: Turn[EnrolmentStore], loss: Loss, manager: int) -> list[str]:
    """The keys of a cause's messages, by the day on which it was told; today's first."""
    days = (turn.now.date() - timedelta(days=n) for n in range(TELL_WITHIN.days + 1))
    return [f"lost/{loss.of}/{manager}/{loss.cause}/{day}" for day in days]


def _again(key: str) -> str:
    """The key of the line that it is well again, which has no day."""
    return f"{key.rpartition('/')[0]}/again"
