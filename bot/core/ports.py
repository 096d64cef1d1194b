"""Ports of the core: what it needs from outside, as Protocols."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, Protocol

from bot.core.commands import Command, Shortcut
from bot.core.effects import React
from bot.core.events import Event, FormSubmitted
from bot.core.forms import Form, Values
from bot.core.history import LeftOut, PastMessage, PastPerson, Unread
from bot.core.message import Jump, Message, Option, Status
from bot.core.people import Account, Actor, Cohort, Membership, MessageRef, Person, Place, Role


class Directory(Protocol):
    """Who is who. Features read it; only enrolment writes memberships, through its own store."""

    def meet(self, actor: Actor) -> Person:
        """The person behind an account; a new one is stored at the first meeting."""
        ...

    def take_renamed(self) -> Collection[int]:
        """Who was met under another name since this was last asked."""
        ...

    def person(self, person: int) -> Person: ...

    def names(self, people: Collection[Person]) -> Mapping[int, Sequence[str]]:
        """Person -> their name, and those of the last half year by which others may still know them."""
        ...

    def known_names(self, names: Collection[str]) -> Set[str]:
        """Those of `names` that somebody has."""
        ...

    def fetch(self, people: Collection[int]) -> None:
        """Loads these people, their accounts and memberships together, so that asking for each of them costs
        nothing."""
        ...

    def owner(self, account: Account) -> Person | None:
        """The person whose account this is, if we have met them."""
        ...

    def account(self, person: int, workspace: str | None = None) -> Account | None:
        """An active account of a person, in the given workspace or else the most recently used."""
        ...

    def cohort(self, cohort: int) -> Cohort | None: ...

    def cohorts(self, ended: bool = False) -> Sequence[Cohort]:
        """Running cohorts, or ended ones; oldest first."""
        ...

    def cohort_at(self, place: Place, ended: bool = False) -> tuple[Cohort, str] | None:
        """The cohort that uses a channel, and the channel's purpose; an `ended` one only on request."""
        ...

    def memberships(self, person: int, ended: bool = False) -> Sequence[Membership]:
        """The person's present memberships in running cohorts, or with `ended` those in ended cohorts, the latest end
        first."""
        ...

    def members(self, cohort: int, role: Role | None = None) -> Sequence[Person]:
        """The present members (with a role), in the order in which they joined."""
        ...

    def joined(self, cohort: int, people: Collection[int] | None = None, ever: bool = False) -> Mapping[int, datetime]:
        """The present learners (among `people`), and when each joined. `ever`: also those who have left."""
        ...

    def first_joined(self, cohort: int, people: Collection[int] | None = None) -> Mapping[int, datetime]:
        """The present learners (among `people`), and when each joined first: leaving and joining again changes nothing
        of it. Who is erased is somebody else when they join again."""
        ...

    def away(self, cohort: int) -> Collection[int]:
        """The members of a cohort who are away at present."""
        ...

    def gone(self, cohort: int) -> Collection[int]:
        """The members of a cohort who are away or have fallen silent: they get no unasked messages."""
        ...

    def expected(self, cohort: int, since: datetime, until: datetime, came: Collection[int] = ()) -> Collection[int]:
        """The learners whom figures of a span count: they joined by its end, had not left by then, and were not away in
        it. An absence that ends in its first 24 hours, or begins in its last, does not count. Whoever `came` counts in
        any case, also after they left."""
        ...

    def watched(self, workspace: str) -> "Sequence[Watched]":
        """See `Bot.watched`."""
        ...

    def accounts_in(self, workspace: str) -> Sequence[str]:
        """See `Bot.accounts`."""
        ...

    def groups(self, workspace: str) -> Sequence[str]:
        """See `Bot.groups`."""
        ...

    def is_active(self, person: int) -> bool:
        """Whether the person has an active account."""
        ...

    def find_again(self, account: Account, at: datetime) -> bool:
        """Makes an account active whose person acted `at`. False if it was, or was lost later than that."""
        ...

    def doubles(self) -> Sequence[Sequence[Person]]:
        """People whom an older version stored once for each workspace, each with the others that are the same
        person."""
        ...

    def reach(self, people: Collection[int]) -> None:
        """Messages have reached these people: whoever took none takes them again."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing for an adapter to do, with everything resolved.

    `key` is the same at every try of one outbox row (at most 25 characters). `account` is set for a private
    conversation or a whisper, `place` otherwise (and for a whisper). `zone` is the reader's if there is one reader.
    `mentions` gives the accounts of mentioned people, `links` the addresses of linked messages, `files` the contents of
    attachments. `instead`: see `Whisper`.
    """

    key: str
    anchor: str
    message: Message
    place: Place | None = None
    account: Account | None = None
    zone: str | None = None
    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, bytes] = field(default_factory=dict)
    instead: React | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message is now: several references if it had to be split."""

    refs: tuple[MessageRef, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check, for the operator. `fix` says what to do; it is empty if all is well. `sure`: False where
    the check could not be made, or there is nothing yet to check."""

    what: str
    state: str
    fix: str = ""
    sure: bool = True


class Adapter(Protocol):
    """A platform, or one workspace of it. Its `workspaces` may be known only after it has started.

    Every method raises RateLimited, TargetGone, Blocked, Unclear or Unavailable (bot.core.errors), and nothing else.
    Blocked is for a whole channel or person: in a thread that takes nothing a message is without its target.
    """

    @property
    def workspaces(self) -> Sequence[str]: ...

    @property
    def at_once(self) -> int:
        """How many deliveries may be on their way to one workspace: its rate limit, times its latency."""
        ...

    @property
    def problems(self) -> Mapping[str, str]:
        """Why nothing is heard at present, with what to do: by the workspace, or by a name for what is not known."""
        ...

    async def start(self, bot: "Bot") -> None:
        """Begins to pass events to the bot."""
        ...

    async def stop(self) -> None: ...

    async def post(self, delivery: Delivery) -> Sent: ...

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent: ...

    async def delete(self, refs: Sequence[MessageRef]) -> None: ...

    async def whisper(self, delivery: Delivery) -> None: ...

    async def react(self, ref: MessageRef, emoji: str, on: bool, state: Status | None = None) -> None:
        """See `React`."""
        ...

    async def find(self, delivery: Delivery) -> Sent | None:
        """What an earlier try with the same key left on the platform; None if it certainly left nothing."""
        ...

    def link(self, ref: MessageRef) -> str | None:
        """The address of a message for a person's browser."""
        ...

    async def pin(self, ref: MessageRef, on: bool) -> None: ...

    async def create(
        self,
        workspace: str,
        name: str,
        topic: str,
        private: bool,
        members: Sequence[Account],
        forum: bool = False,
        place: Place | None = None,
    ) -> Place:
        """Creates a channel with these people, or uses the existing one of this name if the bot may write in it, and
        for a private one only if nobody else is in it. Raises TargetGone, with words for the person who asked, if it
        can do neither. `forum`, `place`: see `Create`."""
        ...

    async def remove_member(self, place: Place, account: Account) -> None:
        """Removes somebody from a channel. Does nothing if they are not in it or the channel is gone; raises
        TargetGone, with words for the operator, if the bot may not."""
        ...

    async def archive(self, place: Place) -> None:
        """Archives a channel. Does nothing if it is archived or gone; raises TargetGone, with words for the operator,
        if the bot may not."""
        ...

    async def forget(self, account: Account) -> None:
        """Deletes what the adapter itself has stored about a person. If they act again, they are new to it."""
        ...

    async def look_up(self, workspace: str, wanted: Sequence[str]) -> Mapping[str, Sequence[Actor]] | None:
        """The active accounts that each id, e-mail address or name in `wanted` means, without `start`. None if the
        workspace is not connected through this adapter."""
        ...

    async def reach(self) -> Mapping[str, str]:
        """The workspaces of its tokens, with their names, without `start`. Raises Unavailable if the platform does not
        tell."""
        ...

    async def check(self, channels: Mapping[Place, str]) -> Sequence[Finding]:
        """Checks what the platform allows, without `start`: tokens, permissions, the clock; and of `channels` those in
        its workspaces. They are what running cohorts use, each with the name of its finding, which ends with the
        channel's purpose ('Cohort DE-26, questions')."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to an interaction: at most one of the two. `problems` are shown at the form's fields; nothing was
    stored then, and the same interaction delivered again is a new try.

    `zone` is the reader's own; if None, the adapter uses the platform's. `mentions` and `links` are as in `Delivery`;
    with a form, `mentions` has the accounts of the people that it names.

    `again`: the action that made it, if its words are not stored. Then only this is, and a repeated delivery makes the
    answer again.
    """

    message: Message | None = None
    form: Form | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, bytes] = field(default_factory=dict)
    again: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """A conversation that we follow. `after` is the newest message of it that we have stored, None if none. `lost`: the
    cause for which we cannot write there, if it is known that we cannot."""

    place: Place
    after: str | None
    lost: str = ""


class Bot(Protocol):
    """The bot, as an adapter sees it."""

    @property
    def commands(self) -> Sequence[Command]: ...

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        """The entries of a message's own menu: at most five."""
        ...

    def now(self) -> datetime: ...

    async def receive(self, event: Event) -> Answer:
        """Takes an event; returns once it is stored (chat) or committed (interactions).

        Raises Unavailable if nothing could be saved: the adapter then tells the person, or does not acknowledge the
        event.
        """
        ...

    async def options(self, actor: Actor, place: Place, command: str, parameter: str, typed: str) -> Sequence[Option]:
        """Completions for a command's parameter; for '' and 'person' the people that a form's field can name. A person
        is found by a part of their name, or by the id of their account."""
        ...

    async def page(self, actor: Actor, workspace: str) -> Answer:
        """The person's own page, as `/cohort` shows it in the direct conversation. Not stored under a key."""
        ...

    async def draft(self, actor: Actor, draft: str) -> Answer:
        """A form that the person began, with their input; a message if it is gone."""
        ...

    async def keep(self, actor: Actor, draft: str, values: Values) -> None:
        """Stores the person's input so far without submitting it, for a form shown in steps."""
        ...

    async def tried(self, event: FormSubmitted) -> Answer:
        """What a form would make of its input so far, or its problems. Nothing is stored."""
        ...

    async def recall(self, actor: Actor, key: str) -> Answer:
        """The text of the whisper with this delivery key, for its recipient only."""
        ...

    async def watched(self, workspace: str) -> Sequence[Watched]:
        """The conversations to catch up with after a lost connection: the channels of running cohorts, and direct ones
        in which somebody wrote.

        `after` moves with every stored message. An adapter that fetches missed messages while new ones arrive stores
        where it began, and begins there again if it was interrupted.
        """
        ...

    async def followed(self, workspace: str) -> Sequence[MessageRef]:
        """The first messages of conversations that may have been edited or deleted in a downtime unnoticed, as events
        of which nobody tells later. An adapter looks at them when it connects, and hands over what it finds."""
        ...

    async def accounts(self, workspace: str) -> Sequence[str]:
        """The active accounts of a workspace that the bot knows. A platform that tells profiles only on request has to
        ask for theirs: a roster, for one, may name bare ids."""
        ...

    async def groups(self, workspace: str) -> Sequence[str]:
        """The platform's own groups that give a role in a cohort."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that may fit a question. `entry` is its stable number. `checked`: the course team approved it at `at`;
    otherwise it comes from a thread that began then. `source` is where that is, if the asker may look there."""

    entry: int
    question: str
    answer: str
    checked: bool = True
    at: datetime | None = None
    source: Jump | None = None


class Suggest(Protocol):
    """What is already known. No suggestion is better than a wrong one."""

    def likely(self, course: str, cohort: int, text: str, sure: bool = False) -> Sequence[Suggestion]:
        """At most three entries that very likely answer a question in a cohort of the course, best first. `sure`: only
        a checked one that is right in 95 of 100 cases."""
        ...

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        """An entry by its number, if people in a cohort of the course may find it."""
        ...


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """How a rehearsal ended. `found` needs fixing; `notes` may be of interest. Both are in the program's English."""

    outcome: Literal["well", "found", "failed"]
    found: Sequence[str] = ()
    notes: Sequence[str] = ()


class Rehearse(Protocol):
    """Plays a whole course with few invented learners. That takes minutes, so it happens outside a unit of work."""

    async def play(self, key: str, text: str, starts_on: date, zone: str) -> Rehearsed: ...

    def share(self, key: str) -> float:
        """How much of a rehearsal that goes on was played, from 0 to 1."""
        ...


class History(Protocol):
    """An export. Opening or reading it raises a PacekeeperError if it is not one."""

    @property
    def size(self) -> int:
        """Its size in bytes."""
        ...

    @property
    def done(self) -> int:
        """Bytes read so far."""
        ...

    @property
    def people(self) -> Mapping[str, PastPerson]:
        """Account -> what the export says about it; complete once the messages are read."""
        ...

    def messages(self) -> Iterator[PastMessage | LeftOut | Unread]:
        """Everything in it, once, one by one as it is read, since it may be larger than memory. Broken parts raise
        nothing, and the order is not defined."""
        ...


class Encoder(Protocol):
    """Makes vectors of what texts mean. That is slow, so it happens before a unit of work."""

    async def prepare(self, text: str) -> None:
        """Makes the vector of a text, or gives up if that would take too long."""
        ...

    def known(self, text: str) -> bytes | None:
        """The vector of a text that was prepared recently. It never makes one."""
        ...
