"""The store of bot/features/drafts."""

from datetime import datetime

from sqlmodel import Session, col

from bot.core.ports import Rehearse
from bot.features.drafts.store import Draft, Rehearsal
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.drafts import CourseDraftRow, CourseRehearsalRow

_DRAFT = Mapper(Draft, CourseDraftRow)


_REHEARSAL = Mapper(Rehearsal, CourseRehearsalRow)


class SqlDrafts(Store):
    """The `DraftStore`, over two tables."""

    def __init__(self, session: Session, now: datetime, rehearse: Rehearse) -> None:
        super().__init__(session, now)
        self._rehearse = rehearse

    def rehearser(self) -> Rehearse:
        return self._rehearse

    def rehearsal(self, person: int, cohort: int) -> Rehearsal | None:
        return self._get(_REHEARSAL, (person, cohort))

    def keep_rehearsal(self, rehearsal: Rehearsal) -> None:
        self._put(CourseRehearsalRow(**_REHEARSAL.columns(rehearsal)))

    def draft(self, person: int, cohort: int) -> Draft | None:
        return self._get(_DRAFT, (person, cohort))

    def keep(self, draft: Draft) -> None:
        self._put(CourseDraftRow(**_DRAFT.columns(draft)))

    def drop(self, person: int, cohort: int) -> None:
        theirs = (col(CourseRehearsalRow.person) == person, col(CourseRehearsalRow.cohort) == cohort)
        self._delete(CourseRehearsalRow, *theirs)
        self._delete(CourseDraftRow, col(CourseDraftRow.person) == person, col(CourseDraftRow.cohort) == cohort)
