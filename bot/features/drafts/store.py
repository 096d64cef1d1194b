"""What drafts keep: a course that a person lays out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.ports import Rehearse
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Draft:
    """A course of a person, for a `cohort` or (0) for none yet. Its `text` is a course file without errors; `before` is
    what it was before the last change. `starts_on` counts where no cohort has a start. `base`: the cohort's course file
    of which all is in `text`, except for what was changed here, and `base_before` of which all was in `before`."""

    person: int
    cohort: int
    text: str
    before: str
    starts_on: date
    changed_at: datetime
    base: str = ""
    base_before: str = ""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The last rehearsal of a draft: `stamp` is of the text that was played, and `outcome` is empty while it goes on.
    `found` and `notes` have one a line."""

    person: int
    cohort: int
    stamp: str
    began_at: datetime
    outcome: str = ""
    found: str = ""
    notes: str = ""


class DraftStore(Protocol):
    """One draft for each person and cohort, and its last rehearsal."""

    def draft(self, person: int, cohort: int) -> Draft | None: ...

    def keep(self, draft: Draft) -> None: ...

    def drop(self, person: int, cohort: int) -> None: ...

    def rehearsal(self, person: int, cohort: int) -> Rehearsal | None: ...

    def keep_rehearsal(self, rehearsal: Rehearsal) -> None: ...

    def rehearser(self) -> Rehearse: ...


feature: Feature[DraftStore] = Feature("drafts")
feature.keeps(
    KeptTable(
        "course_drafts",
        "A course that you lay out on a page",
        of="person",
        until="30 days after its last change",
    ),
    KeptTable(
        "course_rehearsals",
        "What the last rehearsal of it found",
        of="person",
        until="30 days after its last change",
    ),
    purpose=N_("So that a course can be made without writing a file"),
)
