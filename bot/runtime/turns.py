"""Makes a turn for a handler; then publishes its facts to the other features, and stores what it declared."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar, assert_never

from bot.core.effects import (
    Archive,
    Below,
    Create,
    Direct,
    Forget,
    Pin,
    React,
    RemoveMember,
    Show,
    Whisper,
    Withdraw,
)
from bot.core.naming import named
from bot.core.people import MessageRef
from bot.core.turn import Declared, Turn
from bot.runtime.access import without_refused
from bot.runtime.conflicts import own_words
from bot.runtime.joined import keep_naming, known_as, share, unlisted, whole_of
from bot.runtime.mounted import MountedFeatures, UnitLinks, publish_facts, with_store
from bot.runtime.personal import erase_rows
from bot.runtime.ports import NewDelivery, Part, Unit, VoiceStore
from bot.runtime.registry import Registry
from bot.runtime.voice import Soon, hear, voice

T = TypeVar("T")


def blank_turn(registry: Registry, unit: Unit, feature: str, now: datetime) -> Turn[Any]:
    """A turn without an event."""
    return Turn(now, unit.store(feature), unit.people, MountedFeatures(registry, unit), UnitLinks(unit))


def finish(registry: Registry, unit: Unit, turn: Turn[Any], soon: Soon | None = None) -> None:
    """Publishes the facts, and stores effects, plans and remarks in the same commit as the state that they belong to.
    `soon` is as in `bot.runtime.voice.hear`."""
    publish_facts(registry, unit, turn)
    if turn.remarks:
        hear(with_store(turn, unit, voice.name), turn.remarks, soon)
    if turn.plans:
        unit.schedule.put(turn.plans)
    if turn.effects:
        whole = share(unit.store(voice.name), _named(unit, turn.effects), turn.person.id if turn.person else None)
        keep_naming(unit.people, unit.store(voice.name), whole)
        effects = [_as_offered(registry, unit, e) for e in whole]
        actor = turn.person.id if turn.person else None
        unit.inbox.add(unit.outbox.put(address(unit, effects, actor), turn.now), turn.now)
    for place, instead in turn.reopened:
        unit.outbox.reopen(place, instead, turn.now)
    if turn.retried:
        unit.outbox.retry(turn.retried, turn.now)
    for act in turn.audit:
        unit.log(act.person, act.cohort, act.text)
    if turn.forgotten:
        unit.inbox.forget_texts(turn.forgotten, partial(own_words, registry, unit, turn))
        store: VoiceStore = unit.store(voice.name)
        never_came = store.joined(unit.outbox.forget_texts(turn.forgotten))
        store.drop_parts([part.anchor for parts in never_came for part in parts])
        store.forget_texts(turn.forgotten, {d.effect.anchor for d in turn.effects if isinstance(d.effect, Show)})
    for file in turn.discarded:
        unit.files.drop(file)
    for person in turn.erased:
        asked = turn.person is not None and turn.person.id == person
        voiced: VoiceStore = unit.store(voice.name)
        naming = voiced.naming(names := known_as(unit.people, person), person)
        for part in (part for parts in naming for part in parts):
            voiced.change_part(part.anchor, unlisted(part.message, names))
        unit.inbox.forget_person(person, unit.people.person(person).name)
        erase_rows(unit.personal(registry.kept), unit, person, turn.now, asked)
        _show_unnamed(unit, voiced, naming, turn.now)
    turn.erased.clear()
    for done in (
        turn.effects,
        turn.plans,
        turn.remarks,
        turn.audit,
        turn.forgotten,
        turn.discarded,
        turn.reopened,
        turn.retried,
    ):
        done.clear()


def _show_unnamed(unit: Unit, store: VoiceStore, naming: Sequence[list[Part]], now: datetime) -> None:
    """Shows private messages again from which the name of somebody who was erased has been taken."""
    now_read = store.joined([parts[0].anchor for parts in naming])
    changed = {parts[0].anchor: parts for parts in now_read if parts not in naming}
    refs = unit.outbox.refs(changed)
    shown = [
        Declared(Show(anchor, Direct(parts[0].person, refs[anchor].workspace), whole_of(parts)), None)
        for anchor, parts in changed.items()
        if anchor in refs
    ]
    unit.outbox.put(address(unit, shown), now)


def _named(unit: Unit, effects: Sequence[Declared]) -> list[Declared]:
    """The effects, where private messages say to people in several cohorts which one they are about."""
    directs = {e.target.person for d in effects if isinstance(e := d.effect, Show) and isinstance(e.target, Direct)}
    unit.people.fetch(directs)
    found: list[Declared] = []
    for declared in effects:
        effect = declared.effect
        if isinstance(effect, Show) and isinstance(effect.target, Direct):
            shown = named(unit.people, effect.target.person, declared.cohort, effect.message)
            declared = replace(declared, effect=replace(effect, message=shown)) if shown != effect.message else declared
        found.append(declared)
    return found


def _as_offered(registry: Registry, unit: Unit, declared: Declared) -> Declared:
    """The message without the buttons that would be refused, if the cohort has ended."""
    effect, cohort = declared.effect, declared.cohort
    if cohort is None or cohort.ended_at is None or not isinstance(effect, Show | Whisper):
        return declared
    return replace(declared, effect=replace(effect, message=without_refused(registry, unit.people, effect.message)))


def address(unit: Unit, effects: Sequence[Declared], actor: int | None = None) -> list[NewDelivery]:
    """Turns effects into deliveries. Effects without a reader (no active account, no workspace) are dropped. `actor`:
    by whose act they are."""
    shown = [d.effect for d in effects if isinstance(d.effect, Show)]
    unit.people.fetch({e.target.person for e in shown if isinstance(e.target, Direct)})
    below = {e.target.anchor for e in shown if isinstance(e.target, Below)}
    refs = unit.outbox.refs(below | {d.effect.anchor for d in effects if isinstance(d.effect, Withdraw | Pin)})
    roots: dict[str, str] = {}
    """The workspace of each message that the same turn shows, by its anchor."""
    deliveries: list[NewDelivery] = []
    for declared in effects:
        delivery = _new_delivery(unit, declared, refs, roots)
        if delivery is None:
            continue
        if isinstance(declared.effect, Show) and delivery.person is None:
            delivery = replace(delivery, actor=actor)
        elif actor is not None and delivery.person == actor:
            delivery = replace(delivery, answers=True)
        deliveries.append(delivery)
        if isinstance(declared.effect, Show):
            roots[declared.effect.anchor] = delivery.workspace
    return deliveries


def _new_delivery(
    unit: Unit, declared: Declared, refs: Mapping[str, MessageRef], roots: Mapping[str, str]
) -> NewDelivery | None:
    effect, cohort = declared.effect, declared.cohort
    about = cohort.id if cohort else None

    def near(anchor: str) -> NewDelivery | None:
        ref = refs.get(anchor)
        elsewhere = anchor.partition("@")[2] or (cohort.workspace if cohort else None)
        workspace = ref.workspace if ref else roots.get(anchor) or elsewhere
        return NewDelivery(effect, workspace, ref.channel if ref else anchor, None, about) if workspace else None

    match effect:
        case Show(target=target):
            if isinstance(target, Direct):
                account = unit.people.account(target.person, target.workspace)
                if account is None:
                    return None
                return NewDelivery(effect, account.workspace, f"@{account.user}", target.person, about)
            if isinstance(target, Below):
                return near(target.anchor)
            return NewDelivery(effect, target.place.workspace, target.place.channel, None, about)
        case Withdraw(anchor) | Pin(anchor):
            return near(anchor)
        case Create(workspace=workspace, name=name):
            return NewDelivery(effect, workspace, f"+{name}", None, about)
        case Whisper(person, place):
            return NewDelivery(effect, place.workspace, place.channel, person, about)
        case React(ref):
            return NewDelivery(effect, ref.workspace, ref.channel, None, about)
        case RemoveMember(place, person):
            account = unit.people.account(person, place.workspace)
            if account is None or account.workspace != place.workspace:
                return None
            kept = replace(effect, user=account.user)
            return NewDelivery(kept, place.workspace, place.channel, None, about)
        case Archive(place):
            return NewDelivery(effect, place.workspace, place.channel, None, about)
        case Forget(account):
            return NewDelivery(effect, account.workspace, "~", None, None)
        case _:
            assert_never(effect)


def take_turn(registry: Registry, unit: Unit, feature: str, now: datetime, work: Callable[[Turn[Any]], T]) -> T:
    """Runs `work` in a turn without an event (the command line), with everything that follows from it."""
    turn = blank_turn(registry, unit, feature, now)
    turn.by_operator = True
    result = work(turn)
    finish(registry, unit, turn)
    return result
