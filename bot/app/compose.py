"""The composition root: lists the features with their stores, and assembles the application.

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
from bot.features.checkins.feature import feature as checkins
from bot.features.completion.feature import feature as completion
from bot.features.digests.feature import feature as digests
from bot.features.discussions.feature import feature as discussions
from bot.features.enrolment.feature import feature as enrolment
from bot.features.faq.feature import feature as faq
from bot.features.faq.finding import Known
from bot.features.home.feature import feature as home
from bot.features.milestones.feature import feature as milestones
from bot.features.questions.feature import feature as questions
from bot.features.reminders.feature import feature as reminders
from bot.features.revisions.feature import feature as revisions
from bot.features.selfchecks.feature import feature as selfchecks
from bot.features.talk.feature import feature as talk
from bot.features.thanks.feature import feature as thanks
from bot.features.weekcard.feature import feature as weekcard
from bot.features.wrapups.feature import feature as wrapups
from bot.runtime.loop import Runtime
from bot.runtime.registry import Registry
from bot.runtime.voice import voice
from storage.stores.absence import SqlAbsences
from storage.stores.checkins import SqlCheckins
from storage.stores.completion import SqlCompletion
from storage.stores.digests import SqlDigests
from storage.stores.discussions import SqlDiscussions
from storage.stores.enrolment import SqlEnrolment
from storage.stores.faq import SqlFaq
from storage.stores.milestones import SqlMilestones
from storage.stores.page_sessions import SqlPageSessions
from storage.stores.questions import SqlQuestions
from storage.stores.reminders import SqlReminders
from storage.stores.revisions import SqlRevisions
from storage.stores.selfchecks import SqlSelfchecks
from storage.stores.talk import SqlTalk
from storage.stores.thanks import SqlThanks
from storage.stores.voice import SqlVoice
from storage.stores.weekcard import SqlWeekcards
from storage.stores.wrapups import SqlWrapups
from storage.unit import SqlStorage, StoreFactory


@dataclass(frozen=True, slots=True)
class Mount:
    feature: Feature[Any]
    store: StoreFactory


def nothing(session: object, now: object) -> None:
    """The store of a feature without data."""


def questions_store(session: Session, now: datetime, encoder: Encoder | None = None) -> SqlQuestions:
    """The store of questions, which searches the FAQ before a question is posted."""
    return SqlQuestions(session, now, Known(SqlFaq(session, now, encoder)))


MOUNTS: tuple[Mount, ...] = (
    Mount(home, nothing),
    Mount(enrolment, SqlEnrolment),
    Mount(milestones, SqlMilestones),
    Mount(weekcard, SqlWeekcards),
    Mount(discussions, SqlDiscussions),
    Mount(selfchecks, SqlSelfchecks),
    Mount(checkins, SqlCheckins),
    Mount(wrapups, SqlWrapups),
    Mount(talk, SqlTalk),
    Mount(reminders, SqlReminders),
    Mount(questions, questions_store),
    Mount(faq, SqlFaq),
    Mount(thanks, SqlThanks),
    Mount(absence, SqlAbsences),
    Mount(completion, SqlCompletion),
    Mount(digests, SqlDigests),
    Mount(revisions, SqlRevisions),
    Mount(voice, SqlVoice),
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
    """The database with the stores of every mounted feature. A seeded `chance` gives the same codes in every run;
    `address` is where the pages are served. Without an `encoder`, search uses words only."""
    stores = {m.feature.name: m.store for m in MOUNTS}
    stores[questions.name] = partial(questions_store, encoder=encoder)
    stores[faq.name] = partial(SqlFaq, encoder=encoder)
    stores[enrolment.name] = partial(SqlEnrolment, chance=chance)
    stores[completion.name] = partial(SqlCompletion, chance=chance)
    return SqlStorage(url, clock, stores, partial(SqlPageSessions, address=address, chance=chance))


def make_registry() -> Registry:
    """The declarations of all mounted features."""
    return Registry([m.feature for m in MOUNTS])


def compose(
    url: str,
    clock: Clock,
    adapters: Sequence[Adapter],
    chance: Random | None = None,
    address: str = "",
    encoder: Encoder | None = None,
) -> Application:
    """Assembles storage, features and adapters without starting anything."""
    storage = open_storage(url, clock, chance, address, encoder)
    registry = make_registry()
    return Application(storage, registry, Runtime(storage, registry, adapters, clock, encoder), clock)
