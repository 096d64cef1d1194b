"""What live sessions keep: which the cohort was told about, and who said yes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable

State = Literal["held", "announced", "trial", "removed"]


@dataclass(frozen=True, slots=True)
class Session:
    """A live session of a cohort. `name` is its id in the course file.

    `slots`: when it begins, in the order of the file. `known`: the same, with slots that learners were told of and that
    are no more. `changed`: how often that changed since learners were first told, at `told_at`. `why`: the code of what
    it was taken back for. `agreed`: what its manager agreed to (`asks` in bot/course/gate/verdicts.py); `by` did.
    `since`: when it came to be as it is.
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

    @property
    def is_out(self) -> bool:
        """Whether learners see it."""
        return self.state in ("announced", "trial")

    @property
    def waits(self) -> bool:
        """Whether nothing but its manager's word is missing."""
        return self.state == "held" and self.why == "agreement"

    def ends(self, slot: int) -> datetime:
        """When its slot with this number, from 1, is over."""
        return self.slots[slot - 1] + timedelta(minutes=self.minutes)

    def is_over(self, now: datetime) -> bool:
        """Whether it took place."""
        return self.is_out and bool(self.slots) and self.ends(self.last) <= now

    @property
    def last(self) -> int:
        """The number of the slot that ends last."""
        return max(range(1, len(self.slots) + 1), key=lambda n: self.slots[n - 1])


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

    def coming(self, sessions: Collection[int]) -> Mapping[tuple[int, int], int]:
        """(session, person) -> the number of the slot that they said yes to."""
        ...

    def coming_of(self, cohort: int, person: int) -> Mapping[int, int]:
        """session -> the number of the slot that this person said yes to."""
        ...

    def say(self, session: int, person: int, slot: int) -> None:
        """Stores that a person comes to a slot; 0: to none."""
        ...


feature: Feature[LiveStore] = Feature("live")
feature.keeps(
    KeptTable(
        "live_sessions",
        "A live session of a cohort, and who agreed to a trial or a policy",
        of="by",
        erasure="unnamed",
        why="the cohort was told about the session",
    ),
    KeptTable("live_people", "That they said they would come to a live session, and when", of="person"),
)


def post(session: Session) -> str:
    """The anchor of its post in the week's thread."""
    return f"live/{session.cohort}/{session.id}"


def soon(session: Session, person: int, slot: int) -> str:
    """The anchor of the line that tells somebody of the slot they said yes to."""
    return f"{post(session)}/{person}/{int(session.slots[slot - 1].timestamp()):x}"


def on_desk(session: Session) -> str:
    return f"live/{session.id}"
