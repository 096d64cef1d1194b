"""What drafts keep: a course that a person lays out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.core.feature import Feature
from bot.core.keeping import KeptTable
from bot.core.translation import N_


@dataclass(frozen=True, slots=True)
class Draft:
    """A course of a person, for a `cohort` or (0) for none yet. Its `text` is a course file without errors; `before` is
    what it was before the last change. `starts_on` counts where no cohort has a start."""

    person: int
    cohort: int
    text: str
    before: str
    starts_on: date
    changed_at: datetime


class DraftStore(Protocol):
    """One draft for each person and cohort."""

    def draft(self, person: int, cohort: int) -> Draft | None: ...

    def keep(self, draft: Draft) -> None: ...

    def drop(self, person: int, cohort: int) -> None: ...


feature: Feature[DraftStore] = Feature("drafts")
feature.keeps(
    KeptTable(
        "course_drafts",
        "A course that you lay out on a page",
        of="person",
        until="30 days after its last change",
    ),
    purpose=N_("So that a course can be made without writing a file"),
)
