"""A turn: one unit of work as a handler sees it. It reads, decides, and declares; nothing here waits."""

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Literal, ParamSpec, Protocol, TypeVar

from bot.core.commands import Command
from bot.core.contributions import ACTIVITY, CREDITS, Contribution, Item, Upcoming
from bot.core.due import Due, Plan, Unplan
from bot.core.effects import (
    Archive,
    Below,
    Create,
    Direct,
    Effect,
    In,
    Pin,
    React,
    RemoveMember,
    Show,
    Target,
    Whisper,
    Withdraw,
    in_workspace,
    week_thread,
)
from bot.core.errors import NotFound
from bot.core.events import Event
from bot.core.facts import Fact, PersonErased
from bot.core.forms import Kept, Upload
from bot.core.keeping import Copied, KeptTable
from bot.core.message import Message, Status
from bot.core.people import Cohort, MessageRef, Person, Place, Role
from bot.core.ports import Directory
from bot.core.private import Meaning, Receipt, Said
from bot.core.translation import _
from bot.core.uptime import Outage, Uptime
from bot.core.voice import Card, Hush, Remark

S = TypeVar("S")
A = ParamSpec("A")
R = TypeVar("R")


class Features(Protocol):
    """All mounted features, asked together: no feature knows which others there are."""

    @property
    def commands(self) -> Sequence[Command]: ...

    @property
    def known(self) -> dict[Any, Any]:
        """What was found out since the unit of work last wrote something: see bot/core/once.py."""
        ...

    def upcoming(self, turn: "Turn[Any]", person: Person, cohort: Cohort) -> Sequence[Upcoming]:
        """What every feature says the person could do next, soonest first; in an ended cohort, what they still have and
        can do there."""
        ...

    def pending(self, turn: "Turn[Any]", cohort: Cohort, people: Sequence[Person]) -> Sequence[tuple[int, Item]]:
        """What these learners have not done yet and is still accepted, as (person's id, item); the next date first,
        and last what has none."""
        ...

    def collect(self, turn: "Turn[Any]", kind: Contribution[A, R], *args: A.args, **named: A.kwargs) -> Sequence[R]:
        """What every feature contributes of a kind, in the order of the features."""
        ...

    def try_out(
        self, turn: "Turn[Any]", change: "Callable[[Turn[Any]], object]", look: "Callable[[Turn[Any]], R]"
    ) -> R:
        """What `look` finds after a change and everything that follows from it. Nothing of that is kept."""
        ...

    def meanings(self, turn: "Turn[Any]", said: Said, cohort: Cohort) -> Sequence[Meaning]:
        """What every feature says that a private message may become in a cohort."""
        ...

    def leave_out(self, turn: "Turn[Any]", rows: Sequence[Due]) -> None:
        """Leaves out due rows of one kind that a downtime made useless: the course team decides about them."""
        ...

    def left_out(self, cohort: int) -> Sequence[tuple[str, Due]]:
        """What was left out in a cohort because the bot was down, with the titles; the oldest first. Not what a newer
        row of a kind that folds has made up for."""
        ...

    def titles(self) -> Mapping[str, str]:
        """The titles of the kinds of due rows that may be left out, by kind."""
        ...

    def foresee(self, turn: "Turn[Any]", rows: Sequence[Due]) -> "Foreseen":
        """What due rows of one kind would do if they happened now."""
        ...

    def settle_left_out(self, due: Due, at: datetime | None) -> None:
        """Plans what was left out again for `at`; None: it does not happen any more."""
        ...

    @property
    def outages(self) -> Sequence[Outage]:
        """When the bot was down in the last year, in order of time."""
        ...

    def read_file(self, file: int) -> bytes | None:
        """The content of an uploaded file; None if it was deleted."""
        ...

    def keep_file(self, turn: "Turn[Any]", person: int, upload: Upload) -> Kept:
        """Stores a file as one of this person's. It is deleted by `Turn.discard`."""
        ...

    def kept_about(self, person: int) -> Sequence[tuple[KeptTable, int]]:
        """What is kept about a person: the tables, and how many rows each has of theirs."""
        ...

    def copy_of(self, person: int, now: datetime) -> Copied:
        """A copy of all that."""
        ...

    def erasure(self, turn: "Turn[Any]", person: int) -> "Erasure":
        """What the erasure of a person would do. Raises Refused if they cannot be erased."""
        ...

    def take(self, turn: "Turn[Any]", kind: str, said: Said | None, subject: str) -> Receipt:
        """Passes a private message to the feature that takes its kind. Raises Refused."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """A post that is not in its channel: since when, why (`Why` in `bot/core/errors.py`), and whether it was given
    up."""

    since: datetime
    why: str
    lost: bool


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Messages of a cohort that are not there yet, of one kind: for a `channel` (None: private ones), in one `state`.
    `since`: when the first was to be sent; `again`: when the next is tried. `why`: the cause of the platform (`Why` in
    `bot/core/errors.py`), or its words. `ids` are for `Turn.retry`."""

    channel: str | None
    state: Literal["waiting", "held", "sending", "dead"]
    since: datetime
    again: datetime
    why: str
    ids: Sequence[int]


class Links(Protocol):
    """Where messages and pages are."""

    def ref(self, anchor: str) -> MessageRef | None:
        """Where the message of an anchor is (its first part), once it is posted."""
        ...

    def refs(self, anchors: Collection[str]) -> Mapping[str, MessageRef]:
        """The same for many anchors, without those that are not posted."""
        ...

    def shown(self, anchors: Collection[str]) -> Set[str]:
        """Those of these messages that are on a platform, or on their way there."""
        ...

    def held(self, cohort: int, beginning: str) -> Mapping[str, Held]:
        """The posts that are not in a cohort's channels, by their anchors, which begin so."""
        ...

    def outgoing(self, cohort: int) -> Sequence[Outgoing]:
        """What of a cohort is on its way, or was given up."""
        ...

    def waiting(self, anchors: Collection[str]) -> Set[str]:
        """Those of these cards that wait for their hour or for the message budget."""
        ...

    def root(self, cohort: Cohort, place: Place, anchor: str, now: datetime) -> Target:
        """Where a root post in a channel goes: there, or into a thread if the channel's week is full."""
        ...

    def thread(self, anchor: str) -> Target:
        """The thread of a post in a channel."""
        ...

    @property
    def address(self) -> str:
        """The base address of the bot's pages, such as 'https://example.org'; empty if they are not served."""
        ...

    def invite(self, person: int, path: str) -> str:
        """A link that signs this one person in to a page. It works once and expires soon."""
        ...


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What due rows would do if they happened now. `told`: when people would hear from them. `full`: who would not,
    since the messages of their day or week are used up. `more`: whether anything else would follow, such as a post."""

    told: Mapping[int, datetime] = field(default_factory=dict)
    full: Set[int] = frozenset()
    more: bool = False


@dataclass(frozen=True, slots=True)
class Erasure:
    """What the erasure of a person does. `messages`: how many messages of the bot are taken out of the chat or edited.
    `own`: where the person's own messages are, the newest first, which only they or an administrator can delete."""

    messages: int
    own: Sequence[MessageRef]


@dataclass(frozen=True, slots=True)
class Declared:
    """An effect, and the cohort for which it was declared."""

    effect: Effect
    cohort: Cohort | None


@dataclass(frozen=True, slots=True)
class Act:
    """A privileged act for the audit log."""

    person: int | None
    cohort: int | None
    text: str


def outside(people: Directory, person: Person | None) -> str:
    """What people read who are in no running cohort; members of an ended one are not asked to join."""
    ended = people.memberships(person.id, ended=True) if person is not None else ()
    if ended:
        last = people.cohort(ended[0].cohort)
        over = _("No cohort of yours runs any more. `/cohort` shows what you still have in those that have ended.")
        write = _("For eight weeks after the end, what you write to me in private can reach the course team.")
        return over if last is None or last.cut_short else f"{over} {write}"
    return _("You are in no cohort that runs. Write `/cohort join CODE` with the code of your invitation.")


@dataclass
class Turn(Generic[S]):
    """What a handler gets. `person`, `place` and `cohort` are None if the event has none.

    `roles` are those of the person in `cohort`; they were checked against the handler's declaration. `about` is the
    anchor of the bot's message that the event concerns, `below` the anchor of the thread it is in. `by_operator`: it
    happens by the operator's command line.
    """

    now: datetime
    store: S
    people: Directory
    features: Features
    links: Links
    event: Event | None = None
    person: Person | None = None
    place: Place | None = None
    cohort: Cohort | None = None
    purpose: str | None = None
    roles: frozenset[Role] = frozenset()
    about: str | None = None
    below: str | None = None
    by_operator: bool = False
    effects: list[Declared] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    plans: list[Plan | Unplan] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    audit: list[Act] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)
    discarded: list[int] = field(default_factory=list)
    reopened: list[tuple[Place, Place]] = field(default_factory=list)
    erased: list[int] = field(default_factory=list)
    retried: list[int] = field(default_factory=list)

    @property
    def me(self) -> Person:
        """The acting person. Raises NotFound if there is none."""
        if self.person is None:
            raise NotFound
        return self.person

    @property
    def here(self) -> Cohort:
        """The cohort in question. Raises NotFound if there is none."""
        if self.cohort is None:
            raise NotFound(outside(self.people, self.person))
        return self.cohort

    @property
    def is_staff(self) -> bool:
        return bool(self.roles & {Role.INSTRUCTOR, Role.MANAGER})

    def teaches(self, person: int, cohort: int) -> bool:
        """Whether a person is an instructor of a cohort."""
        return any(p.id == person for p in self.people.members(cohort, Role.INSTRUCTOR))

    def collect(self, kind: Contribution[A, R], *args: A.args, **named: A.kwargs) -> Sequence[R]:
        """What every feature contributes of a kind: see `bot/core/contributions.py`."""
        return self.features.collect(self, kind, *args, **named)

    @property
    def uptime(self) -> Uptime:
        """How long the bot has run until now. Every rule of 'how long since' counts by it."""
        return Uptime(self.now, self.features.outages)

    @property
    def acted_at(self) -> datetime:
        """When the person said or did this, however long ago that was: whether it is late is decided by this instant
        (`now` is when it is handled)."""
        return self.counted(self.event.at if self.event else self.now)

    def counted(self, at: datetime) -> datetime:
        """When something that was said at `at` counts as said: see `Uptime.counted`."""
        return self.uptime.counted(at)

    def active(self, cohort: Cohort, since: datetime, until: datetime) -> frozenset[int]:
        """Who took part in a cohort from `since` until before `until`."""
        return frozenset(found.person for found in self.collect(ACTIVITY, cohort, since, until))

    def completed(self, cohort: Cohort, people: Sequence[Person]) -> frozenset[int]:
        """Those of these learners who have everything that the course asks for its certificate."""
        needed: set[int] = set()
        lacking: set[int] = set()
        for person, credit in self.collect(CREDITS, cohort, people) if people else ():
            needed |= {person} if credit.needed else set()
            lacking |= set() if credit.complete else {person}
        return frozenset(needed - lacking)

    def show(self, anchor: str, target: Target, message: Message) -> None:
        """Shows `message` at `anchor`."""
        self._declare(Show(anchor, target, message))

    def post(self, purpose: str, anchor: str, message: Message, below: str = "") -> None:
        """Posts `message` in the cohort's channel for a purpose, in every workspace that it runs in: in the thread of
        the feature's own post `below`, or else as one of the three root posts of a week. Without room for a root post
        it goes into the week's thread."""
        places = self.here.places(purpose)
        for number, place in enumerate(places):
            own = in_workspace(anchor, places, number)
            root = in_workspace(below, places, number)
            links = self.links
            self.show(own, links.thread(root) if below else links.root(self.here, place, own, self.now), message)

    def post_in_pod(self, place: Place, anchor: str, message: Message) -> None:
        """Posts `message` in the channel of a pod. At most two a week may come there in all, so a feature has one a
        week, and changes it."""
        self.show(anchor, In(place), message)

    def is_in_thread_of(self, purpose: str, anchor: str) -> bool:
        """Whether the event's thread has the feature's post of this anchor: as its root, or below another post in a
        week without room for it."""
        places, place = self.here.places(purpose), self.place
        if place is None or self.below is None:
            return False
        here = (n for n, one in enumerate(places) if (one.workspace, one.channel) == (place.workspace, place.channel))
        thread = next((self.links.thread(in_workspace(anchor, places, n)) for n in here), None)
        return isinstance(thread, Below) and thread.anchor.partition("@")[0] == self.below

    def open_week(self, week: int, message: Message) -> None:
        """Opens the thread of a week in the cohort's channel with `message`."""
        self.post("main", week_thread(self.here.id, week), message)

    def withdraw_post(self, purpose: str, anchor: str) -> None:
        """Removes the post at the anchor from every workspace."""
        places = self.here.places(purpose)
        for number in range(len(places)):
            self.withdraw(in_workspace(anchor, places, number))

    def show_to(self, person: int, anchor: str, message: Message) -> None:
        """Shows `message` at `anchor` in the private conversation with a person, as an answer or a receipt (unasked
        messages go to `say`). A card that waits at this anchor is older, so it does not come any more."""
        self.say(Hush(anchor, cards=True))
        self.show(anchor, Direct(person, self.cohort.workspace if self.cohort else None), message)

    def show_again(self, cards: Sequence[Card]) -> None:
        """Updates these cards: those that were sent are edited, those that wait are sent with the new words. A card
        that is neither does not come by this."""
        anchors = [card.key for card in cards]
        shown = self.links.shown(anchors)
        waiting = self.links.waiting([anchor for anchor in anchors if anchor not in shown])
        for card in cards:
            if card.key in shown:
                self.show_to(card.person, card.key, card.message)
            elif card.key in waiting:
                self.say(card)

    def withdraw(self, anchor: str) -> None:
        self._declare(Withdraw(anchor))

    def whisper(self, person: int, place: Place, message: Message, instead: React | None = None) -> None:
        self._declare(Whisper(person, place, message, instead))

    def react(self, ref: MessageRef, emoji: str, on: bool = True, state: Status | None = None) -> None:
        self._declare(React(ref, emoji, on, state))

    def happened(self, fact: Fact) -> None:
        """Publishes a fact to the other features, within this unit of work."""
        self.facts.append(fact)

    def plan(self, *plans: Plan | Unplan) -> None:
        self.plans.extend(plans)

    def say(self, *remarks: Remark) -> None:
        """Hands remarks to the voice."""
        self.remarks.extend(remarks)

    def log(self, act: str) -> None:
        """Records a privileged act in the audit log, with who and when."""
        self.audit.append(Act(self.person.id if self.person else None, self.cohort.id if self.cohort else None, act))

    def forget(self, *texts: str) -> None:
        """Removes texts that somebody deleted from stored replies, and from the forms that quote them."""
        self.forgotten += texts

    def erase(self, person: int) -> None:
        """Erases a person: the features withdraw what they wrote, and end their memberships (`PersonErased`); then the
        rows go, as declared."""
        self.happened(PersonErased(person))
        self.erased.append(person)

    def discard(self, file: int) -> None:
        """Deletes an uploaded file."""
        self.discarded.append(file)

    def pin(self, anchor: str, on: bool = True) -> None:
        """Pins or unpins the message of an anchor."""
        self._declare(Pin(anchor, on))

    def create_channel(self, channel: Create) -> None:
        """Creates a channel; `PlaceMade` reports the result."""
        self._declare(channel)

    def remove_member(self, place: Place, person: int) -> None:
        """Removes the person from that channel."""
        self._declare(RemoveMember(place, person))

    def reopen(self, place: Place, instead_of: Place | None = None) -> None:
        """What waits for a channel is sent now; what waits for the channel `instead_of` goes into this one."""
        self.reopened.append((instead_of or place, place))

    def retry(self, messages: Collection[int]) -> None:
        """Sends again what was given up (see `Outgoing`)."""
        self.retried += messages

    def archive_channel(self, place: Place) -> None:
        """Archives that channel. Later messages wait for it in vain, and are given up in the end."""
        self._declare(Archive(place))

    def _declare(self, effect: Effect) -> None:
        self.effects.append(Declared(effect, self.cohort))
