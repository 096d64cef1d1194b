"""The border of the feature: its values, the store that it needs, and its declaration."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal, Protocol

from bot.core.feature import Feature

State = Literal["draft", "approved", "flagged", "skipped", "dropped", "removed"]
"""`flagged`: approved, and something about it needs another look. `dropped`: its source went before anybody
approved it. Dropped and removed entries have no text any more."""

Flag = Literal["", "changed", "reopened", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the FAQ; its `id` never changes. `source` is the question that it was made from, and
    `source_stamp` tells whether the texts there are those that it was made from.

    `run_only`: about this run alone (its dates, its links). Only its cohort finds it, so it ends with the cohort.
    `news_question` and `news_answer` are what the source says now, where that changed after the approval.
    """

    id: int
    cohort: int
    course: str
    question: str
    answer: str
    state: State
    source: int
    source_stamp: str
    created_at: datetime
    verified_at: datetime | None = None
    flag: Flag = ""
    news_question: str = ""
    news_answer: str = ""
    run_only: bool = False

    @property
    def stamp(self) -> str:
        """What a button carries, so that nobody approves a text that they have not seen."""
        return stamp(self.question + "\0" + self.answer + "\0" + self.flag, 8)

    @property
    def stands(self) -> bool:
        """Whether people may find it. One whose source was merely reworded still stands."""
        return self.state == "approved" or (self.state == "flagged" and self.flag == "changed")


def stamp(text: str, length: int = 16) -> str:
    """A short sign by which a text is known again without keeping it."""
    return sha256(text.encode()).hexdigest()[:length]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a review: how much, and the first of it."""

    flagged: int
    drafts: int
    entries: tuple[Entry, ...] = ()

    @property
    def number(self) -> int:
        return self.flagged + self.drafts


class FaqStore(Protocol):
    """What the FAQ keeps: entries with the versions that were approved."""

    def add(self, entry: Entry) -> Entry:
        """Keeps a new entry (its `id` is made here)."""
        ...

    def keep(self, entry: Entry) -> None:
        """Writes an entry as it stands now; without a text, its versions go too."""
        ...

    def keep_version(self, entry: Entry, person: int, act: str) -> None:
        """Remembers the text that somebody vouched for."""
        ...

    def entry(self, entry: int) -> Entry | None: ...

    def of_source(self, question: int) -> Entry | None: ...

    def waiting(self, cohort: int, limit: int) -> Waiting:
        """What waits for a review, flagged entries first, each kind oldest first."""
        ...

    def standing(self, course: str, cohort: int | None = None) -> Sequence[Entry]:
        """The entries of a course that people may find, by number; in a `cohort` those of its run alone, too."""
        ...


feature: Feature[FaqStore] = Feature("faq")
