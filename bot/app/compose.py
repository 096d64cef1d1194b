"""The composition root: gives each feature of `bot/app/features.py` its store, and assembles the application.

A feature that keeps something has one line in `STORES`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from random import Random

from sqlmodel import Session

from bot.app.features import FEATURES, make_registry
from bot.app.rehearsing import Rehearsals
from bot.core.ports import Adapter, Encoder
from bot.core.time import Clock
from bot.features.faq.finding import Known
from bot.runtime.loop import Runtime
from bot.runtime.registry import Registry
from storage.stores.absence import SqlAbsences
from storage.stores.checkins import SqlCheckins
from storage.stores.completion import SqlCompletion
from storage.stores.digests import SqlDigests
from storage.stores.discussions import SqlDiscussions
from storage.stores.drafts import SqlDrafts
from storage.stores.enrolment import SqlEnrolment
from storage.stores.faq import SqlFaq
from storage.stores.feedback import SqlFeedback
from storage.stores.ledger import SqlLedger
from storage.stores.live import SqlLive
from storage.stores.milestones import SqlMilestones
from storage.stores.mine import SqlMine
from storage.stores.page_sessions import SqlPageSessions
from storage.stores.pods import SqlPods
from storage.stores.questions import SqlQuestions
from storage.stores.recaps import SqlRecaps
from storage.stores.reminders import SqlReminders
from storage.stores.reviews import SqlReviews
from storage.stores.revisions import SqlRevisions
from storage.stores.rooms import SqlRooms
from storage.stores.scenarios import SqlScenarios
from storage.stores.selfchecks import SqlSelfchecks
from storage.stores.survey import SqlSurvey
from storage.stores.talk import SqlTalk
from storage.stores.teamtime import SqlTeamtime
from storage.stores.thanks import SqlThanks
from storage.stores.voice import SqlVoice
from storage.stores.weekcard import SqlWeekcards
from storage.stores.wrapups import SqlWrapups
from storage.unit import SqlStorage, StoreFactory


def nothing(session: object, now: object) -> None:
    """The store of a feature without data."""


def questions_store(session: Session, now: datetime, encoder: Encoder | None = None) -> SqlQuestions:
    """The store of questions, which searches the FAQ before a question is posted."""
    return SqlQuestions(session, now, Known(SqlFaq(session, now, encoder)))


STORES: dict[str, StoreFactory] = {
    "enrolment": SqlEnrolment,
    "milestones": SqlMilestones,
    "feedback": SqlFeedback,
    "ledger": SqlLedger,
    "teamtime": SqlTeamtime,
    "live": SqlLive,
    "weekcard": SqlWeekcards,
    "discussions": SqlDiscussions,
    "reviews": SqlReviews,
    "selfchecks": SqlSelfchecks,
    "survey": SqlSurvey,
    "rooms": SqlRooms,
    "scenarios": SqlScenarios,
    "checkins": SqlCheckins,
    "pods": SqlPods,
    "wrapups": SqlWrapups,
    "recaps": SqlRecaps,
    "talk": SqlTalk,
    "reminders": SqlReminders,
    "questions": questions_store,
    "faq": SqlFaq,
    "thanks": SqlThanks,
    "absence": SqlAbsences,
    "completion": SqlCompletion,
    "digests": SqlDigests,
    "revisions": SqlRevisions,
    "mine": SqlMine,
    "voice": SqlVoice,
}


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
    stores = {f.name: nothing for f in FEATURES} | STORES
    stores["questions"] = partial(questions_store, encoder=encoder)
    stores["faq"] = partial(SqlFaq, encoder=encoder)
    stores["enrolment"] = partial(SqlEnrolment, chance=chance)
    stores["completion"] = partial(SqlCompletion, chance=chance)
    stores["drafts"] = partial(SqlDrafts, rehearse=Rehearsals())
    return SqlStorage(url, clock, stores, partial(SqlPageSessions, address=address, chance=chance))


def compose(
    url: str,
    clock: Clock,
    adapters: Sequence[Adapter],
    chance: Random | None = None,
    address: str = "",
    encoder: Encoder | None = None,
    program: str = "pacekeeper",
) -> Application:
    """Assembles storage, features and adapters without starting anything."""
    storage = open_storage(url, clock, chance, address, encoder)
    registry = make_registry()
    return Application(storage, registry, Runtime(storage, registry, adapters, clock, encoder, program), clock)
