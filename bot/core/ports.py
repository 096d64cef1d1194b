"""Ports of the core: what it needs from outside, as Protocols."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.core.commands import Command, Shortcut
from bot.core.events import Event
from bot.core.forms import Form, Values
from bot.core.history import LeftOut, PastMessage, Unread
from bot.core.message import Jump, Message, Option
from bot.core.people import Account, Actor, Cohort, Membership, MessageRef, Person, Place, Role


class Directory(Protocol):
    """Who is who. Features read it; enrolment alone writes memberships, through its own store."""

    def meet(self, actor: Actor) -> Person:
        """The person behind an account; a new one is remembered at the first meeting."""
        ...

    def person(self, person: int) -> Person: ...

    def fetch(self, people: Collection[int]) -> None:
        """Reads these people, their accounts and memberships at once: asking for each of them then costs nothing."""
        ...

    def owner(self, account: Account) -> Person | None:
        """The person whose account this is, where we have met them."""
        ...

    def account(self, person: int, workspace: str | None = None) -> Account | None:
        """An active account of a person, in the workspace named, else the one that was used last."""
        ...

    def cohort(self, cohort: int) -> Cohort | None: ...

    def cohorts(self, ended: bool = False) -> Sequence[Cohort]:
        """Those that run, or those that have ended; oldest first."""
        ...

    def cohort_at(self, place: Place, ended: bool = False) -> tuple[Cohort, str] | None:
        """The cohort that uses a channel, and for what purpose; one that has `ended` only where that is asked."""
        ...

    def memberships(self, person: int, ended: bool = False) -> Sequence[Membership]:
        """Those of the person that they have not left, in cohorts that run; `ended`: in cohorts that have ended,
        instead, the latest end first."""
        ...

    def members(self, cohort: int, role: Role | None = None) -> Sequence[Person]:
        """The present members (of a role), in the order in which they joined."""
        ...

    def away(self, cohort: int) -> Collection[int]:
        """Who of a cohort has said that they are away at present."""
        ...

    def gone(self, cohort: int) -> Collection[int]:
        """Who of a cohort is away or has fallen silent: nothing unasked is said to them."""
        ...

    def expected(self, cohort: int, since: datetime, until: datetime) -> Collection[int]:
        """The learners over whom figures of a span are counted: those who joined before its end, have not left, and
        were not away in it."""
        ...

    def watched(self, workspace: str) -> "Sequence[Watched]":
        """See `Bot.watched`."""
        ...

    def groups(self, workspace: str) -> Sequence[str]:
        """See `Bot.groups`."""
        ...

    def is_active(self, person: int) -> bool:
        """Whether the person has an account that is not deactivated."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One thing for an adapter to do, everything resolved.

    `key` is the same at every try of one outbox row (at most 25 characters). `account` is set for a private
    conversation or a whisper, `place` otherwise (and for a whisper). `zone` is the reader's where there is
    one reader. `mentions` gives the accounts of the people that the message calls, `links` the addresses of
    the messages that it points to, `files` what its attachments hold.
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


@dataclass(frozen=True, slots=True)
class Sent:
    """Where a message stands now: several references where it had to be split."""

    refs: tuple[MessageRef, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at, for the operator. `fix` says what to do; it is empty where all is well."""

    what: str
    state: str
    fix: str = ""


class Adapter(Protocol):
    """A platform, or one workspace of it. Which `workspaces` it serves may be known only once it has started.

    Every method raises RateLimited, TargetGone, Unclear or Unavailable (bot.core.errors), and nothing else.
    """

    @property
    def workspaces(self) -> Sequence[str]: ...

    async def start(self, bot: "Bot") -> None:
        """Begins to hand events to the bot."""
        ...

    async def stop(self) -> None: ...

    async def post(self, delivery: Delivery) -> Sent: ...

    async def edit(self, delivery: Delivery, refs: Sequence[MessageRef]) -> Sent: ...

    async def delete(self, refs: Sequence[MessageRef]) -> None: ...

    async def whisper(self, delivery: Delivery) -> None: ...

    async def react(self, ref: MessageRef, emoji: str, on: bool) -> None: ...

    async def find(self, delivery: Delivery) -> Sent | None:
        """What an earlier try with the same key left on the platform; None when surely nothing."""
        ...

    def link(self, ref: MessageRef) -> str | None:
        """The address of a message for a person's browser."""
        ...

    async def pin(self, ref: MessageRef, on: bool) -> None: ...

    async def create(self, workspace: str, name: str, topic: str, private: bool, members: Sequence[Account]) -> Place:
        """Makes a channel with these people in it, or takes the one of this name where the bot may write in it.
        Raises TargetGone, with words for the person who asked, where it may do neither."""
        ...

    async def remove_member(self, place: Place, account: Account) -> None:
        """Takes somebody out of a channel. Does nothing where they are not in it, or the channel is gone; raises
        TargetGone, with words for the operator, where the bot may not."""
        ...

    async def archive(self, place: Place) -> None:
        """Closes a channel to writing. Does nothing where it is archived already, or gone; raises TargetGone, with
        words for the operator, where the bot may not."""
        ...

    async def check(self) -> Sequence[Finding]:
        """Looks at what the platform lets us do, without `start`: tokens, permissions, channels, the clock."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What an interaction is answered with: at most one of the two. `problems` stand at the form's fields; with them
    nothing was stored, and the same interaction delivered again is a new try.

    `zone` is the reader's own; None: the adapter goes by what its platform knows. `mentions` and `links` as in
    `Delivery`.
    """

    message: Message | None = None
    form: Form | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    mentions: Mapping[int, Account] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Watched:
    """A conversation that we follow. `after`: the newest message of it that we have stored; None: none yet."""

    place: Place
    after: str | None


class Bot(Protocol):
    """The bot, as an adapter sees it."""

    @property
    def commands(self) -> Sequence[Command]: ...

    @property
    def shortcuts(self) -> Sequence[Shortcut]:
        """What a message's own menu offers: at most five."""
        ...

    def now(self) -> datetime: ...

    async def receive(self, event: Event) -> Answer:
        """Takes an event; returns once it is stored (chat) or committed (interactions).

        Raises Unavailable when nothing could be saved: the adapter then tells the person, or does not
        acknowledge the event.
        """
        ...

    async def options(self, actor: Actor, place: Place, command: str, parameter: str, typed: str) -> Sequence[Option]:
        """Completions for a command's parameter; for '' and 'person' the people that a form's field can name."""
        ...

    async def page(self, actor: Actor, workspace: str) -> Answer:
        """The person's own page, as `/cohort` shows it in the direct conversation. Not kept under any key."""
        ...

    async def draft(self, actor: Actor, draft: str) -> Answer:
        """A form that the person began, with what they typed; a message where it is gone."""
        ...

    async def keep(self, actor: Actor, draft: str, values: Values) -> None:
        """Keeps what the person has typed so far, without sending it: for a form that is shown in steps."""
        ...

    async def recall(self, actor: Actor, key: str) -> Answer:
        """What the whisper of this delivery key said, to the one person whom it was for."""
        ...

    async def watched(self, workspace: str) -> Sequence[Watched]:
        """The conversations to catch up with after a time without connection: the channels of cohorts that run, and
        direct ones in which somebody wrote.

        `after` moves with every message that is stored. An adapter that fetches what was missed while new
        messages arrive stores where it began, and begins there again if it was cut off.
        """
        ...

    async def groups(self, workspace: str) -> Sequence[str]:
        """The platform's own groups that give a role in a cohort."""
        ...


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An answer that may fit a question. `entry` is its stable number; `checked`: somebody of the course team has
    approved it, at `at`; else it is what came of a thread that began then. `source`: where that stands, if whoever asks
    can look there."""

    entry: int
    question: str
    answer: str
    checked: bool = True
    at: datetime | None = None
    source: Jump | None = None


class Suggest(Protocol):
    """What is known already. Silence beats a wrong suggestion."""

    def likely(self, course: str, cohort: int, text: str) -> Sequence[Suggestion]:
        """At most three entries that very likely answer a question in a cohort of the course, best first."""
        ...

    def known(self, course: str, cohort: int, entry: int) -> Suggestion | None:
        """An entry by its number, if people in a cohort of the course may find it."""
        ...


class History(Protocol):
    """An export. Opening or reading it raises a PacekeeperError where it is none at all."""

    @property
    def size(self) -> int:
        """How much there is to read, in bytes."""
        ...

    @property
    def done(self) -> int:
        """How much of that has been read."""
        ...

    def messages(self) -> Iterator[PastMessage | LeftOut | Unread]:
        """Everything in it, once, one by one as it is read: it may be larger than memory. Nothing is raised for a
        part that is broken, and no order is promised."""
        ...


class Encoder(Protocol):
    """Makes vectors of what texts mean. That takes its time, so it happens before a unit of work and not in it."""

    async def prepare(self, text: str) -> None:
        """Makes the vector of a text, or gives up where that would keep somebody waiting."""
        ...

    def known(self, text: str) -> bytes | None:
        """The vector of a text that was prepared a while ago. It never makes one."""
        ...
