"""Ports of the runtime: what it needs from storage, as Protocols."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from bot.core.due import Due, Plan, Unplan
from bot.core.effects import Effect
from bot.core.events import Chat
from bot.core.forms import Form, Upload, Values
from bot.core.keeping import KeptTable
from bot.core.message import Message
from bot.core.pages import Entered
from bot.core.people import MessageRef, Person, Place
from bot.core.ports import Answer, Directory
from bot.core.voice import Notice
from bot.runtime.budget import Sent, Waiting, Why

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Received:
    """A chat event that waits in the inbox."""

    id: int
    event: Chat
    tries: int


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was opened for a person, and what they typed into it."""

    id: str
    person: int
    form: Form
    values: Values


class Inbox(Protocol):
    def add(self, events: Sequence[Chat], now: datetime) -> int:
        """Stores events whose keys are new; returns how many were."""
        ...

    def take(self, now: datetime, limit: int) -> Sequence[Received]:
        """What may be handled now, oldest first. An event waits while an earlier one of its conversation does."""
        ...

    def done(self, ids: Sequence[int]) -> None: ...

    def call_in(self, latest: datetime) -> None:
        """What was postponed beyond `latest` is tried again then."""
        ...

    def postpone(self, received: Received, until: datetime, error: str = "") -> None:
        """The event is tried again later. With an `error` this counts as a failed try."""
        ...

    def set_aside(self, received: Received, error: str) -> None: ...

    def aside(self) -> int:
        """How many events were set aside."""
        ...

    def answer(self, key: str) -> Answer | None:
        """What an interaction with this key was answered."""
        ...

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None: ...

    def open_draft(self, person: int, form: Form, now: datetime) -> str: ...

    def draft(self, draft: str, person: int) -> Draft | None:
        """A draft of this person; None where it is another's, or too old."""
        ...

    def fill_draft(self, draft: str, values: Values, now: datetime) -> None: ...

    def change_draft(self, draft: str, form: Form) -> None:
        """Replaces the draft's form; what was typed stays."""
        ...

    def close_draft(self, draft: str) -> None: ...

    def forget_texts(self, person: int, texts: Sequence[str]) -> None:
        """Deletes the person's drafts that hold one of these texts, and empties stored replies that hold one."""
        ...

    def forget(self, now: datetime) -> None:
        """Deletes what is older than it needs to be."""
        ...


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery that was taken from the outbox to be sent. `recheck`: an earlier try may have reached the platform."""

    id: int
    key: str
    lane: str
    workspace: str
    effect: Effect
    person: int | None
    tries: int
    recheck: bool
    created_at: datetime
    refs: tuple[MessageRef, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An effect on its way into the outbox, with its workspace and lane. `person`: the single reader."""

    effect: Effect
    workspace: str
    lane: str
    person: int | None
    cohort: int | None


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """A delivery that was given up, for the operator."""

    id: int
    anchor: str
    lane: str
    error: str
    created_at: datetime


class Outbox(Protocol):
    def put(self, deliveries: Sequence[NewDelivery], now: datetime) -> None:
        """Stores deliveries. One that waits for the same anchor is replaced."""
        ...

    def claim(self, now: datetime, lease_until: datetime, limit: int) -> Sequence[ClaimedDelivery]:
        """Marks what may go out now as `sending`, at most one for each anchor, and returns it in order."""
        ...

    def recover(self, now: datetime) -> None:
        """At the start: what a process that died was sending may be looked for at once, where no other process can be
        sending it."""
        ...

    def call_in(self, latest: datetime, lease_until: datetime) -> None:
        """Nothing waits beyond `latest`, and nothing is leased beyond `lease_until`: where it would, the clock has been
        set back since."""
        ...

    def sent(self, delivered: Sequence[tuple[ClaimedDelivery, Sequence[MessageRef]]], now: datetime) -> None:
        """They have arrived (no references: the message is gone, or there is nothing to remember)."""
        ...

    def again(self, claimed: ClaimedDelivery, at: datetime, error: str, counts: bool, unclear: bool) -> None: ...

    def dead(self, claimed: ClaimedDelivery, error: str) -> None: ...

    def end_held(self, before: datetime, error: str) -> int:
        """Gives up what has waited since before an instant for a message that it belongs below; returns how many."""
        ...

    def next_at(self) -> datetime | None:
        """When the first row may go out, or its lease ends."""
        ...

    def drop(self, *, cohort: int, person: int | None = None) -> None:
        """What waits in a cohort's name (for one person, where given) does not go out."""
        ...

    def dropped(self, claimed: ClaimedDelivery) -> None:
        """It has no reader any more; nothing is left to do."""
        ...

    def ref(self, anchor: str) -> MessageRef | None: ...

    def refs(self, anchors: Collection[str]) -> Mapping[str, MessageRef]:
        """Where the messages of these anchors are, for those that are posted."""
        ...

    def anchor(self, workspace: str, channel: str, message: str) -> str | None: ...

    def sending_to(self, workspace: str, channel: str) -> bool:
        """Whether something is on its way there whose reference is not known yet."""
        ...

    def dead_deliveries(self) -> Sequence[DeadDelivery]: ...

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Puts dead deliveries (all of them for None) into the queue again; returns how many."""
        ...

    def counts(self) -> Mapping[str, int]:
        """How many rows are in which state."""
        ...

    def forget(self, now: datetime) -> None: ...


class Files(Protocol):
    """Files that people sent in."""

    def keep(self, person: int, upload: Upload, now: datetime) -> int:
        """Keeps a file; returns its number."""
        ...

    def load(self, files: Collection[int]) -> Mapping[int, bytes]:
        """The contents by id. Files that were deleted are missing."""
        ...

    def drop(self, file: int) -> None: ...


class Schedule(Protocol):
    """What is planned: due rows, each with its instant."""

    def put(self, plans: Sequence[Plan | Unplan]) -> None: ...

    def take(self, now: datetime, limit: int) -> Sequence[Due]:
        """Claims what is due, oldest first; it is done when the unit of work commits."""
        ...

    def fail(self, due: Due) -> None:
        """Its handler failed: it waits for an operator."""
        ...

    def failed(self) -> int: ...

    def retry(self) -> int:
        """Plans again what failed; returns how many."""
        ...

    def forget(self, now: datetime) -> None:
        """Deletes what happened long ago and can never be planned again."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A message that shares another one's place; the first part is the one that stands there. `person`: its reader."""

    anchor: str
    person: int
    message: Message


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the bot in a channel. `below`: the anchor of the week's thread that it was put into, empty for a root
    post."""

    anchor: str
    place: Place
    at: datetime
    below: str = ""


class VoiceStore(Protocol):
    """What waits to be said, what was said when, and where channels got their posts."""

    def keep(self, waiting: Sequence[Waiting]) -> Sequence[int]:
        """Stores notices, each in place of one to the same person with the same key; returns their numbers."""
        ...

    def cards_ahead(self, people: Collection[int], after: datetime, end: datetime) -> Mapping[int, Sequence[datetime]]:
        """When cards come for each person up to `end`, soonest first: those that wait, and planned instants that will
        bring one."""
        ...

    def expecting(self, people: Collection[int], now: datetime) -> tuple[Set[int], Set[int]]:
        """Which of these people, and which cohorts as a whole, something waits for that is due by now and has not
        happened yet; cohort 0: that is about everybody."""
        ...

    def silent(self, people: Collection[int], now: datetime) -> Set[tuple[int, int]]:
        """(cohort, person) of those who are away or have fallen silent."""
        ...

    def hush(self, keys: Collection[str]) -> None: ...

    def hush_person(self, person: int, cohort: int) -> None: ...

    def hush_cohort(self, cohort: int) -> None:
        """Drops what waits in a cohort, except what is awaited."""
        ...

    def waiting(self, people: Collection[int]) -> Mapping[int, Sequence[Waiting]]:
        """What waits for each person, in the order in which it was handed in."""
        ...

    def drop(self, ids: Sequence[int]) -> None: ...

    def note_dropped(self, dropped: Sequence[tuple[Notice, Why]], now: datetime) -> None:
        """That these were not said, and why."""
        ...

    def note_sent(self, sent: Sequence[tuple[int, Sent]]) -> None:
        """That each of these people was written to unasked."""
        ...

    def sent(self, people: Collection[int], since: datetime) -> Mapping[int, Sequence[Sent]]:
        """When each person was written to unasked."""
        ...

    def join(self, person: int, parts: Sequence[tuple[str, Message]]) -> None:
        """These messages (anchor, message) share one, which stands at the anchor of the first."""
        ...

    def joined(self, anchors: Collection[str]) -> Sequence[list[Part]]:
        """Every shared message that has one of these parts, with all its parts in order."""
        ...

    def change_part(self, anchor: str, message: Message) -> None: ...

    def drop_parts(self, anchors: Collection[str]) -> None: ...

    def lead(self, anchor: str) -> str | None:
        """The anchor of the message that this one shares."""
        ...

    def post(self, anchor: str) -> Post | None:
        """The post in a channel with this anchor."""
        ...

    def roots(self, place: Place, since: datetime) -> Sequence[Post]:
        """The root posts that a channel got."""
        ...

    def note_post(self, post: Post) -> None: ...

    def forget(self, now: datetime) -> None:
        """Drops what no budget counts any more."""
        ...


class PageSessions(Protocol):
    """Who may see which page: invitations, and those who came in by one. Secrets are kept as their hashes alone."""

    @property
    def address(self) -> str: ...

    def invite(self, person: int, path: str) -> str:
        """A new invitation, to be used by one browser."""
        ...

    def enter(self, invitation: str, browser: str) -> Entered | None:
        """See `Pages.enter`."""
        ...

    def inside(self, session: str) -> int | None:
        """The person of a session that has not ended."""
        ...

    def forget(self) -> None:
        """Deletes what is over."""
        ...


class PersonalData(Protocol):
    """What the tables that were declared keep about people: see `bot/core/keeping.py`."""

    def exists(self, person: int) -> bool: ...

    def named(self, name: str) -> Sequence[Person]:
        """Everybody with this name, whatever its case."""
        ...

    def rows(self, person: int) -> Iterator[tuple[KeptTable, Sequence[Mapping[str, Any]]]]:
        """Per table: the person's rows, without the columns that name somebody."""
        ...

    def counts(self, person: int) -> Mapping[str, int]:
        """Table -> how many rows are the person's, where there are any."""
        ...

    def erase(self, person: int) -> None:
        """Deletes and empties the person's rows as declared."""
        ...


class Unit(Protocol):
    """One unit of work: everything in it is committed together or not at all."""

    @property
    def people(self) -> Directory: ...

    @property
    def inbox(self) -> Inbox: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def files(self) -> Files: ...

    @property
    def schedule(self) -> Schedule: ...

    @property
    def page_sessions(self) -> PageSessions: ...

    def personal(self, kept: Sequence[KeptTable]) -> PersonalData: ...

    def next_at(self) -> datetime | None:
        """The first instant at which there is something to handle or to deliver."""
        ...

    def store(self, feature: str) -> Any:
        """The store of a feature, as it was mounted."""
        ...

    def log(self, person: int | None, cohort: int | None, act: str) -> None: ...

    def savepoint(self) -> AbstractContextManager[None]:
        """Undoes what happens inside when it raises, and nothing else of the unit."""
        ...


class Storage(Protocol):
    @property
    def held(self) -> bool:
        """Whether this process may act, because no other has taken its place."""
        ...

    async def run(self, work: Callable[[Unit], T]) -> T:
        """Runs `work` in a unit of work off the event loop, and commits. Repeats it on a write conflict."""
        ...
