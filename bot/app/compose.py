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
from bot.features.absence.feature import feature as absence
from bot.features.completion.feature import feature as completion
from bot.features.digests.feature import feature as digests
from bot.features.enrolment.feature import feature as enrolment
from bot.features.faq.feature import feature as faq
from bot.features.faq.finding import Known
from bot.features.home.feature import feature as home
from bot.features.milestones.feature import feature as milestones
from bot.features.questions.feature import feature as questions
from bot.features.reminders.feature import feature as reminders
from bot.features.revisions.feature import feature as revisions
from bot.features.talk.feature import feature as talk
from bot.features.thanks.feature import feature as thanks
from bot.features.weekcard.feature import feature as weekcard
from bot.features.wrapups.feature import feature as wrapups
from bot.runtime.loop import Runtime
from bot.runtime.registry import Registry
from bot.runtime.voice import voice
from storage.stores.absence import Absences
from storage.stores.completion import Completion
from storage.stores.digests import Digests
from storage.stores.enrolment import Enrolment
from storage.stores.faq import Faq
from storage.stores.milestones import Milestones
from storage.stores.page_sessions import PageSessionTable
from storage.stores.questions import Questions
from storage.stores.reminders import Reminders
from storage.stores.revisions import Revisions
from storage.stores.talk import Talk
from storage.stores.thanks import ThanksTable
from storage.stores.voice import VoiceTable
from storage.stores.weekcard import Weekcards
from storage.stores.wrapups import Wrapups
from storage.unit import SqlStorage, StoreFactory


@dataclass(frozen=True, slots=True)
class Mount:
    feature: Feature[Any]
    store: StoreFactory


def nothing(session: object, now: object) -> None:
    """The store of a feature that keeps nothing."""


def questions_store(session: Session, now: datetime, encoder: Encoder | None = None) -> Questions:
    """Questions ask what is known already before they are posted: the FAQ knows."""
    return Questions(session, now, Known(Faq(session, now, encoder)))


def digests_store(session: Session, now: datetime) -> Digests:
    """The desk says which waiting question the FAQ answers."""
    return Digests(session, now, Known(Faq(session, now)))


MOUNTS: tuple[Mount, ...] = (
    Mount(home, nothing),
    Mount(enrolment, Enrolment),
    Mount(milestones, Milestones),
    Mount(weekcard, Weekcards),
    Mount(wrapups, Wrapups),
    Mount(talk, Talk),
    Mount(reminders, Reminders),
    Mount(questions, questions_store),
    Mount(faq, Faq),
    Mount(thanks, ThanksTable),
    Mount(absence, Absences),
    Mount(completion, Completion),
    Mount(digests, digests_store),
    Mount(revisions, Revisions),
    Mount(voice, VoiceTable),
)


@dataclass(frozen=True, slots=True)
class Application:
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
    stores[questions.name] = partial(questions_store, encoder=encoder)
    stores[faq.name] = partial(Faq, encoder=encoder)
    stores[enrolment.name] = partial(Enrolment, chance=chance)
    stores[completion.name] = partial(Completion, chance=chance)
    return SqlStorage(url, clock, stores, partial(PageSessionTable, address=address, chance=chance))


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
) -> Application:
    """Puts storage, features and adapters together; nothing runs yet."""
    storage = open_storage(url, clock, chance, address, encoder)
    registry = make_registry()
    return Application(storage, registry, Runtime(storage, registry, adapters, clock, encoder), clock)
