"""What live sessions keep: which the cohort was told about, who said yes, came or reflected."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_
from bot.core.turn import Turn
from bot.course.gate.values import Told
from bot.course.model import Live, LiveRules
from bot.course.titles import same_title

State = Literal["held", "announced", "trial", "removed"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What learners were told of a session, as the course file had it then. `days`: for how many a reflection
    counts. `rules`: what the times were held against; None: that was not kept then."""

    live: Live
    days: int
    rules: LiveRules | None = None


Verdict = Literal["", "keep", "replace", "drop", "few"]
"""'replace': consider replacing it; 'drop': it may not be worth the effort; 'few': too few people to say."""

APART = 20
"""A head count that is more than so many percent of the presses away from them makes them uncertain."""


def are_apart(heads: int, people: int) -> bool:
    return 100 * abs(heads - people) > APART * people


@dataclass(frozen=True, slots=True)
class Counted:
    """Who came to a session, of the `base` who had joined and were neither away nor gone that day. `reflected`: those
    who did not come, and did what counts as much. `awake`: those who had a slot in waking hours. `was_down`: the bot
    was, while people could have pressed. `outside`: for how many percent of them each slot was outside waking hours;
    older outcomes do not have that."""

    base: int
    attended: int
    by_word: int
    reflected: int
    awake: int
    heads: int | None
    was_down: bool = False
    outside: tuple[int, ...] = ()

    @property
    def neither(self) -> int:
        return self.base - self.attended - self.reflected

    @property
    def is_uncertain(self) -> bool:
        """Whether not everybody could press, or the instructor counted another number of people than did."""
        return self.was_down or self.is_apart

    @property
    def is_apart(self) -> bool:
        return self.heads is not None and are_apart(self.heads, self.attended)

    def share(self, number: int) -> int:
        """In percent."""
        return round(100 * number / self.base) if self.base else 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session went, as it was settled when its reflections closed, or at the end of its cohort: what people do
    after that, or with their settings, moves no figure. `of`: over how many sessions with its title the verdict was
    made, and `share`: how many percent came to these. `unrecorded`: the recording that counts in full was not there;
    None: that was not kept then."""

    counted: Counted
    verdict: Verdict
    of: int
    share: int
    at: datetime
    unrecorded: bool | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A live session of a cohort. `name` is its id in the course file.

    `slots`: when it begins, in the order of the file. `known`: the same, with slots that learners were told of and that
    are no more. `changed`: how often that changed since learners were first told, at `told_at`. `why`: the code of what
    it was taken back for. `agreed`: what its manager agreed to (`terms` in bot/course/gate/verdicts.py); `by` did.
    `promise` follows the course file until a slot begins; then it stands but for its link and the names of what pays.
    `since`: when it came to be as it is.
    `on_until`, `open_until`: until when a press and a reflection are taken after a downtime; None: there was none.
    `recording` is its address, `transcript` a text or an address; both came at `recorded_at`. `heads`: how many the
    instructor counted; `word`: the code word said in the call. `counted_at`: when it was noted who was expected.
    `nights`: slots ahead that are outside waking hours for more learners than may be. They stand for those who were
    told of them; see `seen_by` in rules.py. `dark_since`: since when there are some. `outcome`: how it went, once that
    is settled.
    """

    id: int
    cohort: int
    name: str
    week: int
    title: str
    minutes: int
    state: State
    since: datetime
    slots: tuple[datetime, ...] = ()
    known: tuple[datetime, ...] = ()
    changed: int = 0
    told_at: datetime | None = None
    why: str = ""
    agreed: str = ""
    by: int | None = None
    recording: str = ""
    transcript: str = ""
    recorded_at: datetime | None = None
    heads: int | None = None
    word: str = ""
    counted_at: datetime | None = None
    promise: Promise | None = None
    on_until: datetime | None = None
    open_until: datetime | None = None
    nights: tuple[datetime, ...] = ()
    dark_since: datetime | None = None
    outcome: Outcome | None = None

    @property
    def live(self) -> Live | None:
        """As it was promised; None if learners were never told of it."""
        return self.promise.live if self.promise is not None else None

    @property
    def link(self) -> str:
        """Where the call is; empty if the course file does not say."""
        return self.live.link if self.live is not None else ""

    @property
    def is_out(self) -> bool:
        """Whether learners see it."""
        return self.state in ("announced", "trial")

    def is_called(self, title: str, week: int) -> bool:
        """Whether people take a session with this title in this week for it, whatever its id in the file."""
        return self.week == week and same_title(self.title, title)

    def told(self, awaited: bool) -> Told | None:
        """What learners know of it; None if that is nothing. `awaited`: somebody said yes to it."""
        if not self.is_out or self.promise is None:
            return None
        return Told(self.promise.live, self.slots, self.promise.rules, awaited)

    @property
    def is_by_agreement(self) -> bool:
        """Whether it takes place by its manager's word."""
        return self.is_out and (self.state == "trial" or (self.live is not None and bool(self.live.mandated)))

    @property
    def waits(self) -> bool:
        """Whether nothing but its manager's word is missing."""
        return self.state == "held" and self.why in ("agreement", "taken-back")

    def ends(self, slot: int) -> datetime:
        """When its slot with this number, from 1, is over."""
        return self.slots[slot - 1] + timedelta(minutes=self.minutes)

    @property
    def begins_at(self) -> datetime:
        return min(self.slots)

    @property
    def ends_at(self) -> datetime:
        """When its last slot is over."""
        return self.ends(self.last)

    def has_begun(self, now: datetime) -> bool:
        """Whether a slot has begun, so that what was promised stands."""
        return self.is_out and any(at <= now for at in self.slots)

    def is_over(self, now: datetime) -> bool:
        """Whether it took place."""
        return self.is_out and bool(self.slots) and self.ends_at <= now

    def is_missed(self, now: datetime) -> bool:
        """Whether its times passed while it was held: nobody can do anything about it any more."""
        return self.state == "held" and bool(self.slots) and self.ends_at <= now

    @property
    def last(self) -> int:
        """The number of the slot that ends last."""
        return max(range(1, len(self.slots) + 1), key=lambda n: self.slots[n - 1])


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody who said yes was told: the number of their slot, when it begins, how long it takes and where the
    call is; `off`: that it does not take place. `lost`: and that their yes counts no more, since its id in the file is
    another one, or another session's."""

    slot: int
    at: datetime
    minutes: int
    link: str
    off: bool = False
    lost: bool = False

    def differs(self, now: "Heard") -> bool:
        """Whether they have to hear of it. An address that they had not read yet is on their card."""
        if self.off or now.off:
            return self.off != now.off
        return (self.at, self.minutes) != (now.at, now.minutes) or (bool(self.link) and self.link != now.link)


@dataclass(frozen=True, slots=True)
class Taking:
    """What a person has to do with a session. `slot`: the number of the one that they said yes to, 0: none. `here_at`:
    they said that they were there, `by_word` with the code word. `reflected_at`: they did what counts as much.
    `answers`: what they took from it, or what they would like feedback on in its place, if they asked at `asked_at`.
    `counted`: they had joined, and were neither away nor gone that day. `told`: what they know of the slot that they
    said yes to, and then the last news, which may still wait. `files`: how many calendar files of it they got."""

    session: int
    person: int
    slot: int = 0
    here_at: datetime | None = None
    by_word: bool = False
    reflected_at: datetime | None = None
    answers: tuple[str, ...] = ()
    counted: bool = False
    asked_at: datetime | None = None
    told: tuple[Heard, ...] = ()
    files: int = 0

    @property
    def has_news(self) -> bool:
        """Whether they were told of a change of it since they said yes."""
        return len(self.told) > 1


class LiveStore(Protocol):
    def of(self, cohort: int) -> Sequence[Session]:
        """Every session of a cohort, by week."""
        ...

    def get(self, cohort: int, session: int) -> Session | None: ...

    def add(self, session: Session) -> Session:
        """Stores a new session (its `id` is made here)."""
        ...

    def keep(self, session: Session) -> None: ...

    def drop(self, session: int) -> None:
        """Deletes a session that nobody was told about."""
        ...

    def taking(self, cohort: int, person: int) -> Mapping[int, Taking]:
        """What a person has to do with the sessions of a cohort, by session."""
        ...

    def takings(self, sessions: Collection[int]) -> Sequence[Taking]:
        """What everybody has to do with these sessions."""
        ...

    def take(self, taking: Taking) -> None:
        """Stores it in place of what this person had to do with the session."""
        ...

    def got_file(self, session: int, person: int) -> None:
        """Counts one more calendar file, if this person has to do with the session."""
        ...

    def count(self, session: int, people: Collection[int]) -> None:
        """Stores who is counted in a session."""
        ...

    def last(self, cohort: int, since: datetime, until: datetime) -> dict[int, datetime]:
        """Who came to a session or reflected on one from `since` until before `until`, and when last."""
        ...


Lives = Turn[LiveStore]

feature: Feature[LiveStore] = Feature("live")
feature.keeps(
    KeptTable(
        "live_sessions",
        "A live session of a cohort for which you agreed to a trial or a policy",
        of="by",
        erasure="unnamed",
        why="the cohort was told about the session",
    ),
    KeptTable(
        "live_people",
        "Whether you said yes to a live session, were there, and what you took from it; the instructors read that. "
        "Also what you would like feedback on in its place, which the course team reads; what you were told of its "
        "time, and how many calendar files of it you got",
        of="person",
        documents=("answers", "told"),
    ),
    purpose=N_("So that live sessions take place for those who come"),
)


def post(session: Session) -> str:
    """The anchor of its post in the week's thread."""
    return f"live/{session.cohort}/{session.id}"


def recording(session: Session) -> str:
    """The anchor of its recording in the week's thread."""
    return f"{post(session)}/recording"


def soon(session: Session, person: int, slot: int) -> str:
    """The anchor of the line that tells somebody of the slot they said yes to."""
    return f"{post(session)}/{person}/{int(session.slots[slot - 1].timestamp()):x}"


def news(session: Session, person: int) -> str:
    """The key of the line that tells somebody who said yes how it is now."""
    return f"{post(session)}/{person}/told"


def wish(session: Session, person: int) -> str:
    """Names a request for feedback in place of a session, as work is named."""
    return f"live/{session.id}.{person}"


def on_desk(session: Session) -> str:
    return f"live/{session.id}"
