"""The composition root: which features there are, which store each gets, and how the parts are put together.

A new feature is one line in `MOUNTS`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random
from typing import Any

from sqlmodel import Session

from bot.core.feature import Feature
from bot.core.ports import Adapter, Encoder
from bot.core.time import Clock
from bot.features import (
    absence,
    completion,
    digests,
    enrolment,
    faq,
    home,
    milestones,
    questions,
    reminders,
    revisions,
    talk,
    thanks,
    weekcard,
    wrapups,
)
from bot.runtime.loop import Runtime
from bot.runtime.registry import Registry
from bot.runtime.voice import voice
from storage.absence_store import Absences
from storage.completion import Completion
from storage.digests import Digests
from storage.doors import DoorTable
from storage.enrolment import Enrolment
from storage.faq import Faq
from storage.milestones import Milestones
from storage.questions import Questions
from storage.reminders import Reminders
from storage.revisions import Revisions
from storage.talk import Talk
from storage.thanks import ThanksTable
from storage.unit import SqlStorage, StoreFactory
from storage.voice import VoiceTable
from storage.weekcard import Weekcards
from storage.wrapups import Wrapups


@dataclass(frozen=True, slots=True)
class Mount:
    feature: Feature[Any]
    store: StoreFactory


def nothing(session: object, now: object) -> None:
    """The store of a feature that keeps nothing."""


def questions_store(session: Session, now: datetime, encoder: Encoder | None = None) -> Questions:
    """Questions ask what is known already before they are posted: the FAQ knows."""
    return Questions(session, now, faq.Known(Faq(session, now, encoder)))


def digests_store(session: Session, now: datetime) -> Digests:
    """The desk says which waiting question the FAQ answers."""
    return Digests(session, now, faq.Known(Faq(session, now)))


MOUNTS: tuple[Mount, ...] = (
    Mount(home.feature, nothing),
    Mount(enrolment.feature, Enrolment),
    Mount(milestones.feature, Milestones),
    Mount(weekcard.feature, Weekcards),
    Mount(wrapups.feature, Wrapups),
    Mount(talk.feature, Talk),
    Mount(reminders.feature, Reminders),
    Mount(questions.feature, questions_store),
    Mount(faq.feature, Faq),
    Mount(thanks.feature, ThanksTable),
    Mount(absence.feature, Absences),
    Mount(completion.feature, Completion),
    Mount(digests.feature, digests_store),
    Mount(revisions.feature, Revisions),
    Mount(voice, VoiceTable),
)


@dataclass(frozen=True, slots=True)
class House:
    """The bot, put together."""

    storage: SqlStorage
    registry: Registry
    runtime: Runtime
    clock: Clock


def open_storage(
    url: str, clock: Clock, chance: Random | None = None, address: str = "", encoder: Encoder | None = None
) -> SqlStorage:
    """The database with the stores of every mounted feature. `chance` with a seed: codes are the same in every run;
    `address` is where the pages are served. Without an `encoder` searches go by words alone."""
    stores = {m.feature.name: m.store for m in MOUNTS}
    stores[questions.feature.name] = partial(questions_store, encoder=encoder)
    stores[faq.feature.name] = partial(Faq, encoder=encoder)
    stores[enrolment.feature.name] = partial(Enrolment, chance=chance)
    stores[completion.feature.name] = partial(Completion, chance=chance)
    return SqlStorage(url, clock, stores, partial(DoorTable, address=address, chance=chance))


def make_registry() -> Registry:
    """What all mounted features declare."""
    return Registry([m.feature for m in MOUNTS])


def compose(
    url: str,
    clock: Clock,
    adapters: Sequence[Adapter],
    chance: Random | None = None,
    address: str = "",
    encoder: Encoder | None = None,
) -> House:
    """Puts storage, features and adapters together; nothing runs yet."""
    storage = open_storage(url, clock, chance, address, encoder)
    registry = make_registry()
    return House(storage, registry, Runtime(storage, registry, adapters, clock, encoder), clock)
