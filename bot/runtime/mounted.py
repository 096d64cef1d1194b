"""What a turn can ask of all mounted features, and where messages and pages are, within one unit of work."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from copy import copy
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any, ParamSpec, TypeVar

from bot.core.asking import asked_of
from bot.core.bounds import fit
from bot.core.commands import Command
from bot.core.contributions import AGENDA, AGENDA_AFTER_END, Contribution, Item, Upcoming
from bot.core.due import Due
from bot.core.effects import Show, Target, Withdraw
from bot.core.errors import NotFound, Unavailable
from bot.core.facts import CohortEnded, Left, Missed, PersonErased
from bot.core.failures import log_failure
from bot.core.forms import Kept, Upload
from bot.core.keeping import Copied, KeptTable
from bot.core.people import Cohort, MessageRef, Person, Place
from bot.core.planning import taken_back
from bot.core.private import Meaning, Receipt, Said
from bot.core.turn import Erasure, Foreseen, Held, Outgoing, Turn
from bot.core.uptime import Outage
from bot.core.voice import Hush
from bot.runtime.channel import ChannelPosts
from bot.runtime.joined import known_as
from bot.runtime.personal import copy_of
from bot.runtime.ports import Unit, VoiceStore
from bot.runtime.registry import Registry
from bot.runtime.voice import voice, when_heard

log = logging.getLogger(__name__)

A = ParamSpec("A")
R = TypeVar("R")


class _TriedOutError(Exception):
    """Takes back what was tried out."""


class MountedFeatures:
    """The `Features` of bot/core/turn.py, within one unit of work."""

    def __init__(self, registry: Registry, unit: Unit) -> None:
        self._registry = registry
        self._unit = unit

    @property
    def commands(self) -> Sequence[Command]:
        return self._registry.commands

    @property
    def known(self) -> dict[Any, Any]:
        return self._unit.known

    def upcoming(self, turn: Turn[Any], person: Person, cohort: Cohort) -> Sequence[Upcoming]:
        kind = AGENDA if cohort.ended_at is None else AGENDA_AFTER_END
        found = self.collect(turn, kind, person, cohort)
        return sorted(found, key=lambda u: (not u.first, u.last, u.at is None, u.at or turn.now, not u.counts))

    def pending(self, turn: Turn[Any], cohort: Cohort, people: Sequence[Person]) -> Sequence[tuple[int, Item]]:
        found = [one for one in asked_of(turn, cohort, people) if one[1].is_pending(turn.now)]
        dates = [(one[1].next_date(turn.now), one) for one in found]
        return [one for at, one in sorted(dates, key=lambda d: (d[0] is None, d[0] or turn.now))]

    def collect(self, turn: Turn[Any], kind: Contribution[A, R], *args: A.args, **named: A.kwargs) -> Sequence[R]:
        found: list[R] = []
        for feature in self._registry.features:
            for contribute in feature.contributions.get(kind.name, ()):
                own = with_store(turn, self._unit, feature.name)
                if not kind.spared:
                    found += map(fit, contribute(own, *args, **named))
                    continue
                try:
                    with self._unit.savepoint():
                        found += list(map(fit, contribute(own, *args, **named)))
                except Unavailable:
                    raise
                except Exception:
                    log_failure(log, "%s: what it adds to %r is left out", feature.name, kind.name)
        return found

    def try_out(self, turn: Turn[Any], change: Callable[[Turn[Any]], object], look: Callable[[Turn[Any]], R]) -> R:
        found: list[R] = []
        own = replace(turn, effects=[], facts=[], plans=[], remarks=[], audit=[], forgotten=[], discarded=[])
        try:
            with self._unit.savepoint():
                change(own)
                publish_facts(self._registry, self._unit, own)
                found.append(look(own))
                raise _TriedOutError
        except _TriedOutError:
            return found[0]

    def meanings(self, turn: Turn[Any], said: Said, cohort: Cohort) -> Sequence[Meaning]:
        return [
            replace(meaning, kind=kind)
            for feature in self._registry.features
            for kind, listing in feature.meaning_lists.items()
            if cohort.ended_at is None or kind in self._registry.taken_after_end
            for meaning in listing(with_store(turn, self._unit, feature.name), said, cohort)
        ]

    def leave_out(self, turn: Turn[Any], rows: Sequence[Due]) -> None:
        for due in rows:
            self._unit.schedule.leave_out(due)
        if rows:
            turn.happened(Missed(rows[-1].cohort, rows[-1].kind, rows[-1].at))

    def left_out(self, cohort: int) -> Sequence[tuple[str, Due]]:
        rows = self._unit.schedule.left_out(cohort, self._registry.folded)
        found = ((self._registry.due(due.kind), due) for due in rows)
        return [(handler.policy.title, due) for handler, due in found if handler is not None]

    def titles(self) -> Mapping[str, str]:
        return self._registry.titles

    def foresee(self, turn: Turn[Any], rows: Sequence[Due]) -> Foreseen:
        handler = self._registry.due(rows[0].kind)
        if handler is None:
            return Foreseen()
        now = [replace(row, at=turn.now) for row in rows]

        def look(own: Turn[Any]) -> Foreseen:
            wanted, more = {r.person for r in own.remarks if not isinstance(r, Hush)}, bool(own.effects or own.plans)
            told = when_heard(with_store(own, self._unit, voice.name), own.remarks) if wanted else {}
            return Foreseen(told, frozenset(wanted - told.keys()), more)

        return self.try_out(turn, lambda own: handler.run(with_store(own, self._unit, handler.feature), now), look)

    def settle_left_out(self, due: Due, at: datetime | None) -> None:
        self._unit.schedule.settle_left_out(due, at)

    @cached_property
    def outages(self) -> Sequence[Outage]:
        return self._unit.schedule.outages()

    def read_file(self, file: int) -> bytes | None:
        return self._unit.files.load({file}).get(file)

    def keep_file(self, turn: Turn[Any], person: int, upload: Upload) -> Kept:
        return Kept(self._unit.files.keep(person, upload, turn.now), upload.name)

    def kept_about(self, person: int) -> Sequence[tuple[KeptTable, int]]:
        kept = self._registry.kept
        counts = self._unit.personal(kept).counts(person)
        return [(table, counts[table.table]) for table in kept if table.table in counts]

    def copy_of(self, person: int, now: datetime) -> Copied:
        return copy_of(self._unit.personal(self._registry.kept), self._unit.people.person(person), now)

    def erasure(self, turn: Turn[Any], person: int) -> Erasure:
        def look(tried: Turn[Any]) -> int:
            changed = {d.effect.anchor for d in tried.effects if isinstance(d.effect, Withdraw | Show)}
            theirs = self._unit.outbox.told(person)
            naming = self._unit.store("voice").naming(known_as(self._unit.people, person), person)
            return len(
                {*tried.links.refs({*changed, *(parts[0].anchor for parts in naming)}).values(), *theirs.values()}
            )

        own = self._unit.personal(self._registry.kept).said(person)
        messages = self.try_out(turn, lambda tried: tried.happened(PersonErased(person)), look)
        return Erasure(messages, own)

    def take(self, turn: Turn[Any], kind: str, said: Said | None, subject: str) -> Receipt:
        taker = self._registry.taker(kind)
        if taker is None:
            raise NotFound
        feature, run = taker
        return run(with_store(turn, self._unit, feature), said, subject)


class UnitLinks:
    """The `Links` of bot/core/turn.py, within one unit of work."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit

    def ref(self, anchor: str) -> MessageRef | None:
        return self.refs([anchor]).get(anchor)

    def refs(self, anchors: Collection[str]) -> Mapping[str, MessageRef]:
        outbox = self._unit.outbox
        found = dict(outbox.refs(anchors))
        if leads := self._voice().leads([a for a in anchors if a not in found]):
            shared = outbox.refs(set(leads.values()))
            found |= {a: shared[lead] for a, lead in leads.items() if lead in shared}
        return found

    def shown(self, anchors: Collection[str]) -> Set[str]:
        outbox = self._unit.outbox
        found = set(outbox.shown(anchors))
        if leads := self._voice().leads([a for a in anchors if a not in found]):
            shared = outbox.shown(set(leads.values()))
            found |= {a for a, lead in leads.items() if lead in shared}
        return found

    def held(self, cohort: int, beginning: str) -> Mapping[str, Held]:
        return self._unit.outbox.held(cohort, beginning)

    def outgoing(self, cohort: int) -> Sequence[Outgoing]:
        return self._unit.outbox.outgoing(cohort)

    def waiting(self, anchors: Collection[str]) -> Set[str]:
        return self._voice().held(anchors)

    def root(self, cohort: Cohort, place: Place, anchor: str, now: datetime) -> Target:
        return self._posts().root(cohort, place, anchor, now)

    def thread(self, anchor: str) -> Target:
        return self._posts().thread(anchor)

    def _posts(self) -> ChannelPosts:
        return ChannelPosts(self._voice(), self._unit.outbox, self._unit.schedule.outages())

    def _voice(self) -> VoiceStore:
        store: VoiceStore = self._unit.store("voice")
        return store

    @property
    def address(self) -> str:
        return self._unit.page_sessions.address

    def invite(self, person: int, path: str) -> str:
        return f"{self.address}/in/{self._unit.page_sessions.invite(person, path)}"


def with_store(turn: Turn[Any], unit: Unit, feature: str) -> Turn[Any]:
    """The same turn with another feature's store; declarations go into the same lists."""
    own = copy(turn)
    own.store = unit.store(feature)
    return own


def publish(registry: Registry, unit: Unit, turn: Turn[Any], happening: object) -> None:
    """Passes an event or a fact to all its subscribers."""
    for subscriber in registry.subscribers(type(happening)):
        subscriber.run(with_store(turn, unit, subscriber.feature), happening)


def publish_facts(registry: Registry, unit: Unit, turn: Turn[Any]) -> None:
    """Passes the facts of a turn, and those that follow from them, to their subscribers."""
    while turn.facts:
        fact = turn.facts.pop(0)
        cohort = unit.people.cohort(fact.cohort) if hasattr(fact, "cohort") else None
        if isinstance(fact, Left):
            unit.outbox.drop(turn.now, person=fact.person, cohort=fact.cohort)
            turn.plan(*taken_back(registry.kinds(), fact.cohort, fact.person))
        elif isinstance(fact, CohortEnded):
            unit.inbox.add(unit.outbox.drop(turn.now, cohort=fact.cohort), turn.now)
            turn.plan(*taken_back(registry.kinds(after_end=False), fact.cohort))
        publish(registry, unit, replace(turn, cohort=cohort or turn.cohort), fact)
