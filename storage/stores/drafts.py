"""The store of bot/features/drafts."""

from sqlmodel import col

from bot.features.drafts.store import Draft
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.drafts import CourseDraftRow

_DRAFT = Mapper(Draft, CourseDraftRow)


class SqlDrafts(Store):
    """The `DraftStore`, over a table."""

    def draft(self, person: int, cohort: int) -> Draft | None:
        return self._get(_DRAFT, (person, cohort))

    def keep(self, draft: Draft) -> None:
        self._put(CourseDraftRow(**_DRAFT.columns(draft)))

    def drop(self, person: int, cohort: int) -> None:
        self._delete(CourseDraftRow, col(CourseDraftRow.person) == person, col(CourseDraftRow.cohort) == cohort)
