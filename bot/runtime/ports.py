"""Ports of the runtime: what it needs from storage, as Protocols."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar

from bot.core.due import Due, Plan, Unplan
from bot.core.effects import Effect
from bot.core.events import Chat, PostHeld
from bot.core.forms import Form, Upload, Values
from bot.core.keeping import KeptTable
from bot.core.message import Message
from bot.core.pages import Entered
from bot.core.people import Account, MessageRef, Person, Place
from bot.core.ports import Answer, Directory
from bot.core.turn import Held, Outgoing
from bot.core.uptime import Outage
from bot.core.voice import Notice
from bot.runtime.budget import Sent, Waiting, Why

T = TypeVar("T")


LEASE = timedelta(minutes=2)
"""How long a delivery is its courier's."""


@dataclass(frozen=True, slots=True)
class Received:
    """A chat event in the inbox; `at`: since when."""

    id: int
    event: Chat
    tries: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was opened for a person, and their input."""

    id: str
    person: int
    form: Form
    values: Values


class Inbox(Protocol):
    def add(self, events: Sequence[Chat], now: datetime) -> int:
        """Stores events whose keys are new; returns how many were."""
        ...

    def take(self, now: datetime, limit: int) -> Sequence[Received]:
        """Events that may be handled now, oldest first. An event waits while an earlier one of its conversation
        does."""
        ...

    def waits(self, key: str) -> bool:
        """Whether the event with this key has not been handled yet."""
        ...

    def done(self, ids: Sequence[int]) -> None: ...

    def call_in(self, latest: datetime) -> None:
        """Tries again at `latest` what was postponed beyond that."""
        ...

    def postpone(self, received: Received, until: datetime, error: str = "") -> None:
        """Tries the event again later. With an `error` this counts as a failed try."""
        ...

    def wake(self, now: datetime) -> None:
        """Deliveries have ended: events that were postponed without an error may be about them."""
        ...

    def set_aside(self, received: Received, error: str) -> None: ...

    def aside(self) -> int:
        """How many events were set aside."""
        ...

    def answer(self, key: str) -> Answer | None:
        """The stored answer to the interaction with this key."""
        ...

    def keep_answer(self, key: str, answer: Answer, now: datetime) -> None: ...

    def open_draft(self, person: int, form: Form, now: datetime) -> str: ...

    def draft(self, draft: str, person: int) -> Draft | None:
        """A draft of this person; None if it is somebody else's or too old."""
        ...

    def typed(self, person: int) -> Sequence[Draft]:
        """The drafts of a person that hold something, the newest first."""
        ...

    def fill_draft(self, draft: str, values: Values, now: datetime) -> None: ...

    def change_draft(self, draft: str, form: Form) -> None:
        """Replaces the draft's form; the input stays."""
        ...

    def close_draft(self, draft: str) -> None:
        """Deletes a draft that was sent, and empties those whose words it has."""
        ...

    def forget_texts(self, texts: Sequence[str], own: Callable[[Draft], Collection[str]]) -> None:
        """Takes these texts out of the forms that quote one, and empties stored replies that contain one. Words that
        somebody typed themselves stay, whatever they contain, and so do those that are in the form from its `own`
        source, by the names of its fields."""
        ...

    def forget_person(self, person: int, name: str) -> None:
        """Forgets somebody who is erased: what was whispered to them, their name in what forms say, and the words of
        all stored replies. Whatever was shown to anybody may have had their words, and a reply is of use for minutes
        only."""
        ...

    def forget_author(self, account: Account) -> None:
        """Deletes failed events of an account."""
        ...

    def forget(self, now: datetime) -> None:
        """Deletes what is no longer needed."""
        ...


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery taken from the outbox to be sent. `recheck`: an earlier try may have reached the platform. `actor`:
    whose act it comes from. `blocked`: it has waited for a channel or a person that took nothing. `told`: the features
    know that it waits."""

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
    actor: int | None = None
    blocked: bool = False
    told: bool = False
    cohort: int | None = None


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """An effect on its way into the outbox, with its workspace and lane. `person`: the single reader. `actor`: the
    person by whose act a channel gets it. `answers`: its reader did something and waits for it."""

    effect: Effect
    workspace: str
    lane: str
    person: int | None
    cohort: int | None
    actor: int | None = None
    answers: bool = False


@dataclass(frozen=True, slots=True)
class DeadDelivery:
    """A delivery that was given up, for the operator."""

    id: int
    anchor: str
    lane: str
    error: str
    created_at: datetime


class Outbox(Protocol):
    def put(self, deliveries: Sequence[NewDelivery], now: datetime) -> Sequence[PostHeld]:
        """Stores deliveries. A waiting one for the same anchor is replaced. Returns what people have to hear of their
        posts: those that wait behind others for a channel that takes nothing, and waiting ones that are taken back."""
        ...

    def workspaces(self, now: datetime) -> Sequence[str]:
        """Where something may be sent now."""
        ...

    def claim(self, workspace: str, busy: Collection[str], limit: int, now: datetime) -> Sequence[ClaimedDelivery]:
        """Marks what may be sent now as `sending` for the time of a `LEASE`, at most one for each conversation that is
        not `busy`, and returns it: conversations with an answer to somebody first."""
        ...

    def recover(self, now: datetime) -> None:
        """At the start: what a process that died was sending may be looked for at once, if no other process can be
        sending it."""
        ...

    def call_in(self, latest: datetime, lease_until: datetime) -> None:
        """Nothing waits beyond `latest`, and no lease lasts beyond `lease_until`; such rows were made before the clock
        was set back."""
        ...

    def sent(self, delivered: Sequence[tuple[ClaimedDelivery, Sequence[MessageRef]]]) -> None:
        """They have arrived (without references, the message is gone, or there is nothing to remember)."""
        ...

    def again(self, claimed: ClaimedDelivery, at: datetime, error: str, counts: bool, unclear: bool) -> None: ...

    def note_told(self, claimed: ClaimedDelivery) -> None:
        """The features know that it waits, so they will also hear what becomes of it."""
        ...

    def block(self, claimed: ClaimedDelivery, at: datetime, error: str) -> None:
        """Its channel or its person takes nothing: it is tried again at `at`, and newer ones do not overtake it."""
        ...

    def is_blocked(self, place: Place) -> bool:
        """Whether anything waits for a channel that took nothing."""
        ...

    def reopen(self, place: Place, instead: Place, now: datetime) -> None:
        """What waits for a channel is sent now, and what is not posted yet goes into the channel `instead`."""
        ...

    def dead(self, claimed: ClaimedDelivery, error: str) -> None: ...

    def end_held(self, before: datetime, now: datetime, error: str) -> tuple[int, Sequence[PostHeld]]:
        """Gives up what has waited since before an instant for a message that it belongs below, unless that one still
        waits itself; returns how many, and what their authors have to hear."""
        ...

    def next_at(self) -> datetime | None:
        """When the first row may be sent, or its lease ends."""
        ...

    def told(self, person: int) -> Mapping[str, MessageRef]:
        """The messages in a person's direct conversations, by their anchors. A conversation is known if one of them was
        sent in the last 14 days."""
        ...

    def drop(self, now: datetime, *, cohort: int, person: int | None = None) -> Sequence[PostHeld]:
        """Drops what waits for a cohort (for one person, if given). Returns the posts of people that are lost so."""
        ...

    def dropped(self, claimed: ClaimedDelivery) -> None:
        """It has no reader any more, so nothing is left to do."""
        ...

    def ref(self, anchor: str) -> MessageRef | None: ...

    def refs(self, anchors: Collection[str]) -> Mapping[str, MessageRef]:
        """Where the messages of these anchors are, if they are posted."""
        ...

    def shown(self, anchors: Collection[str]) -> Set[str]:
        """Those of these that are posted, or on their way."""
        ...

    def held(self, cohort: int, beginning: str) -> Mapping[str, Held]:
        """The posts that are not in a cohort's channels, by their anchors, which begin so."""
        ...

    def outgoing(self, cohort: int) -> Sequence[Outgoing]:
        """What of a cohort is on its way, or was given up."""
        ...

    def anchor(self, workspace: str, channel: str, message: str) -> str | None: ...

    def sending_to(self, place: Place, since: datetime) -> bool:
        """Whether a message whose reference is not known yet is on its way there, and was at `since`."""
        ...

    def dead_deliveries(self) -> Sequence[DeadDelivery]: ...

    def forget_texts(self, texts: Collection[str]) -> Sequence[str]:
        """Drops dead deliveries that quote one of these texts, which a retry would post. Returns their anchors."""
        ...

    def retry(self, ids: Sequence[int] | None, now: datetime) -> int:
        """Puts dead deliveries (all of them for None) back into the queue; returns how many."""
        ...

    def counts(self) -> Mapping[str, int]:
        """The number of rows in each state."""
        ...

    def forget(self, now: datetime) -> None: ...


class Files(Protocol):
    """Uploaded files."""

    def keep(self, person: int, upload: Upload, now: datetime) -> int:
        """Stores a file; returns its number."""
        ...

    def load(self, files: Collection[int]) -> Mapping[int, bytes]:
        """The contents by id. Deleted files are missing."""
        ...

    def drop(self, file: int) -> None: ...

    def forget(self, now: datetime) -> None:
        """Deletes old files that nothing names: neither something stored nor a form that is kept."""
        ...


class Schedule(Protocol):
    """The due rows, each with its instant."""

    def put(self, plans: Sequence[Plan | Unplan]) -> None: ...

    def take(self, now: datetime, limit: int) -> Sequence[Due]:
        """Claims due rows, oldest first; they are done when the unit of work commits."""
        ...

    def put_off(self, claimed: Sequence[Due], until: datetime) -> None:
        """Plans claimed rows again, for an instant that is ahead."""
        ...

    def settle(self, due: Due) -> None:
        """What was put off has happened meanwhile. It may be planned anew."""
        ...

    def fail(self, due: Due) -> None:
        """Its handler failed: the row waits for the operator."""
        ...

    def failed(self) -> int: ...

    def retry(self) -> int:
        """Plans failed rows again; returns how many."""
        ...

    def leave_out(self, due: Due) -> None:
        """The claimed row comes too late to happen by itself: the course team decides."""
        ...

    def left_out(self, cohort: int, folded: Sequence[str]) -> Sequence[Due]:
        """The rows that nobody has decided about, the oldest first. Rows of the kinds in `folded` are left away once a
        newer one about the same has happened."""
        ...

    def settle_left_out(self, due: Due, at: datetime | None) -> None:
        """Plans a row that was left out for `at`, or (None) marks it as done."""
        ...

    def next_at(self) -> datetime | None:
        """When the next planned row is, or was, due."""
        ...

    def ran(self, at: datetime) -> None:
        """Stores that the loop runs."""
        ...

    def last_run(self) -> datetime | None:
        """When the loop last ran, in any process; None if that was never stored."""
        ...

    def was_down(self, outage: Outage) -> None:
        """Stores that nothing happened in that time."""
        ...

    def outages(self) -> Sequence[Outage]:
        """Those of the last year, in order of time."""
        ...

    def forget(self, now: datetime) -> None:
        """Deletes rows that happened long ago and can never be planned again."""
        ...


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a shared message; the message is at the anchor of the first part. `person`: its reader."""

    anchor: str
    person: int
    message: Message


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the bot in a channel. `below`: the anchor of the root post in whose thread it was put, empty for a
    root post."""

    anchor: str
    place: Place
    at: datetime
    below: str = ""


class VoiceStore(Protocol):
    """What waits to be said, what was said when, and when channels got posts."""

    def keep(self, waiting: Sequence[Waiting]) -> Sequence[int]:
        """Stores notices; each replaces one to the same person with the same key. Returns their numbers."""
        ...

    def cards_ahead(self, people: Collection[int], after: datetime, end: datetime) -> Mapping[int, Sequence[datetime]]:
        """When cards come for each person up to `end`, soonest first: waiting ones, and planned instants that will
        bring one."""
        ...

    def expecting(self, people: Collection[int], now: datetime) -> tuple[Set[int], Set[int]]:
        """The people among these, and the cohorts as a whole, for whom something is due by now but has not happened
        yet; cohort 0 stands for everybody."""
        ...

    def silent(self, people: Collection[int], now: datetime) -> Set[tuple[int, int, bool]]:
        """(cohort, person, whether they are away) of everybody who is away or has fallen silent."""
        ...

    def hush(self, keys: Collection[str]) -> None: ...

    def hush_cards(self, keys: Collection[str]) -> None: ...

    def hush_person(self, person: int, cohort: int) -> None: ...

    def hush_cohort(self, cohort: int) -> None:
        """Drops what waits in a cohort, except awaited lines and lines about a change."""
        ...

    def waiting(self, people: Collection[int]) -> Mapping[int, Sequence[Waiting]]:
        """What waits for each person, in the order in which it was handed in."""
        ...

    def held(self, keys: Collection[str]) -> Set[str]:
        """Those of these that wait."""
        ...

    def drop(self, ids: Sequence[int]) -> None: ...

    def dropped(self, people: Collection[int]) -> Mapping[int, Mapping[int, datetime]]:
        """person -> cohort -> when something of that was last dropped."""
        ...

    def note_dropped(self, dropped: Sequence[tuple[Notice, Why]], now: datetime) -> None:
        """Records that these were not said, and why."""
        ...

    def note_sent(self, sent: Sequence[tuple[int, Sent]]) -> None:
        """Records that each of these people was written to unasked."""
        ...

    def sent(self, people: Collection[int], since: datetime) -> Mapping[int, Sequence[Sent]]:
        """When each person was written to unasked."""
        ...

    def join(self, person: int, parts: Sequence[tuple[str, Message]]) -> None:
        """Makes these messages (anchor, message) share one, which is posted at the anchor of the first."""
        ...

    def joined(self, anchors: Collection[str]) -> Sequence[list[Part]]:
        """Every shared message that has one of these parts, with all its parts in order."""
        ...

    def naming(self, names: Collection[str], but: int) -> Sequence[list[Part]]:
        """The stored messages in which one of these names stands, without those to the person `but`."""
        ...

    def forget_texts(self, texts: Collection[str], but: Collection[str]) -> None:
        """Takes these texts out of stored messages, without the parts `but`."""
        ...

    def also(self, people: Collection[int]) -> list[Part]:
        """The parts of these people's messages that hold lines below a card."""
        ...

    def change_part(self, anchor: str, message: Message) -> None: ...

    def drop_parts(self, anchors: Collection[str]) -> None: ...

    def leads(self, anchors: Collection[str]) -> Mapping[str, str]:
        """The anchor of the shared message of each of these that is a part of one."""
        ...

    def post(self, anchor: str) -> Post | None:
        """The post in a channel with this anchor."""
        ...

    def roots(self, place: Place, since: datetime) -> Sequence[Post]:
        """When a channel got root posts."""
        ...

    def note_post(self, post: Post) -> None: ...

    def forget(self, now: datetime) -> None:
        """Deletes what no budget counts any more."""
        ...


class PageSessions(Protocol):
    """Who may see which page: invitations, and the sessions made from them. Secrets are stored only as hashes."""

    @property
    def address(self) -> str: ...

    def invite(self, person: int, path: str) -> str:
        """A new invitation, for one browser."""
        ...

    def enter(self, invitation: str, browser: str) -> Entered | None:
        """See `Pages.enter`."""
        ...

    def inside(self, session: str) -> int | None:
        """The person of a session that has not ended."""
        ...

    def forget(self) -> None:
        """Deletes what has ended."""
        ...


class PersonalData(Protocol):
    """What the declared tables hold about people: see `bot/core/keeping.py`."""

    def exists(self, person: int) -> bool: ...

    def accounts(self, person: int) -> Sequence[Account]: ...

    def named(self, name: str, part: bool = False) -> Sequence[Person]:
        """Everybody with this name, without regard to case and accents; or with `part` these words in their name."""
        ...

    def rows(self, person: int) -> Iterator[tuple[KeptTable, Sequence[Mapping[str, Any]]]]:
        """The person's rows by table, without the columns that name somebody."""
        ...

    def said(self, person: int) -> Sequence[MessageRef]:
        """The messages of the person's own that rows of theirs name, the newest first."""
        ...

    def counts(self, person: int) -> Mapping[str, int]:
        """Table -> how many rows are the person's, without empty tables."""
        ...

    def note_erasure(self, account: Account, now: datetime) -> None:
        """Stores that an account was erased, as a hash: a restored backup then erases it again."""
        ...

    def erasures(self) -> Mapping[str, datetime]:
        """The hashes of erased accounts, and when each was erased; the oldest first."""
        ...

    def with_hashes(self, hashes: Collection[str]) -> Sequence[int]:
        """The people whose accounts have these hashes."""
        ...

    def erase(self, person: int) -> None:
        """Deletes and empties the person's rows as declared."""
        ...


class Unit(Protocol):
    """One unit of work: everything in it is committed, or nothing."""

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

    @property
    def known(self) -> dict[Any, Any]:
        """What was found out since the unit last wrote something: writing empties it."""
        ...

    def personal(self, kept: Sequence[KeptTable]) -> PersonalData: ...

    def next_at(self) -> datetime | None:
        """The first instant at which there is something to handle or to deliver."""
        ...

    def store(self, feature: str) -> Any:
        """The store of a mounted feature."""
        ...

    def log(self, person: int | None, cohort: int | None, act: str) -> None: ...

    def move(self, place: Place, to: Place) -> None:
        """The channel has another id from now on, in everything that is stored."""
        ...

    def savepoint(self) -> AbstractContextManager[None]:
        """If its body raises, undoes what happened there and nothing else of the unit."""
        ...


class Storage(Protocol):
    @property
    def held(self) -> bool:
        """Whether this process may act, because no other has taken its place."""
        ...

    async def run(self, work: Callable[[Unit], T]) -> T:
        """Runs `work` in a unit of work off the event loop, and commits. Repeats it on a write conflict."""
        ...

    async def run_first(self, work: Callable[[Unit], T]) -> T:
        """The same on a connection of its own, before all that waits for `run`: for what has arrived. One at a time."""
        ...

    @property
    def is_wanted(self) -> bool:
        """Whether `run_first` waits for the unit of work that runs."""
        ...
