"""Chat: messages, edits, deletions, reactions and accounts, handled in order within each conversation."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.core.errors import Unavailable, reason
from bot.core.events import Chat, MessageDeleted, MessageEdited, MessagePosted, PlaceMoved, ReactionChanged
from bot.core.failures import log_failure
from bot.core.message import message, paragraph
from bot.core.ports import Directory
from bot.core.translation import _
from bot.core.turn import Turn
from bot.runtime.context import NotYet, begin, follow_actor, locate
from bot.runtime.mounted import publish
from bot.runtime.ports import Received, Unit
from bot.runtime.registry import Registry
from bot.runtime.turns import finish

log = logging.getLogger(__name__)

BATCH = 64
"""Events in one unit of work."""

SLICE = 8
"""Events after which a unit of work ends early if something else has arrived."""

TRIES = 3
"""Tries of an event before it is set aside."""

RETRY_AFTER = timedelta(seconds=5)
WAIT_FOR_REFERENCE = timedelta(seconds=1)
"""At most: what has arrived ends the wait."""

Said = MessagePosted | MessageEdited | MessageDeleted | ReactionChanged
"""What people say and do in a channel."""

Outcome = Literal["done", "later", "aside"]


def concerns_us(people: Directory, event: Chat) -> bool:
    """False for what people say and do in a channel that no cohort uses or used: nothing of that is stored."""
    if isinstance(event, Said):
        return event.place.direct or people.cohort_at(event.place, ended=True) is not None
    return True


class ChatEvents:
    """Handles the events in the inbox."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def handle_waiting(self, unit: Unit, now: datetime, is_wanted: Callable[[], bool]) -> int:
        """Handles at most `BATCH` events, oldest first, and only `SLICE` if something that has arrived waits to be
        stored; returns how many were tried."""
        held: set[str] = set()
        done: list[int] = []
        tried = 0
        for received in unit.inbox.take(now, BATCH):
            if received.event.lane in held:
                continue
            if tried >= SLICE and is_wanted():
                break
            tried += 1
            if done and not isinstance(received.event, MessagePosted):
                # It may be about one of them.
                unit.inbox.done(done)
                done.clear()
            outcome = self.handle(unit, received, now)
            if outcome == "done":
                done.append(received.id)
            elif outcome == "later":
                held.add(received.event.lane)
        if done:
            unit.inbox.done(done)
        return tried

    def handle(self, unit: Unit, received: Received, now: datetime) -> Outcome:
        """Handles one event in a savepoint. 'later': it waits, and so do later events of its conversation."""
        try:
            with unit.savepoint():
                self._handle(unit, received, now)
        except NotYet:
            unit.inbox.postpone(received, now + WAIT_FOR_REFERENCE)
            return "later"
        except Unavailable:
            raise
        except Exception as e:
            if received.tries + 1 >= TRIES:
                log_failure(log, "%s was set aside after %d tries", received.event.key, TRIES)
                unit.inbox.set_aside(received, reason(e))
                return "aside"
            log.warning("%s failed, and will be tried again: %s", received.event.key, reason(e))
            unit.inbox.postpone(received, now + RETRY_AFTER, reason(e))
            return "later"
        return "done"

    def _handle(self, unit: Unit, received: Received, now: datetime) -> None:
        event = received.event
        if isinstance(event, PlaceMoved) and unit.people.cohort_at(event.to, ended=True) is None:
            unit.move(event.place, event.to)
        turn = begin(self._registry, unit, event, now)
        follow_actor(self._registry, unit, turn)
        locate(unit, turn, received.at)
        publish(self._registry, unit, turn, event)
        if isinstance(event, MessagePosted | MessageEdited) and event.unread:
            _say_what_was_cut(turn, event)
        finish(self._registry, unit, turn)


def _say_what_was_cut(turn: Turn[Any], event: MessagePosted | MessageEdited) -> None:
    if turn.cohort is not None or event.place.direct:
        why = _(
            "Your message is too long: its last {unread} characters were not read. "
            "Please send them as another message.",
            unread=f"{event.unread:,}",
        )
        said = message(paragraph(why))
        turn.whisper(turn.me.id, event.place, said)
