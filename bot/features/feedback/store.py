"""What feedback keeps: what was said about work, that it was seen, and drafts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import Columns, KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Feedback:
    """Feedback on a learner's work, with their reply. `work` is the name of the `Work`, `title` its title then.

    `version` is the `changed_at` of the work that was looked at. `waited_from`: since when the learner waited for it;
    None if that version had been dealt with. `read_at`: when the learner opened it or replied, None: not that we know.
    """

    id: int
    cohort: int
    work: str
    title: str
    person: int
    by: int
    text: str
    link: str
    at: datetime
    version: datetime
    waited_from: datetime | None = None
    edited_at: datetime | None = None
    read_at: datetime | None = None
    reply: str = ""
    reply_at: datetime | None = None

    @property
    def anchor(self) -> str:
        """The anchor of the learner's message, and the name of the reply on the desk."""
        return f"feedback/{self.id}"


@dataclass(frozen=True, slots=True)
class Seen:
    """The course team has looked at somebody's work, as it was at `at`."""

    work: str
    person: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """Feedback that somebody began."""

    text: str
    link: str


class FeedbackStore(Protocol):
    def of(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Feedback]:
        """The feedback on these learners' work (None: all), the oldest first."""
        ...

    def find(self, cohort: int, id: int) -> Feedback | None: ...

    def add(self, given: Feedback) -> Feedback:
        """Stores new feedback; its `id` is made here."""
        ...

    def change(self, given: Feedback) -> None: ...

    def remove(self, id: int) -> None: ...

    def seen(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Seen]: ...

    def see(self, cohort: int, seen: Seen, by: int | None) -> None: ...

    def draft(self, cohort: int, work: str, by: int) -> Draft | None: ...

    def drafted(self, cohort: int, by: int) -> set[str]:
        """The work for which somebody has a draft."""
        ...

    def keep_draft(self, cohort: int, work: str, person: int, by: int, draft: Draft | None) -> None:
        """`person`: whose work it is. None drops the draft."""
        ...

    def forget(self, cohort: int, person: int) -> Sequence[str]:
        """Drops the drafts about a learner; returns what they said."""
        ...


feature: Feature[FeedbackStore] = Feature("feedback")
_BOTH = ("person", "by")
FEEDBACK = KeptTable(
    "feedback",
    "Feedback on your work, and your reply",
    of="person",
    names=("by",),
    shown_to=("by",),
    columns=(
        Columns(("id", "cohort", "work", "title", "at", "version", "waited_from", "edited_at"), read_by=_BOTH),
        Columns(("read_at", "removed_at"), read_by=_BOTH),
        Columns(("text", "link"), by="by", read_by=_BOTH),
        Columns(("reply", "reply_at"), by="person", read_by=_BOTH),
    ),
)
feature.keeps(
    FEEDBACK,
    KeptTable("feedback_seen", "That the course team has seen your work", of="person", names=("by",)),
    KeptTable("feedback_drafts", "Feedback that you began to write and did not send", of="by", names=("person",)),
    purpose=N_("So that you get feedback on your work"),
)
