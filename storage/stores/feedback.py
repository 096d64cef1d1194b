"""Feedback on work, what was seen, and drafts."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select

from bot.features.feedback.store import FEEDBACK, Draft, Feedback, Seen
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.store import Store, emptied
from storage.tables.feedback import DraftRow, FeedbackRow, SeenRow

_GIVEN, _SEEN, _DRAFT = Mapper(Feedback, FeedbackRow), Mapper(Seen, SeenRow), Mapper(Draft, DraftRow)
# Compiled once: desks and one's own page read them.
_there = col(FeedbackRow.removed_at).is_(None)
_OF = _GIVEN.query(*given(FeedbackRow.cohort), _there, person=FeedbackRow.person)
_SEEN_OF = _SEEN.query(*given(SeenRow.cohort), person=SeenRow.person)


class SqlFeedback(Store):
    """The `FeedbackStore` of bot/features/feedback, over tables."""

    def of(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Feedback]:
        return sorted(_OF.about(self._session, people, cohort=cohort), key=lambda f: (f.at, f.id))

    def find(self, cohort: int, id: int) -> Feedback | None:
        return self._first(
            _GIVEN, select(FeedbackRow).where(FeedbackRow.id == id, FeedbackRow.cohort == cohort, _there)
        )

    def add(self, given: Feedback) -> Feedback:
        return _GIVEN.read(self._add(FeedbackRow(**_GIVEN.columns(given))))

    def change(self, given: Feedback) -> None:
        self._change(FeedbackRow, given.id, **_GIVEN.columns(given))

    def remove(self, id: int) -> None:
        # The row keeps its number: the anchor of a message and the subject of buttons.
        self._change(FeedbackRow, id, removed_at=self._now, **emptied(FeedbackRow, FEEDBACK.written()))

    def seen(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Seen]:
        return _SEEN_OF.about(self._session, people, cohort=cohort)

    def see(self, cohort: int, seen: Seen, by: int | None) -> None:
        self._put(SeenRow(cohort=cohort, by=by, **_SEEN.columns(seen)))

    def draft(self, cohort: int, work: str, by: int) -> Draft | None:
        return self._get(_DRAFT, (cohort, work, by))

    def drafted(self, cohort: int, by: int) -> set[str]:
        return set(self._all(select(DraftRow.work).where(DraftRow.cohort == cohort, DraftRow.by == by)))

    def keep_draft(self, cohort: int, work: str, person: int, by: int, draft: Draft | None) -> None:
        if draft is None:
            self._delete(DraftRow, DraftRow.cohort == cohort, DraftRow.work == work, DraftRow.by == by)
        else:
            self._put(DraftRow(cohort=cohort, work=work, by=by, person=person, **_DRAFT.columns(draft)))

    def forget(self, cohort: int, person: int) -> Sequence[str]:
        whose = (DraftRow.cohort == cohort, DraftRow.person == person)
        found = self._all(select(DraftRow).where(*whose).order_by(col(DraftRow.work)))
        said = [text for row in found for text in (row.text, row.link) if text]
        self._delete(DraftRow, *whose)
        return said
