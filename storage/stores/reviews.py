"""Peer review: what was taken and said, openings, and consents."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlmodel import col, select

from bot.core.forms import Kept
from bot.features.reviews.store import Assignment, Consent, Copy, Opening, Sent, Taken
from storage.sql.clauses import given
from storage.sql.mapper import Mapper
from storage.sql.store import Store
from storage.tables.reviews import ReviewConsentRow, ReviewCopyRow, ReviewOpeningRow, ReviewRow

_TAKEN = Mapper(
    Assignment,
    ReviewRow,
    file=lambda r: Kept.read(r.file),
    answers=lambda r: tuple((question, text) for question, text in json.loads(r.answers or "[]")),
)
_OPENING, _CONSENT = Mapper(Opening, ReviewOpeningRow), Mapper(Consent, ReviewConsentRow)
_COPY = Mapper(Copy, ReviewCopyRow, file=lambda r: Kept.read(r.file))
_there = col(ReviewRow.removed_at).is_(None)
# Compiled once: items and one's own page read them.
_OF = _TAKEN.query(*given(ReviewRow.cohort), _there, order_by=(ReviewRow.id,))
_BY = _TAKEN.query(*given(ReviewRow.cohort), _there, order_by=(ReviewRow.id,), person=ReviewRow.reviewer)
_ABOUT = _TAKEN.query(*given(ReviewRow.cohort), _there, order_by=(ReviewRow.id,), person=ReviewRow.author)
_HANDED_OUT = Mapper(Taken, ReviewRow).query(*given(ReviewRow.cohort, ReviewRow.review), _there)
_SENT = Mapper(Sent, ReviewRow).query(
    *given(ReviewRow.cohort),
    _there,
    col(ReviewRow.sent_at).is_not(None),
    col(ReviewRow.out_at).is_(None),
    person=ReviewRow.reviewer,
)
_OPENINGS = _OPENING.query(*given(ReviewOpeningRow.cohort))
_CONSENTS = _CONSENT.query(*given(ReviewConsentRow.cohort), person=ReviewConsentRow.person)

_COPIES = _COPY.query(*given(ReviewCopyRow.cohort), person=ReviewCopyRow.person)


class SqlReviews(Store):
    """The `ReviewStore` of bot/features/reviews, over tables."""

    def taken(self, cohort: int, review: str) -> Sequence[Taken]:
        return _HANDED_OUT.all(self._session, cohort=cohort, review=review)

    def of(self, cohort: int, review: str | None = None) -> Sequence[Assignment]:
        return [one for one in _OF.all(self._session, cohort=cohort) if review in (None, one.review)]

    def by(self, cohort: int, people: Collection[int]) -> Sequence[Assignment]:
        return sorted(_BY.about(self._session, people, cohort=cohort), key=lambda one: one.id)

    def about(self, cohort: int, people: Collection[int]) -> Sequence[Assignment]:
        return sorted(_ABOUT.about(self._session, people, cohort=cohort), key=lambda one: one.id)

    def sent(self, cohort: int, people: Collection[int]) -> Sequence[Sent]:
        return _SENT.about(self._session, people, cohort=cohort)

    def find(self, cohort: int, id: int) -> Assignment | None:
        return self._first(_TAKEN, select(ReviewRow).where(ReviewRow.id == id, ReviewRow.cohort == cohort, _there))

    def add(self, taken: Assignment) -> Assignment:
        return _TAKEN.read(self._add(ReviewRow(**_columns(taken))))

    def change(self, taken: Assignment) -> None:
        self._change(ReviewRow, taken.id, **_columns(taken))

    def remove(self, id: int) -> None:
        # The row keeps its number: the anchor of a message and the subject of buttons.
        gone = {"answers": "", "reply": "", "why": "", "file": "", "useful": "", "points": None}
        self._change(ReviewRow, id, removed_at=self._now, **gone)

    def openings(self, cohort: int) -> Mapping[str, Opening]:
        return {one.review: one for one in _OPENINGS.all(self._session, cohort=cohort)}

    def keep_opening(self, cohort: int, opening: Opening) -> None:
        self._put(ReviewOpeningRow(cohort=cohort, **_OPENING.columns(opening)))

    def consents(self, cohort: int, people: Collection[int] | None = None) -> Sequence[Consent]:
        return _CONSENTS.about(self._session, people, cohort=cohort)

    def keep_consent(self, cohort: int, consent: Consent) -> None:
        self._put(ReviewConsentRow(cohort=cohort, **_CONSENT.columns(consent)))

    def drop_consent(self, cohort: int, work: str) -> None:
        self._delete(ReviewConsentRow, ReviewConsentRow.cohort == cohort, ReviewConsentRow.work == work)

    def copy(self, cohort: int, work: str) -> Copy | None:
        return self._get(_COPY, (cohort, work))

    def copies(self, cohort: int, people: Collection[int]) -> Sequence[Copy]:
        return _COPIES.about(self._session, people, cohort=cohort)

    def keep_copy(self, cohort: int, copy: Copy) -> None:
        self._put(ReviewCopyRow(cohort=cohort, **{**_COPY.columns(copy), "file": str(copy.file or "")}))

    def drop_copy(self, cohort: int, work: str) -> None:
        self._delete(ReviewCopyRow, ReviewCopyRow.cohort == cohort, ReviewCopyRow.work == work)


def _columns(taken: Assignment) -> dict[str, Any]:
    return {
        **_TAKEN.columns(taken),
        "file": str(taken.file or ""),
        "answers": json.dumps(taken.answers, ensure_ascii=False) if taken.answers else "",
    }
