"""Ticks: claims and handles due rows in one unit of work."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.core.due import Due, Plan
from bot.core.errors import Unavailable
from bot.core.facts import CameUp, Missed
from bot.core.failures import log_failure
from bot.core.turn import Turn
from bot.core.uptime import BRIEF, NOTICED, Outage
from bot.core.voice import Card
from bot.course.loader import course_of
from bot.runtime.ports import Unit
from bot.runtime.preparing import AGAIN
from bot.runtime.registry import Registry
from bot.runtime.turns import blank_turn, finish
from bot.runtime.voice import SPEAK, Soon, speak_soon, voice

log = logging.getLogger(__name__)

BATCH = 1000
"""Rows in one unit of work: few enough that nobody waits long for the database."""


class Ticks:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry

    def note_downtime(self, unit: Unit, now: datetime, ran: datetime | None) -> bool:
        """Stores a downtime or a restart that has just ended, so that nothing is late by it. Returns whether it was a
        downtime. `ran`: when the loop last ran, None if that was in another process."""
        if ran is None:
            ran = unit.schedule.last_run()
        if ran is None:
            # Nothing is known of earlier runs. What was due would have happened then.
            first = unit.schedule.next_at()
            ran = first if first is not None and now - first >= NOTICED else now
        outage = Outage(ran, now)
        if now - ran >= BRIEF:
            unit.schedule.was_down(outage)
        return outage.is_downtime

    def tick(self, unit: Unit, now: datetime, was_down: bool = False) -> tuple[int, list[Due]]:
        """Handles what is due, oldest first and at most `BATCH` rows. Returns how many rows were claimed, and those of
        them whose work takes long: it is done outside of the unit, and they are put off, in case it is not. `was_down`:
        a downtime has just ended."""
        claimed = unit.schedule.take(now, BATCH)
        long = [due for due in claimed if self._registry.preparing(due.kind) is not None]
        if long:
            unit.schedule.put_off(long, now + AGAIN)
            claimed = [due for due in claimed if due not in long]
        if was_down:
            claimed = self._without_posts(unit, claimed) or claimed
        useful = self._useful(unit, claimed, now)
        if was_down:
            self._come_up(unit, now)
        soon: Soon = {}
        for (kind, cohort), rows in groupby((d for d in useful if d.kind != SPEAK), key=lambda d: (d.kind, d.cohort)):
            self._run(unit, kind, cohort, list(rows), now, soon)
        if soon:
            self._speak(unit, list(soon.values()), now)
        # Last, so that a line goes with a card of the same instant.
        if spoken := [d for d in useful if d.kind == SPEAK]:
            self._run(unit, SPEAK, 0, spoken, now, {})
        return len(claimed) + len(long), long

    def _come_up(self, unit: Unit, now: datetime) -> None:
        """Views of a date that the downtime moved show it."""
        for cohort in unit.people.cohorts():
            try:
                with unit.savepoint():
                    turn = blank_turn(self._registry, unit, voice.name, now)
                    turn.happened(CameUp(cohort.id))
                    finish(self._registry, unit, turn)
            except Unavailable:
                raise
            except Exception:
                log_failure(log, "The dates after a downtime in cohort %d are not shown", cohort.id)

    def _without_posts(self, unit: Unit, claimed: Sequence[Due]) -> Sequence[Due]:
        """What a downtime delayed, but for posts in channels: these come in the next round, in the order of their
        instants, with those that follow from the rest."""
        handlers = [(due, self._registry.due(due.kind)) for due in claimed]
        posts = [due for due, handler in handlers if handler is not None and handler.policy.by_day]
        if len(posts) == len(claimed):
            return ()
        for due in posts:
            unit.schedule.put_off([due], due.at)
        return [due for due in claimed if due not in posts]

    def _speak(self, unit: Unit, cards: Sequence[Card], now: datetime) -> None:
        """Sends cards that are due now without storing them first. If that fails, each person's are stored, and sent by
        themselves: one bad card stops nobody else's."""
        try:
            with unit.savepoint():
                turn = blank_turn(self._registry, unit, voice.name, now)
                speak_soon(turn, cards)
                finish(self._registry, unit, turn)
        except Unavailable:
            raise
        except Exception:
            log_failure(log, "Speaking to %d people at once failed", len(cards))
            for person, some in groupby(sorted(cards, key=lambda c: c.person), key=lambda c: c.person):
                self._store(unit, person, list(some), now)

    def _store(self, unit: Unit, person: int, cards: Sequence[Card], now: datetime) -> None:
        try:
            with unit.savepoint():
                turn = blank_turn(self._registry, unit, voice.name, now)
                turn.say(*cards)
                finish(self._registry, unit, turn)
        except Unavailable:
            raise
        except Exception:
            # The operator sees it, as for a row that failed.
            log_failure(log, "Speaking to person %d failed", person)
            lost = Due(SPEAK, str(person), f"{now.isoformat()}/lost", now, 0)
            unit.schedule.put([Plan(lost.kind, lost.subject, lost.occurrence, now)])
            unit.schedule.fail(lost)

    def _run(self, unit: Unit, kind: str, cohort: int, rows: list[Due], now: datetime, soon: Soon) -> None:
        """Handles one kind in one cohort. A batch that fails is handled row by row: one bad row stops no other."""
        try:
            self._handle(unit, kind, cohort, rows, now, soon)
        except Unavailable:
            raise
        except Exception:
            if len(rows) == 1:
                # Endless tries would block everything behind the row. The operator sees it and retries it.
                log_failure(log, "%s for %s failed", kind, rows[0].subject)
                unit.schedule.fail(rows[0])
                return
            for row in rows:
                self._run(unit, kind, cohort, [row], now, soon)

    def _handle(self, unit: Unit, kind: str, cohort: int, rows: Sequence[Due], now: datetime, soon: Soon) -> None:
        handler = self._registry.due(kind)
        if handler is None:
            raise LookupError(f"No feature handles {kind!r}.")
        heard = dict(soon)
        with unit.savepoint():
            home = unit.people.cohort(cohort) if cohort else None
            if home is not None and home.ended_at is not None and not handler.policy.after_end:
                return
            if home is not None and handler.policy.by_day:
                opens = course_of(home.course_text).messages.posting(now, home.zone)
                if opens > now:
                    unit.schedule.put_off(rows, opens)
                    return
            turn = replace(blank_turn(self._registry, unit, handler.feature, now), cohort=home)
            handler.run(turn, rows)
            _check_places(kind, rows, turn)
            finish(self._registry, unit, turn, heard)
        soon.clear()
        soon.update(heard)

    def _useful(self, unit: Unit, rows: Sequence[Due], now: datetime) -> list[Due]:
        """The rows that are still of use by the policy of their kind: not too late, and not overtaken by a newer one.
        Tells the features what was too late."""
        newest = {(d.kind, d.subject): d for d in rows}
        kept = []
        missed: dict[tuple[int, str], list[Due]] = {}
        for row in rows:
            handler = self._registry.due(row.kind)
            overtaken = handler is not None and handler.policy.fold and newest[row.kind, row.subject] is not row
            if handler is not None and now - row.at > handler.policy.within:
                missed.setdefault((row.cohort, row.kind), []).append(row)
                if handler.policy.title and not overtaken:
                    unit.schedule.leave_out(row)
            elif not overtaken:
                kept.append(row)
        for (cohort, kind), some in missed.items():
            first, last = some[0].at, some[-1].at
            log.warning("%s: %d planned for %s to %s left out: too late to be of use", kind, len(some), first, last)
            turn = blank_turn(self._registry, unit, voice.name, now)
            turn.happened(Missed(cohort, kind, last))
            finish(self._registry, unit, turn)
        return kept


def _check_places(kind: str, rows: Sequence[Due], turn: Turn[Any]) -> None:
    """Raises ValueError if a row kept a place in a person's budget for cards that all ride: others gave way to it."""
    cards = [r for r in turn.remarks if isinstance(r, Card)]
    leading = {card.person for card in cards if card.leads}
    riding = {card.person for card in cards} - leading
    if riding & {row.person for row in rows}:
        raise ValueError(f"{kind} plans for a person a card that rides. Leave the person out of the plan.")
